using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>Decides what needs a person, and what that person has to do.</summary>
internal static class StatusNeeds
{
    /// <summary>A destination that has failed for this long needs a person, although it is retried.</summary>
    private static readonly TimeSpan FailingFor = TimeSpan.FromMinutes(15);

    /// <summary>The most urgent first.</summary>
    public static IEnumerable<StatusItem> Of(StatusFacts facts, IReadOnlyList<DestinationStatus> destinations)
    {
        var ready = facts.Ready;
        if (ready.Status == StatusFacts.Stopped)
        {
            yield return new StatusItem(StatusKinds.Service, "The service is not running", "Start it.")
            {
                Count = ready.Lanes.Sum(lane => lane.Waiting),
            };
        }
        else if (ready.Status == StatusFacts.Unreachable && facts.Nodes.Count > 0)
        {
            yield return new StatusItem(
                StatusKinds.Service,
                "The service of this machine does not respond; the outbox is used by "
                + string.Join(", ", facts.Nodes.Select(node => node.Name)),
                "Start the service of this machine. If it runs, check Operations:Url, or pass its settings with --config.")
            { Count = ready.Lanes.Sum(lane => lane.Waiting) };
        }
        else if (ready.Status == StatusFacts.Unreachable)
        {
            yield return new StatusItem(
                StatusKinds.Service,
                "A process uses the outbox, but the service can't be asked",
                "Check Operations:Url, or pass the settings of the service with --config.")
            { Count = ready.Lanes.Sum(lane => lane.Waiting) };
        }
        else if (ready.Store != ReadyReport.Writable)
        {
            yield return new StatusItem(
                StatusKinds.Store,
                "The service can't store events now",
                facts.Nodes.Count > 0
                    ? "Start the database, or check the network to it. Everything goes on by itself."
                    : "Free space on the outbox's disk, or restore its file. Qase sends the webhooks again.")
            { Detail = ready.Store, Since = ready.Problems.FirstOrDefault(problem => problem.Part == HealthPart.Store.Name)?.Since };
        }

        // Named above already, also where another part has the same cause.
        var isStoreNamed = ready.Store != ReadyReport.Writable;
        bool IsNamed(HealthProblem problem) =>
            isStoreNamed && (problem.Part == HealthPart.Store.Name || problem.Detail == ready.Store);

        foreach (var problem in ready.Problems.Where(problem => !IsNamed(problem)))
        {
            // The detail of a problem of the nodes says what to do.
            var (title, advice) = problem.Part == HealthPart.Nodes.Name
                ? ("The nodes have a problem", "Events are still accepted, and sent by the nodes that work.")
                : ($"{Capital(problem.Part)} does not work", "See the log for the cause.");
            yield return new StatusItem(StatusKinds.Problem, title, advice) { Detail = problem.Detail, Since = problem.Since };
        }

        foreach (var one in destinations)
            if (NeedOf(one, facts) is { } need) yield return need;
        foreach (var state in (DeliveryState[])[DeliveryState.Held, DeliveryState.Dead])
            foreach (var failed in (facts.Failed ?? []).Where(failed => failed.State == state)) yield return FailedNeed(failed, facts);
        foreach (var (name, count) in ready.WithoutDestination)
        {
            yield return new StatusItem(
                StatusKinds.NoDestination,
                $"{StatusReport.Messages(count)} {(count == 1 ? "waits" : "wait")} for {name}, which is not configured",
                "Configure the destination again, or discard them.")
            { Destination = name, Count = count };
        }

        foreach (var need in ConfigurationNeeds(ready.Configuration)) yield return need;
        foreach (var account in ready.Qase.Where(account => account.State == QaseAccountState.Stopped))
        {
            yield return new StatusItem(
                StatusKinds.Qase, $"Qase's API rejects the token of {account.Account}", "Create a new token and change Qase:Token.")
            { Detail = "Messages have no names and details from Qase." };
        }
    }

    /// <summary>True when the last attempt failed, and the next one follows by itself.</summary>
    public static bool IsFailing(DestinationStatus one) => one.State == LaneActivity.Waiting && IsFailure(one.Reason);

    /// <summary>A failure that is too short to need a person; null: there is none.</summary>
    public static StatusItem? FailureOf(DestinationStatus one, StatusFacts facts) =>
        IsFailing(one) && NeedOf(one, facts) is null
            ? Complete(
                new StatusItem(StatusKinds.Failing, $"Nothing reaches {one.Name} now{Because(one)}", "It is retried by itself."),
                one,
                facts)
            : null;

