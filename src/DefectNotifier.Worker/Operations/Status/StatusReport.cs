using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>Everything that was read for a status.</summary>
internal sealed record StatusFacts
{
    /// <summary>
    /// Health, lanes and configuration; its status is <see cref="Stopped"/> or <see cref="Unreachable"/> when a command read the file.
    /// </summary>
    public required ReadyReport Ready { get; init; }

    public required IReadOnlyList<DestinationFacts> Destinations { get; init; }

    /// <summary>Null: the outbox can't be read.</summary>
    public required IReadOnlyList<FailedCount>? Failed { get; init; }

    public required IReadOnlyList<UnroutedCount> Unrouted { get; init; }

    public required IReadOnlyList<Silence> Silences { get; init; }

    public required string Outbox { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The nodes that share the outbox.</summary>
    public IReadOnlyList<NodeStatus> Nodes { get; init; } = [];

    /// <summary>The word for a service that does not run.</summary>
    public const string Stopped = "stopped";

    /// <summary>The word for a service that seems to run, because a process uses the outbox, but can't be asked.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>True when a command read the file, because the service did not respond.</summary>
    public bool IsFromFile => Ready.Status is Stopped or Unreachable;
}

/// <summary>A destination that is configured, or that the outbox has while the settings can't be read.</summary>
/// <param name="Options">Its settings.</param>
/// <param name="Platform">Its platform; null: not known.</param>
/// <param name="PerSecond">Messages per second in the long run; null: no limit.</param>
/// <param name="LastHour">What it sent; null: no service runs.</param>
/// <param name="Failure">What the chat responded to the last attempt, when that failed.</param>
internal sealed record DestinationFacts(
    DestinationOptions Options, ChatPlatform? Platform, double? PerSecond, LastHour? LastHour, string? Failure)
{
    /// <summary>The word for a type or a platform that is not known.</summary>
    public const string Unknown = "unknown";
}

/// <summary>Makes a status from what was read. Pure: the same facts make the same status.</summary>
internal static class StatusReport
{
    /// <summary>From this many pending deliveries on, the status says when they will be sent.</summary>
    private const long ManyWaiting = 20;

    private const int RateMinutes = 3;

    private static readonly string Version = typeof(StatusReport).Assembly.GetName().Version?.ToString(3) ?? "";

    public static ServiceStatus Of(StatusFacts facts)
    {
        var destinations = facts.Destinations.Select(one => Describe(one, facts)).ToList();
        var needs = StatusNeeds.Of(facts, destinations).ToList();
        var concerned = needs.Select(need => need.Destination).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new ServiceStatus(
            facts.Ready.Status,
            HeadlineOf(facts, needs, destinations),
            Version,
            facts.At,
            facts.StartedAt,
            facts.Ready.Store,
            facts.Outbox,
            needs,
            [.. NotesOf(facts, destinations)],
            // OrderBy keeps the order of the configuration within each group.
            [.. destinations.OrderBy(one => concerned.Contains(one.Name) ? 0 : one.State == LaneActivity.Waiting ? 1 : 2)],
            CountOf(facts.Failed, DeliveryState.Dead),
            CountOf(facts.Failed, DeliveryState.Held),
            facts.Unrouted,
            facts.IsFromFile ? null : facts.Ready.Configuration,
            facts.Ready.Qase,
            facts.Ready.Problems,
            facts.Silences)
        { Nodes = facts.Nodes };
    }

    private static DestinationStatus Describe(DestinationFacts one, StatusFacts facts)
    {
        var (options, name) = (one.Options, one.Options.Name);
        var lane = facts.Ready.Lanes.FirstOrDefault(lane => IsSame(lane.Destination, name))
            ?? new LaneStatus(name, LaneActivity.Stopped, Reason: null, Until: null, Waiting: null, OldestReceivedAt: null);
        return new DestinationStatus(
            name,
            options.Type,
            one.Platform?.Word() ?? DestinationFacts.Unknown,
            options.Channel,
            lane.State,
            lane.Reason,
            lane.Reason?.Meaning(),
            DeliveryAdvice.OnLane(lane, options),
            lane.Until,
            lane.Waiting,
            lane.OldestReceivedAt,
            lane.Deferred,
            lane.DeferredUntil,
            CountOf(facts.Failed?.Where(failed => IsSame(failed.Destination, name)), DeliveryState.Dead),
            CountOf(facts.Failed?.Where(failed => IsSame(failed.Destination, name)), DeliveryState.Held),
            one.PerSecond,
            CaughtUpAt(lane, one, facts.At),
            one.LastHour?.Sent,
            one.LastHour?.Failed,
            one.LastHour?.Waiting,
            one.LastHour?.Last)
        { Node = lane.Node };
    }

