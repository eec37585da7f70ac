namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The outbox for operators: what happened to every event, and decisions about deliveries that failed. An implementation is an
/// <see cref="IOutbox"/>, too, and passes the same contract suite. Members throw <see cref="OutboxUnavailableException"/> when the store
/// can't be used now.
/// </summary>
public interface IOutboxHistory
{
    /// <summary>Stored events, newest first, with their decisions, deliveries and attempts.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Short forms of events, newest first. A page may contain fewer than requested, even none, although there are more: see
    /// <see cref="EventSummaryPage.Next"/>.
    /// </summary>
    Task<EventSummaryPage> ReadSummariesAsync(EventSummaryQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Deliveries, newest first. A page may contain fewer than requested, even none, although there are more: see
    /// <see cref="DeliveryPage.Next"/>.
    /// </summary>
    Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken);

    /// <summary>A delivery in any state, as a lane reads a pending one; null: there is none.</summary>
    Task<PendingDelivery?> ReadDeliveryAsync(long deliveryId, CancellationToken cancellationToken);

    /// <summary>The JSON that was, or would have been, sent; null when none is stored.</summary>
    Task<byte[]?> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a delivery that is dead, held or discarded pending again and adds that to its history. It keeps its id, and therefore its
    /// place in the order. Its age counts from its next attempt. Of several concurrent calls one succeeds; the others find it pending.
    /// </summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="asRendered">
    /// True: the stored message is sent as it is; without one nothing is done. False: the event is rendered again.
    /// </param>
    /// <param name="at">When it was asked for.</param>
    /// <param name="by">The operator's name; null: not known.</param>
    Task<DeliveryChange> RetryAsync(long deliveryId, bool asRendered, DateTimeOffset at, string? by = null);

    /// <summary>Discards a delivery, so that it is never sent, and adds that to its history.</summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="alsoPending">
    /// True: a pending one may be discarded, too, because its destination was removed. A lane that is claimed may be sending it, so then it
    /// is not discarded.
    /// </param>
    /// <param name="at">When it was asked for.</param>
    /// <param name="by">The operator's name; null: not known.</param>
    Task<DeliveryChange> DiscardAsync(long deliveryId, bool alsoPending, DateTimeOffset at, string? by = null);

    /// <summary>The saved states of lanes, by name; a lane that never saved one is left out.</summary>
    Task<IReadOnlyList<LaneState>> ReadLanesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes a parked destination try again now; a wait that the chat asked for is kept. False: it is not parked, and nothing was done.
    /// </summary>
    Task<bool> ResumeAsync(string destination);
}