    private static string Because(DestinationStatus one) => one.Meaning is null ? "" : $": {one.Meaning}";

    private static StatusItem? NeedOf(DestinationStatus one, StatusFacts facts)
    {
        var because = Because(one);
        var age = facts.At - one.OldestReceivedAt;
        var item = one.State switch
        {
            LaneActivity.Parked => new StatusItem(
                StatusKinds.Parked, $"Nothing reaches {one.Name}{because}", one.Advice),
            LaneActivity.Stopped when !facts.IsFromFile => new StatusItem(
                StatusKinds.LaneStopped, $"{one.Name} has stopped", "Restart the service and report the error in its log."),
            LaneActivity.Waiting when age > FailingFor && IsFailing(one) => new StatusItem(
                StatusKinds.Failing,
                $"Nothing has reached {one.Name} for {age.Value.TotalMinutes:0} min{because}",
                one.Advice ?? "It is retried; check whether the chat has an outage."),
            _ => null,
        };
        return item is null ? null : Complete(item, one, facts);
    }

    private static StatusItem Complete(StatusItem item, DestinationStatus one, StatusFacts facts) => item with
    {
        Destination = one.Name,
        Reason = one.Reason,
        Count = one.Waiting,
        Since = one.OldestReceivedAt,
        NextAttempt = one.Until,
        Detail = DetailOf(facts.Destinations.First(known => known.Options.Name == one.Name).Failure, one.Reason, one.Name, facts),
    };

    // With these reasons, the detail is the chat's own word; with others it may be this service's.
    private static string? DetailOf(string? detail, SendReason? reason, string destination, StatusFacts facts)
    {
        var isAnswer = reason is SendReason.BadCredentials or SendReason.MissingPermission or SendReason.ChannelNotFound
            or SendReason.ChannelArchived or SendReason.ChannelRestricted or SendReason.HookGone or SendReason.FlowDisabled
            or SendReason.BadAddress or SendReason.ServiceUnavailable or SendReason.ServerError or SendReason.UnknownError
            or SendReason.WorkspaceBusy;
        if (detail is null || !isAnswer) return detail;
        var platform = facts.Destinations.FirstOrDefault(
            one => string.Equals(one.Options.Name, destination, StringComparison.OrdinalIgnoreCase))?.Platform;
        return $"{platform?.Title() ?? "The chat"} answered {detail}";
    }

    // A rate limit is no failure: the backlog gets shorter.
    private static bool IsFailure(SendReason? reason) => reason is not (null or SendReason.RateLimit or SendReason.RateLimited);

    private static StatusItem FailedNeed(FailedCount failed, StatusFacts facts)
    {
        var (newest, isHeld) = (failed.Newest, failed.State == DeliveryState.Held);
        var what = isHeld ? "held for manual review" : "not delivered";
        var meaning = newest.Reason is { } reason ? $": {reason.Meaning()}" : "";
        var title = failed.Count == 1
            ? $"A message to {failed.Destination} was {what}{meaning}"
            : $"{StatusReport.Messages(failed.Count)} to {failed.Destination} were {what}; the latest{meaning}";
        var advice = isHeld ? DeliveryAdvice.OnHeld(newest.Reason) : DeliveryAdvice.OnDead(newest.Reason);
        return new StatusItem(isHeld ? StatusKinds.Held : StatusKinds.Dead, title, advice)
        {
            Detail = DetailOf(newest.Detail, newest.Reason, failed.Destination, facts),
            Destination = failed.Destination,
            ProjectCode = newest.ProjectCode,
            Reason = newest.Reason,
            Count = failed.Count,
            Since = newest.EndedAt,
            EventId = failed.Count == 1 ? newest.EventId : null,
            DeliveryId = failed.Count == 1 ? newest.Id : null,
        };
    }

    private static IEnumerable<StatusItem> ConfigurationNeeds(ConfigurationReport configuration)
    {
        if (configuration.RejectedAt is { } at)
        {
            yield return new StatusItem(
                StatusKinds.Configuration, "Changed settings have errors; the earlier ones are active", "Run check, and fix what it names.")
            { Detail = string.Join(", ", configuration.Rejected), Since = at };
        }

        if (configuration.BrokenTemplates.Count > 0)
        {
            yield return new StatusItem(
                StatusKinds.Template,
                configuration.BrokenTemplates.Count == 1
                    ? "A template file has an error and is not used"
                    : $"{configuration.BrokenTemplates.Count} template files have errors and are not used",
                "Fix it; check shows what is wrong. Until then its last good version is used, or the next template.")
            { Detail = string.Join(", ", configuration.BrokenTemplates) };
        }
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
