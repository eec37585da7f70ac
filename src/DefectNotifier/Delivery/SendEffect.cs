namespace DefectNotifier.Delivery;

/// <summary>Whether an outcome is that of a request to the destination.</summary>
internal enum SendEffect
{
    /// <summary>Nothing was sent.</summary>
    None,

    /// <summary>The destination was asked to post.</summary>
    Sent,
}
