namespace DefectNotifier.Delivery;

/// <summary>How a look for a message ended.</summary>
public enum LookupStatus
{
    /// <summary>It was posted.</summary>
    Found,

    /// <summary>It was not posted.</summary>
    NotFound,

    /// <summary>It can't be known here: the right to read is missing, or too much was posted since.</summary>
    Impossible,

    /// <summary>Not now: the chat is in trouble or asked to wait.</summary>
    Failed,
}
