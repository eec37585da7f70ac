using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>What <see cref="ChangeCommand"/> does with each delivery that is meant.</summary>
internal interface IDeliveryAction
{
    /// <summary>What then holds of it: "pending again".</summary>
    string Outcome { get; }

    Task<AdminResult<ChangeResult>> ApplyAsync(IOutboxAdmin admin, long deliveryId, bool dryRun, CancellationToken cancellationToken);

    Task<AdminResult<BulkResult>> ApplyAsync(IOutboxAdmin admin, BulkRequest request, CancellationToken cancellationToken);
}
