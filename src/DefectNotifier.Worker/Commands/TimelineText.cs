using DefectNotifier.Delivery;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands;

/// <summary>Tells what happened to an event or a delivery, in order, for somebody who asks why.</summary>
/// <param name="lanes">What keeps each destination of the settings from sending now.</param>
/// <param name="now">Now.</param>
internal sealed class TimelineText(IReadOnlyList<LaneStatus> lanes, DateTimeOffset now)
{
    private readonly List<TerminalLine> _lines = [];

    // Said once: the messages of an event are mostly rendered with what it was routed with.
    private string? _version;

    public IReadOnlyList<TerminalLine> Of(StoredEvent timeline)
    {
        _version = timeline.Decision.Version;
        TellEvent(timeline);
        Line("");
        TellRoutes(timeline);
        foreach (var delivery in timeline.Deliveries)
        {
            Line("");
            Tell(delivery, timeline.ReceivedAt, delivery.IsMessageKept);
        }

        return _lines;
    }

    public IReadOnlyList<TerminalLine> Of(DeliveryTimeline timeline)
    {
        var listed = timeline.Delivery;
        _version = timeline.Version;
        Line($"Event {listed.EventId}: {What(listed.EventName, listed.ProjectCode, listed.SubjectId)}", TerminalStyle.Heading);
        Line($"  received {Spans.Words(listed.ReceivedAt)}");
        if (_version is not null) Line($"  routed with configuration {_version}");
        Line("");
        var delivery = new StoredDelivery(
            listed.Id, listed.Destination, listed.State, listed.Attempts, listed.Reason, listed.Detail, timeline.Reference, listed.EndedAt, timeline.History)
        { Actions = timeline.Actions };
        Tell(delivery, listed.ReceivedAt, listed.IsMessageKept);
        return _lines;
    }

    private void TellEvent(StoredEvent timeline)
    {
        Line($"Event {timeline.Id}: {What(timeline.Name, timeline.ProjectCode, timeline.SubjectId)}", TerminalStyle.Heading);
        Line($"  received {Spans.Words(timeline.ReceivedAt)}{(timeline.Source.Length > 0 ? $" from {timeline.Source}" : "")}{(timeline.OccurredAt is { } at ? $", happened {Spans.Words(at)}" : "")}");
    }

    private void TellRoutes(StoredEvent timeline)
    {
        Line($"Routes{(_version is null ? "" : $" of configuration {_version}")}", TerminalStyle.Heading);
        var decision = timeline.Decision;
        foreach (var verdict in decision.Verdicts ?? [])
        {
            var where = verdict.Matched ? DestinationsOf(verdict.Route, decision) : "passed over";
            Line($"  {verdict.Route}: {where}: {verdict.Reason}", verdict.Matched ? Style.Plain : TerminalStyle.Subtle);
        }

        if (decision.IsOwnEvent) Line($"  none: the service itself sends it to {string.Join(", ", decision.Deliveries.Select(planned => planned.Destination))}");
        else if (decision.Verdicts is null) TellStoredRoutes(decision);
        if (decision.IsUnrouted) Line("  No route took it, so nothing is sent.");
    }

    private void TellStoredRoutes(RoutingDecision decision)
    {
        foreach (var route in decision.Routes) Line($"  {route}: {DestinationsOf(route, decision)}");
        Line("  The configuration has changed since, so the reasons are not shown.", TerminalStyle.Subtle);
    }

    // A destination that an earlier route named is listed there.
    private static string DestinationsOf(int route, RoutingDecision decision)
    {
        var to = decision.Deliveries.Where(planned => planned.Route == route).Select(planned => planned.Destination).ToList();
        return to.Count > 0 ? "to " + string.Join(", ", to) : "matched, nothing new";
    }

    private void Tell(StoredDelivery delivery, DateTimeOffset receivedAt, bool isMessageKept)
    {
        Line($"Delivery {delivery.Id} to {delivery.Destination}: {delivery.State}", TerminalStyle.OfState(delivery.State).Decoration(Decoration.Bold));
        TellHistory(delivery, receivedAt);
        foreach (var line in Outcome(delivery, receivedAt)) Line("  " + line, TerminalStyle.OfState(delivery.State));
        if (isMessageKept) Line($"  The message is kept: outbox show {delivery.Id} --message");
    }

    // Attempts and words as they came; between two of them what was waited for.
    private void TellHistory(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var words = new Queue<StoredAction>(delivery.Actions);
        var (last, why) = (receivedAt, (string?)null);
        foreach (var attempt in delivery.History)
        {
            while (words.TryPeek(out var word) && word.At <= attempt.StartedAt)
            {
                TellWord(words.Dequeue());
                (last, why) = (word.At, null);
            }

            TellWait(attempt.StartedAt - last, why);
            Tell(attempt);
            (last, why) = (attempt.EndedAt ?? attempt.StartedAt, attempt.Reason);
        }

        foreach (var word in words) TellWord(word);
    }

