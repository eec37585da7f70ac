using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Admin;

internal sealed class DiscardChange : IDeliveryAction
{
    public string Outcome => "discarded";

    public Task<AdminResult<ChangeResult>> ApplyAsync(IOutboxAdmin admin, long deliveryId, bool dryRun, CancellationToken cancellationToken) => admin.DiscardAsync(deliveryId, dryRun, cancellationToken);

    public Task<AdminResult<BulkResult>> ApplyAsync(IOutboxAdmin admin, BulkRequest request, CancellationToken cancellationToken) => admin.DiscardAsync(request, cancellationToken);
}
