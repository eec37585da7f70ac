namespace DefectNotifier.Outbox.Contract;

/// <summary>The result of an append. Expected failures are values; only a bug throws.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="EventId">The id of the event; for a duplicate, that of the stored event; null when nothing is stored.</param>
/// <param name="Deliveries">How many deliveries the stored event has.</param>
/// <param name="Detail">Why the event was not stored, without any path or secret; null otherwise.</param>
public sealed record AppendResult(AppendStatus Status, string? EventId, int Deliveries, string? Detail = null);

public enum AppendStatus
{
    /// <summary>Committed and on disk.</summary>
    Accepted,

    /// <summary>An event with the same dedup key is stored already; nothing was written.</summary>
    Duplicate,

    /// <summary>Too many appends are waiting; nothing was written. Try again shortly.</summary>
    Busy,

    /// <summary>The store cannot be written (disk full, read-only, broken); nothing was written.</summary>
    Unavailable,
}
