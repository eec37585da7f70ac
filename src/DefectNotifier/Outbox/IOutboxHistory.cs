namespace DefectNotifier.Outbox;

/// <summary>
/// The operator's side of the outbox: what happened to every event, and the word of somebody who decides over deliveries that came to no good end.
/// Engine-free, as <see cref="IOutbox"/>; an implementation is both, and the same contract suite holds it. Members throw
/// <see cref="OutboxUnavailableException"/> when the store can't do it now.
/// </summary>
public interface IOutboxHistory
{
    /// <summary>Stored events, newest first, with their decisions, deliveries and attempts.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken);

    /// <summary>Deliveries, newest first. A page may hold fewer than were asked for, even none, and still say where to go on: see <see cref="DeliveryPage.Next"/>.</summary>
    Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken);

    /// <summary>The JSON that was, or would have been, sent; null when none is kept.</summary>
    Task<byte[]?> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a delivery that is dead, held or discarded pending again, with its id and so its old place in the order, and writes into its history that an
    /// operator asked for it. Its age counts from its next attempt. Of several calls at once one wins; the others find it pending.
    /// </summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="asRendered">True: what was kept goes out as it is, and nothing is done when nothing was kept. False: the event is rendered anew.</param>
    /// <param name="at">When it was asked for.</param>
    Task<DeliveryChange> RetryAsync(long deliveryId, bool asRendered, DateTimeOffset at);

    /// <summary>Decides that a delivery is never to be sent, and writes that into its history.</summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="alsoPending">True: one that is pending may be discarded too. Only right where no lane can be sending it: its destination is gone.</param>
    /// <param name="at">When it was asked for.</param>
    Task<DeliveryChange> DiscardAsync(long deliveryId, bool alsoPending, DateTimeOffset at);
}
