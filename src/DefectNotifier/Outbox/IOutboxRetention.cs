namespace DefectNotifier.Outbox;

/// <summary>
/// How an outbox forgets what has ended. Apart from <see cref="IOutbox"/>, because only one caller needs it; an implementation of both passes the contract suite.
/// Members throw <see cref="OutboxUnavailableException"/> when the store can't do it now.
/// </summary>
public interface IOutboxRetention
{
    /// <summary>Bytes that the stored data takes; what was given free and waits to be used again is left out.</summary>
    Task<long> ReadUsedBytesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Does one small step in one commit: the events that the request takes go, with their dedup keys, deliveries, attempts and kept messages. The step may end before
    /// <see cref="PruneRequest.Limit"/>, so that others never wait long for it.
    /// </summary>
    Task<PruneResult> PruneAsync(PruneRequest request);

    /// <summary>
    /// Does one small step in one commit over what is remembered of defects: what <see cref="PruneRequest.Forgets"/> takes goes.
    /// </summary>
    Task<PruneResult> PruneDefectsAsync(PruneRequest request);
}
