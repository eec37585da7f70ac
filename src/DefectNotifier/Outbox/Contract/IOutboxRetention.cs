namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Deletes events and defects that ended long ago. Separate from <see cref="IOutbox"/>, because only one caller needs it; an implementation
/// of both passes the contract suite. Members throw <see cref="OutboxUnavailableException"/> when the store can't be used now.
/// </summary>
public interface IOutboxRetention
{
    /// <summary>The bytes that the stored data takes, without free space inside the file.</summary>
    Task<long> ReadUsedBytesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="SaveClockAsync"/> saved last; without that, when the newest event arrived; null: nothing is stored.
    /// </summary>
    Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken);

    /// <summary>Saves the time of a clock that is trusted, so that the next run can compare its own with it.</summary>
    Task SaveClockAsync(DateTimeOffset now);

    /// <summary>
    /// Does one small step in one commit: deletes the events that the request takes, with their dedup keys, deliveries, attempts and stored
    /// messages. A step may end before <see cref="PruneRequest.Limit"/>, so that others never wait long for it.
    /// </summary>
    Task<PruneResult> PruneAsync(PruneRequest request);

    /// <summary>
    /// Does one small step in one commit: deletes the defects that <see cref="PruneRequest.Forgets"/> selects.
    /// </summary>
    Task<PruneResult> PruneDefectsAsync(PruneRequest request);
}
