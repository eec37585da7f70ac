using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>What <see cref="ChangeCommand"/> does to each delivery.</summary>
internal interface IDeliveryAction
{
    /// <summary>The delivery's state afterwards, as part of a message: "pending again".</summary>
    string Outcome { get; }

    Task<AdminResult<ChangeResult>> ApplyAsync(IOutboxAdmin admin, long deliveryId, bool dryRun, CancellationToken cancellationToken);

    Task<AdminResult<BulkResult>> ApplyAsync(IOutboxAdmin admin, BulkRequest request, CancellationToken cancellationToken);
}

internal sealed class RetryAction(bool asRendered) : IDeliveryAction
{
    public string Outcome => asRendered ? "pending again, with the stored message" : "pending again, and will be rendered again";

    public Task<AdminResult<ChangeResult>> ApplyAsync(
        IOutboxAdmin admin, long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        admin.RetryAsync(deliveryId, asRendered, dryRun, cancellationToken);

    public Task<AdminResult<BulkResult>> ApplyAsync(IOutboxAdmin admin, BulkRequest request, CancellationToken cancellationToken) =>
        admin.RetryAsync(request with { Rendered = asRendered }, cancellationToken);
}

internal sealed class DiscardAction : IDeliveryAction
{
    public string Outcome => "discarded";

    public Task<AdminResult<ChangeResult>> ApplyAsync(
        IOutboxAdmin admin, long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        admin.DiscardAsync(deliveryId, dryRun, cancellationToken);

    public Task<AdminResult<BulkResult>> ApplyAsync(IOutboxAdmin admin, BulkRequest request, CancellationToken cancellationToken) =>
        admin.DiscardAsync(request, cancellationToken);
}