    // At the rate of the last minutes, or at the rate limit when nothing was sent in them.
    private static DateTimeOffset? CaughtUpAt(LaneStatus lane, DestinationFacts one, DateTimeOffset now)
    {
        if (lane is not { Waiting: > 0 and var waiting, State: LaneActivity.Running or LaneActivity.Waiting } || one.LastHour is null)
            return null;
        var sent = one.LastHour.Sent.Skip(DestinationActivity.Minutes - RateMinutes - 1).Take(RateMinutes).Sum() / (60.0 * RateMinutes);
        var perSecond = sent > 0 ? sent : one.PerSecond;
        return perSecond is > 0 and var rate ? (lane.Until > now ? lane.Until.Value : now).AddSeconds(waiting / rate) : null;
    }

    private static IEnumerable<StatusItem> NotesOf(StatusFacts facts, IReadOnlyList<DestinationStatus> destinations)
    {
        foreach (var one in destinations)
            if (StatusNeeds.FailureOf(one, facts) is { } failure) yield return failure;
        foreach (var one in destinations.Where(one => one.CaughtUpAt is not null && one.Waiting >= ManyWaiting))
        {
            yield return new StatusItem(
                StatusKinds.Storm,
                $"{one.Name} is {one.Waiting} messages behind",
                "Nothing to do: they are sent as fast as the destination's rate limit allows.")
            {
                Destination = one.Name,
                Reason = one.Reason,
                Count = one.Waiting,
                Since = one.OldestReceivedAt,
                NextAttempt = one.CaughtUpAt,
            };
        }

        foreach (var unrouted in facts.Unrouted)
        {
            var project = unrouted.ProjectCode is { } code ? $"project {code}" : "no project";
            yield return new StatusItem(
                StatusKinds.Unrouted,
                $"No route took {Plural(unrouted.Count, "event")} of {project} in the last day",
                "They are not sent later. For the next ones, add a route, or remove the webhook in Qase.")
            {
                ProjectCode = unrouted.ProjectCode,
                Count = unrouted.Count,
                Since = unrouted.LastAt,
                EventId = unrouted.LastEventId,
            };
        }

        foreach (var one in destinations.Where(one => one.Deferred > 0))
        {
            yield return new StatusItem(
                StatusKinds.Deferred,
                $"{Messages(one.Deferred!.Value)} to {one.Name} {(one.Deferred == 1 ? "is" : "are")} deferred by quiet hours or a silence",
                Advice: null)
            { Destination = one.Name, Count = one.Deferred, NextAttempt = one.DeferredUntil };
        }

        if (facts.Ready.Configuration.WaitsForRestart is { Count: > 0 } waiting)
        {
            yield return new StatusItem(StatusKinds.Restart, "Changed settings take effect after a restart", "Restart the service.")
            {
                Detail = string.Join(", ", waiting),
            };
        }
    }

    private static string HeadlineOf(StatusFacts facts, List<StatusItem> needs, List<DestinationStatus> destinations) => needs switch
    {
        [{ Kind: StatusKinds.Service, Count: > 0 and var count, Title: var title }, ..] =>
            $"{title}; {Messages(count)} {(count == 1 ? "waits" : "wait")}.",
        [{ Kind: StatusKinds.Service or StatusKinds.Store, Title: var title }, ..] => $"{title}.",
        _ when facts.Ready.Status == "unavailable" => "The service can't deliver events now.",
        [_] => "1 thing needs a person.",
        [_, ..] => $"{needs.Count} things need a person.",
        _ => Working([.. destinations.Where(one => StatusNeeds.IsFailing(one)).Select(one => one.Name)], destinations),
    };

    private static string Working(List<string> failing, List<DestinationStatus> destinations) => failing switch
    {
        [_, ..] => $"{destinations.Count - failing.Count} of {Plural(destinations.Count, "destination")} work; "
            + $"{string.Join(", ", failing)} {(failing.Count == 1 ? "fails and is" : "fail and are")} retried.",
        _ => destinations.Count == 1 ? $"{destinations[0].Name} works." : $"All {destinations.Count} destinations work.",
    };

    private static long? CountOf(IEnumerable<FailedCount>? failed, DeliveryState state) =>
        failed?.Where(one => one.State == state).Sum(one => one.Count);

    /// <summary>For example "3 messages".</summary>
    public static string Messages(long count) => Plural(count, "message");

    private static string Plural(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
