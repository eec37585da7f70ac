using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Operations;

/// <summary>Checks whether the store can be written and the lanes run.</summary>
internal sealed class Readiness(
    IOutbox outbox, LaneHost lanes, Enricher enricher, CurrentConfiguration current, Reloader reloader, TimeProvider time)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    public async Task<ReadyReport> CheckAsync(CancellationToken cancellationToken)
    {
        var statuses = lanes.Statuses;
        var storeError = await ProbeAsync(cancellationToken);
        var orphans = storeError is null ? await ReadOrphansAsync(statuses, cancellationToken) : [];
        var (reload, qase) = (reloader.State, enricher.Statuses);
        var isAvailable = storeError is null && statuses.All(lane => lane.State != LaneActivity.Stopped);
        // A parked destination is only "degraded": "unavailable" takes the node out of rotation, and webhooks would be lost.
        var isReady = orphans.Count == 0 && !reload.HasErrors
            && statuses.All(lane => lane.State != LaneActivity.Parked) && qase.All(account => account.State != QaseAccountState.Stopped);
        return new ReadyReport(
            !isAvailable ? "unavailable" : isReady ? "ready" : "degraded",
            storeError ?? "writable",
            statuses,
            orphans,
            ConfigurationReport.Of(current.Value, reload),
            qase);
    }

    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await outbox.ProbeAsync(cancellationToken).WaitAsync(ProbeTimeout, time, cancellationToken);
            return null;
        }
        catch (OutboxUnavailableException error)
        {
            return error.Message;
        }
        catch (TimeoutException)
        {
            return $"the store does not respond within {ProbeTimeout.TotalSeconds:0} s";
        }
    }

    private async Task<Dictionary<string, long>> ReadOrphansAsync(IReadOnlyList<LaneStatus> statuses, CancellationToken cancellationToken)
    {
        var known = statuses.Select(lane => lane.Destination).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var backlogs = await outbox.ReadBacklogAsync(cancellationToken);
        return backlogs.Where(backlog => !known.Contains(backlog.Destination))
            .ToDictionary(backlog => backlog.Destination, backlog => backlog.Waiting);
    }
}
