using DefectNotifier.Delivery;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// What an operator can ask of the outbox. The running service responses by its own store, a command by asking the service over HTTP or, when it does not
/// run, by opening the store.
/// </summary>
internal interface IOutboxAdmin
{
    Task<AdminResult<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken);

    Task<AdminResult<DeliveryTimeline>> FindAsync(long deliveryId, CancellationToken cancellationToken);

    Task<AdminResult<byte[]>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken);

    Task<AdminResult<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken);

    /// <summary>What keeps each destination from sending now.</summary>
    Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken);

    Task<AdminResult<ChangeResult>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken);

    Task<AdminResult<ChangeResult>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken);

    /// <summary>All that a filter finds, the oldest first; a thousand at a time.</summary>
    Task<AdminResult<BulkResult>> RetryAsync(BulkRequest request, CancellationToken cancellationToken);

    /// <summary>All that a filter finds, the oldest first; a thousand at a time.</summary>
    Task<AdminResult<BulkResult>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken);

    Task<AdminResult<ResumeResponse>> ResumeAsync(string destination, CancellationToken cancellationToken);
}
