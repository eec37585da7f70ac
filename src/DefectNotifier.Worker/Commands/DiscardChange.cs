using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

internal sealed class DiscardChange : IDeskChange
{
    public string Outcome => "discarded";

    public Task<DeskAnswer<ChangeAnswer>> ApplyAsync(IDesk desk, long deliveryId, bool dryRun, CancellationToken cancellationToken) => desk.DiscardAsync(deliveryId, dryRun, cancellationToken);

    public Task<DeskAnswer<BulkAnswer>> ApplyAsync(IDesk desk, BulkRequest request, CancellationToken cancellationToken) => desk.DiscardAsync(request, cancellationToken);
}