    private void TellWait(TimeSpan wait, string? why)
    {
        // What nobody would call a wait.
        if (wait >= TimeSpan.FromSeconds(1)) Line($"    waited {Spans.Words(wait)}{(why is null ? " for its turn" : $": {why}")}", TerminalStyle.Subtle);
    }

    private void Tell(StoredAttempt attempt)
    {
        Line($"  {Spans.Words(attempt.StartedAt)} attempt {attempt.Number}{WordsOf(attempt.Step)}: {(attempt.EndedAt is { } end ? $"{attempt.Outcome}, {attempt.Reason}, after {Spans.Words(end - attempt.StartedAt)}" : "under way")}", TerminalStyle.OfState(attempt.Outcome));
        if (attempt.Detail is { } detail) Line($"    response: {detail}");
        if (attempt.Version is { } version && version != _version) Line($"    rendered with configuration {version}");
    }

    private static string WordsOf(string? step) => step switch
    {
        "root" => ", the defect's message",
        SendSteps.Update => ", changing the defect's message",
        "reply" => ", in its thread",
        _ => "",
    };

    private void TellWord(StoredAction word) => Line($"  {Spans.Words(word.At)} an operator: " + word.What switch
    {
        OperatorAction.Retry => "send it again, rendered anew",
        OperatorAction.RetryAsRendered => "send it again as it was",
        OperatorAction.Discard => "discard it",
        _ => word.What,
    });

    private IEnumerable<string> Outcome(StoredDelivery delivery, DateTimeOffset receivedAt) => delivery.State switch
    {
        "delivered" => [$"Delivered {When(delivery)}, {Spans.Words((delivery.EndedAt ?? receivedAt) - receivedAt)} after it was received{(delivery.Reference is { } reference ? $"; the chat calls it {reference}" : "")}."],
        "dead" => [$"Dead since {When(delivery)}: {delivery.Reason}. {SendReasons.AdviceOn(delivery.Reason)}".TrimEnd(), Choice(delivery)],
        "held" => [$"Held since {When(delivery)}: {delivery.Reason}. {SendReasons.AdviceOn(delivery.Reason) ?? "It may have been posted: look into the channel."}", Choice(delivery)],
        "discarded" => [$"Discarded {When(delivery)}. outbox retry {delivery.Id} would send it after all."],
        _ => Pending(delivery),
    };

    private IEnumerable<string> Pending(StoredDelivery delivery)
    {
        if (delivery.History is [.., { EndedAt: null } open]) return [$"It is being sent since {Spans.Words(open.StartedAt)}."];
        var lane = lanes.FirstOrDefault(candidate => string.Equals(candidate.Destination, delivery.Destination, StringComparison.OrdinalIgnoreCase));
        return lane switch
        {
            null => [$"It waits for {delivery.Destination}, which the settings no longer have: put it back, or outbox discard {delivery.Id}."],
            { State: "stopped" } => [$"It waits until the service runs{(lane.Reason is null ? "" : $"; before, {lane.Destination} was held up by {lane.Reason}")}."],
            { State: "parked" } => [$"It waits: {lane.Destination} is parked, {lane.Reason}; tried again {Until(lane)}. {SendReasons.AdviceOn(lane.Reason)}".TrimEnd(), $"outbox resume {lane.Destination} has it tried now."],
            { State: "waiting" } => [$"It waits {Until(lane)}: {lane.Reason}. {SendReasons.AdviceOn(lane.Reason)}".TrimEnd()],
            _ => ["It goes out when its turn comes."],
        };
    }

    private string Until(LaneStatus lane) => lane.Until is not { } until ? "shortly" : until <= now ? "now" : $"in {Spans.Words(until - now)}, at {Spans.Words(until)}";

    private static string When(StoredDelivery delivery) => delivery.EndedAt is { } at ? Spans.Words(at) : "at an unknown time";

    private static string Choice(StoredDelivery delivery) => $"outbox retry {delivery.Id} sends it again, outbox discard {delivery.Id} closes it.";

    private static string What(string name, string? project, long? subject) =>
        $"{name}{(project is null ? "" : $" of project {project}")}{(subject is { } number ? $", {(name.StartsWith("defect.", StringComparison.OrdinalIgnoreCase) ? "defect" : "number")} {number}" : "")}";

    // The one way out: nothing that came from outside reaches the terminal unclean.
    private void Line(string line, Style? style = null) => _lines.Add(new TerminalLine(TerminalText.Line(line), style));
}
