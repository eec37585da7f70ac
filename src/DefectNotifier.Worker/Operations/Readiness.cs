using DefectNotifier.Delivery;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Operations;

/// <summary>Finds out whether the store can be written and the lanes run.</summary>
internal sealed class Readiness(IOutbox outbox, LaneHost lanes, Enricher enricher, CurrentConfiguration current, Reloader reloader, TimeProvider time)
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    public async Task<ReadyReport> AskAsync(CancellationToken cancellationToken)
    {
        var statuses = lanes.Statuses;
        var store = await ProbeAsync(cancellationToken);
        var orphans = store is null ? await OrphansAsync(statuses, cancellationToken) : [];
        var isUp = store is null && statuses.All(lane => lane.State != "stopped");
        // A parked destination must not take the ingress out of service: then its events would be lost at the door.
        var reload = reloader.State;
        var qase = enricher.Statuses;
        var isWhole = orphans.Count == 0 && !reload.HasErrors && statuses.All(lane => lane.State != "parked") && qase.All(account => account.State != "stopped");
        return new ReadyReport(!isUp ? "unavailable" : isWhole ? "ready" : "degraded", store ?? "writable", statuses, orphans, ConfigurationReport.Of(current.Value, reload), qase);
    }

    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await outbox.ProbeAsync(cancellationToken).WaitAsync(ProbeLimit, time, cancellationToken);
            return null;
        }
        catch (OutboxUnavailableException error)
        {
            return error.Message;
        }
        catch (TimeoutException)
        {
            return "the store does not response";
        }
    }

    private async Task<Dictionary<string, long>> OrphansAsync(IReadOnlyList<LaneStatus> statuses, CancellationToken cancellationToken)
    {
        var known = statuses.Select(lane => lane.Destination).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var backlogs = await outbox.ReadBacklogAsync(cancellationToken);
        return backlogs.Where(backlog => !known.Contains(backlog.Destination)).ToDictionary(backlog => backlog.Destination, backlog => backlog.Waiting);
    }
}
