namespace DefectNotifier.Outbox;

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Committed and on disk.</summary>
    Accepted,

    /// <summary>An event with the same dedup key is already there; nothing was written.</summary>
    Duplicate,

    /// <summary>More appends wait than the outbox takes; nothing was written. Try again shortly.</summary>
    Busy,

    /// <summary>The store refused (disk full, read-only, broken); nothing was written.</summary>
    Unavailable,
}
