using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>Reports whether the service can store and deliver events now, and the state of everything else.</summary>
internal sealed class Readiness(
    StoreWatch store, ServiceHealth health, Enricher enricher, CurrentConfiguration current, Reloader reloader)
{
    /// <param name="maxAge">How old the last trial write may be.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<ReadyReport> CheckAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var storeError = await store.CheckAsync(maxAge, cancellationToken);
        var (lanes, problems, reload, qase) = (store.Lanes, health.Problems, reloader.State, enricher.Statuses);
        var orphans = OrphansOf(lanes);
        // A parked destination is only "degraded": "unavailable" takes the node out of rotation, and webhooks would be lost.
        // One of another node is that node's.
        var isSound = problems.Count == 0 && orphans.Count == 0 && !reload.HasErrors
            && lanes.All(lane => lane.State != LaneActivity.Parked || lane.Node is not null)
            && qase.All(account => account.State != QaseAccountState.Stopped);
        return new ReadyReport(
            !store.IsReady ? "unavailable" : isSound ? "ready" : "degraded",
            storeError ?? ReadyReport.Writable,
            problems,
            lanes,
            orphans,
            ConfigurationReport.Of(current.Value, reload),
            qase);
    }

    private Dictionary<string, long> OrphansOf(IReadOnlyList<LaneStatus> lanes)
    {
        var known = lanes.Select(lane => lane.Destination).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return (store.Backlog?.Values ?? []).Where(backlog => !known.Contains(backlog.Destination))
            .ToDictionary(backlog => backlog.Destination, backlog => backlog.Waiting);
    }
}
