using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Admin;

internal sealed class RetryChange(bool asRendered) : IDeliveryAction
{
    public string Outcome => asRendered ? "pending again, to go out as it was" : "pending again, to be rendered anew";

    public Task<AdminResult<ChangeResult>> ApplyAsync(IOutboxAdmin admin, long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        admin.RetryAsync(deliveryId, asRendered, dryRun, cancellationToken);

    public Task<AdminResult<BulkResult>> ApplyAsync(IOutboxAdmin admin, BulkRequest request, CancellationToken cancellationToken) =>
        admin.RetryAsync(request with { Rendered = asRendered }, cancellationToken);
}
