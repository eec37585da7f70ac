using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

internal sealed class RetryChange(bool asRendered) : IDeskChange
{
    public string Outcome => asRendered ? "pending again, to go out as it was" : "pending again, to be rendered anew";

    public Task<DeskAnswer<ChangeAnswer>> ApplyAsync(IDesk desk, long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        desk.RetryAsync(deliveryId, asRendered, dryRun, cancellationToken);

    public Task<DeskAnswer<BulkAnswer>> ApplyAsync(IDesk desk, BulkRequest request, CancellationToken cancellationToken) =>
        desk.RetryAsync(request with { Rendered = asRendered }, cancellationToken);
}
