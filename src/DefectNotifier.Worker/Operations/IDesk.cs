using DefectNotifier.Delivery;
using DefectNotifier.Outbox;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// What an operator can ask of the outbox. The running service answers by its own store, a command by asking the service over HTTP or, when it does not
/// run, by opening the store.
/// </summary>
internal interface IDesk
{
    Task<DeskAnswer<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken);

    Task<DeskAnswer<DeliveryStory>> FindAsync(long deliveryId, CancellationToken cancellationToken);

    Task<DeskAnswer<byte[]>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken);

    Task<DeskAnswer<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken);

    /// <summary>What keeps each destination from sending now.</summary>
    Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken);

    Task<DeskAnswer<ChangeAnswer>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken);

    Task<DeskAnswer<ChangeAnswer>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken);

    /// <summary>All that a filter finds, the oldest first; a thousand at a time.</summary>
    Task<DeskAnswer<BulkAnswer>> RetryAsync(BulkRequest request, CancellationToken cancellationToken);

    /// <summary>All that a filter finds, the oldest first; a thousand at a time.</summary>
    Task<DeskAnswer<BulkAnswer>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken);

    Task<DeskAnswer<ResumeAnswer>> ResumeAsync(string destination, CancellationToken cancellationToken);
}
