using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The status without the service, from the outbox and the settings.</summary>
/// <param name="outbox">The outbox.</param>
/// <param name="access">The settings.</param>
/// <param name="types">The destination types.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalStatus(IOutboxView outbox, AccessSettings access, IReadOnlyList<IDestinationType> types, TimeProvider time)
{
    /// <summary>
    /// A lane that a node has claimed is as stored; every other one is stopped, and the reason is why it was last parked or held back.
    /// </summary>
    public async Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken)
    {
        var saved = await outbox.ReadLanesAsync(cancellationToken);
        var backlog = await outbox.ReadBacklogAsync(cancellationToken);
        var deferred = await outbox.ReadDeferredAsync(cancellationToken);
        var roster = await outbox.ReadRosterAsync(cancellationToken);
        // The built-in destination is shown only when the outbox has it: the settings file may have been deleted or be elsewhere.
        var isSandbox = SettingsReader.IsSandbox(access.Settings);
        var names = isSandbox ? [] : access.Settings.Destinations.Select(destination => destination.Name);
        // While the settings have errors, a destination that is missing may be configured.
        if (isSandbox || access.HasErrors)
            names = names.Concat(backlog.Select(one => one.Destination)).Concat(saved.Select(lane => lane.Destination));
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(ToStatus)];

        LaneStatus ToStatus(string name)
        {
            var lane = saved.FirstOrDefault(one => IsSame(one.Destination, name));
            var pending = backlog.FirstOrDefault(one => IsSame(one.Destination, name));
            var later = deferred.FirstOrDefault(one => IsSame(one.Destination, name));
            var status = new LaneStatus(
                name,
                LaneActivity.Stopped,
                lane is { IsParked: true } ? lane.ParkedReason : lane?.WaitReason,
                Until: null,
                pending?.Waiting ?? 0,
                pending?.OldestReceivedAt)
            { Deferred = later?.Count ?? 0, DeferredUntil = later?.NextDueAt };
            var holder = roster.OtherHolderOf(name);
            return holder is null ? status : status.As(lane, time.GetUtcNow()) with { Node = holder.Name };
        }
    }

    /// <param name="isInUse">True when another process uses the outbox.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ServiceStatus> ReadAsync(bool isInUse, CancellationToken cancellationToken)
    {
        var (now, lanes) = (time.GetUtcNow(), await ReadLanesAsync(cancellationToken));
        var backlog = await outbox.ReadBacklogAsync(cancellationToken);
        var nodes = (await outbox.ReadRosterAsync(cancellationToken)).Nodes;
        return StatusReport.Of(new StatusFacts
        {
            Ready = new ReadyReport(
                isInUse || nodes.Count > 0 ? StatusFacts.Unreachable : StatusFacts.Stopped,
                ReadyReport.Writable,
                Problems: [],
                lanes,
                backlog.Where(one => !lanes.Any(lane => IsSame(lane.Destination, one.Destination)))
                    .ToDictionary(one => one.Destination, one => one.Waiting),
                new ConfigurationReport("", now, RejectedAt: null, Rejected: [], BrokenTemplates: [], WaitsForRestart: []),
                Qase: []),
            Destinations = [.. lanes.Select(lane => Describe(lane.Destination))],
            Failed = await outbox.ReadFailedAsync(cancellationToken),
            Unrouted = await outbox.ReadUnroutedAsync(now - StatusReader.UnroutedFor, cancellationToken),
            Silences = await outbox.ReadSilencesAsync(now, cancellationToken),
            Outbox = OutboxEngine.NameOf(access.Settings),
            At = now,
            Nodes = nodes,
        }) with
        { HasNoNode = nodes.Count == 0 && OutboxEngine.IsShared(access.Settings) };
    }

    private DestinationFacts Describe(string name)
    {
        var known = access.Settings.FindDestination(name);
        return new DestinationFacts(
            known ?? new DestinationOptions { Name = name, Type = DestinationFacts.Unknown },
            types.FirstOrDefault(type => type.Name == known?.Type)?.PlatformOf(known!),
            PerSecond: null,
            LastHour: null,
            Failure: null);
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
