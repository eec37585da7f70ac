using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary>What <see cref="ChangeCommand"/> does with each delivery that is meant.</summary>
internal interface IDeskChange
{
    /// <summary>What then holds of it: "pending again".</summary>
    string Outcome { get; }

    Task<DeskAnswer<ChangeAnswer>> ApplyAsync(IDesk desk, long deliveryId, bool dryRun, CancellationToken cancellationToken);

    Task<DeskAnswer<BulkAnswer>> ApplyAsync(IDesk desk, BulkRequest request, CancellationToken cancellationToken);
}
