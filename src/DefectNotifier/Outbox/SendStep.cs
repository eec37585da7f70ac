namespace DefectNotifier.Outbox;

/// <summary>What an attempt at a delivery sends. The words are stored (see <see cref="SendSteps"/>): never change one.</summary>
public enum SendStep
{
    /// <summary>The event's own message.</summary>
    Message = 0,

    /// <summary>The message that stands for the event's defect, for the first time or in place of one that is gone.</summary>
    Root = 1,

    /// <summary>That message is brought up to date. It does no harm to do so twice.</summary>
    Update = 2,

    /// <summary>The event's own message, in the thread of that one.</summary>
    Reply = 3,
}
