namespace DefectNotifier.Delivery;

/// <summary>What follows when a message may have been posted and nobody can say whether it was.</summary>
public enum WhenUnsure
{
    /// <summary>Send it again, with a small line that says so: the channel may see it twice.</summary>
    Resend,

    /// <summary>Keep it for a person, who looks into the channel: it may never be seen.</summary>
    Hold,
}
