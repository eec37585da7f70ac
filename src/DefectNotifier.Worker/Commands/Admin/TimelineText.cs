using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>
/// The timeline of an event or a delivery as text: what happened in which order, and which commands an operator can run. The sentences are
/// those of <see cref="DeliverySentences"/>.
/// </summary>
internal sealed class TimelineText(IReadOnlyList<LaneStatus> lanes, DateTimeOffset now)
{
    private readonly List<TerminalLine> _lines = [];

    // Written once: most messages are rendered with the configuration that routed the event.
    private string? _version;

    public IReadOnlyList<TerminalLine> Of(StoredEvent timeline)
    {
        _version = timeline.Decision.Version;
        WriteEvent(timeline);
        Write("");
        WriteRoutes(timeline.Decision, OwnEvents.IsOwn(timeline.Name));
        foreach (var delivery in timeline.Deliveries)
        {
            Write("");
            WriteDelivery(delivery, timeline.ReceivedAt);
        }

        return _lines;
    }

    public IReadOnlyList<TerminalLine> Of(DeliveryTimeline timeline)
    {
        var listed = timeline.Delivery;
        _version = timeline.Version;
        Write($"Event {listed.EventId}: {Title(listed.EventName, listed.ProjectCode, listed.SubjectId)}", TerminalStyle.Heading);
        Write($"  received {TimeText.Of(listed.ReceivedAt)}");
        if (_version is not null) Write($"  routed with configuration {_version}");
        Write("");
        WriteDelivery(timeline.ToStored(), listed.ReceivedAt);
        return _lines;
    }

    private void WriteEvent(StoredEvent timeline)
    {
        Write($"Event {timeline.Id}: {Title(timeline.Name, timeline.ProjectCode, timeline.SubjectId)}", TerminalStyle.Heading);
        var source = timeline.Source.Length > 0 ? $" from {timeline.Source}" : "";
        var occurred = timeline.OccurredAt is { } at ? $", occurred {TimeText.Of(at)}" : "";
        if (timeline.Title is { } title) Write($"  {title}");
        string?[] facts = [timeline.Severity, timeline.Actor is { } actor ? $"by {actor}" : null];
        if (facts.Any(fact => fact is not null)) Write($"  {string.Join(", ", facts.OfType<string>())}");
        Write($"  received {TimeText.Of(timeline.ReceivedAt)}{source}{occurred}");
    }

    private void WriteRoutes(RoutingDecision decision, bool isOwnEvent)
    {
        Write($"Routes{(_version is null ? "" : $" of configuration {_version}")}", TerminalStyle.Heading);
        foreach (var verdict in decision.Verdicts ?? [])
        {
            var result = verdict.Matched ? DestinationsOf(verdict.Route, decision) : "skipped";
            Write($"  {verdict.Route}: {result}: {verdict.Reason}", verdict.Matched ? Style.Plain : TerminalStyle.Subtle);
        }

        if (decision.IsUnrouted)
        {
            Write("  No route matched, so nothing is sent.");
        }
        else if (isOwnEvent && decision.Deliveries.Any(planned => planned.Kind == DeliveryKind.Routed))
        {
            Write($"  none: a notice of the service itself, sent to {string.Join(", ", decision.DestinationsOf(DeliveryKind.Routed))}");
        }

        if (!isOwnEvent && decision.Verdicts is null) WriteStoredRoutes(decision);
        WriteDestinations(
            decision.DestinationsOf(DeliveryKind.Announcement), "announced there, because the severity that Qase's API reported matches");
        WriteDestinations(decision.DestinationsOf(DeliveryKind.Follow), "no route matched, but the defect was announced there");
        // A deferred event updates the defect's message at once.
        var refreshed = decision.DestinationsOf(DeliveryKind.Refresh).ToLookup(
            name => decision.Deliveries.Any(planned => planned.Destination == name && planned.Kind != DeliveryKind.Refresh));
        WriteDestinations(refreshed[false], "no route matched; only the existing message of the defect is updated");
        WriteDestinations(refreshed[true], "the existing message of the defect is updated at once, because that notifies no one");
    }

    private void WriteDestinations(IEnumerable<string> names, string why)
    {
        var destinations = string.Join(", ", names);
        if (destinations.Length > 0) Write($"  {destinations}: {why}");
    }

    // The reasons are computed from the routes, so they are known only while these are the same.
    private void WriteStoredRoutes(RoutingDecision decision)
    {
        foreach (var route in decision.Routes) Write($"  {route}: {DestinationsOf(route, decision)}");
        Write("  The routes have changed since, so the reasons are not shown.", TerminalStyle.Subtle);
    }

    // A destination that several routes name is listed with the first of them.
    private static string DestinationsOf(int route, RoutingDecision decision)
    {
        var to = decision.Deliveries.Where(planned => planned.Route == route && planned.Kind == DeliveryKind.Routed)
            .Select(planned => planned.Destination).ToList();
        return to.Count > 0 ? "to " + string.Join(", ", to) : "matched, no new destination";
    }

    private void WriteDelivery(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var style = TerminalStyle.OfState(delivery.State);
        var since = delivery.EndedAt is { } at
            ? $"{(delivery.State == DeliveryState.Delivered ? "" : " since")} {TimeText.Of(at)}"
            : "";
        var reason = delivery.Reason is { } known and not SendReason.Ok ? $", {known.Word()}" : "";
        Write(
            $"Delivery {delivery.Id} to {delivery.Destination}: {delivery.State.Word()}{since}{reason}", style.Decoration(Decoration.Bold));
        WriteHistory(delivery, receivedAt);
        if (delivery.Sentence is { } sentence) Write($"  {sentence}", style);
        if (delivery.Advice is { } advice) Write($"  {advice}", style);
        if (CommandsFor(delivery) is { } commands) Write($"  Run {commands}.");
        if (delivery is { State: DeliveryState.Delivered, Reference: { } reference }) Write($"  message id {reference}");
        if (delivery.IsMessageStored) Write($"  Run outbox show {delivery.Id} --message to see the stored message.");
    }

    // The attempts and operator actions in order, and the waits between them.
    private void WriteHistory(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var actions = new Queue<StoredAction>(delivery.Actions);
        var (last, reason) = (receivedAt, (string?)null);
        foreach (var attempt in delivery.History)
        {
            while (actions.TryPeek(out var action) && action.At <= attempt.StartedAt)
            {
                WriteAction(actions.Dequeue());
                (last, reason) = (action.At, null);
            }

            WriteWait(attempt.StartedAt - last, reason);
            WriteAttempt(attempt);
            (last, reason) = (attempt.EndedAt ?? attempt.StartedAt, TextOf(attempt.Reason));
        }

        foreach (var action in actions) WriteAction(action);
    }

    private void WriteWait(TimeSpan wait, string? reason)
    {
        if (wait < TimeSpan.FromSeconds(1)) return;
        Write($"    waited {TimeText.Of(wait)}{(reason is null ? " in the queue" : $": {reason}")}", TerminalStyle.Subtle);
    }

    private void WriteAttempt(StoredAttempt attempt)
    {
        var result = attempt.EndedAt is { } end
            ? $"{attempt.Outcome?.Word() ?? "unknown outcome"}, {TextOf(attempt.Reason)}, after {TimeText.Of(end - attempt.StartedAt)}"
            : "in progress";
        Write(
            $"  {TimeText.Of(attempt.StartedAt)} attempt {attempt.Number}{TextOf(attempt.Step)}: {result}",
            TerminalStyle.OfOutcome(attempt.Outcome));
        if (attempt.Detail is { } detail)
            Write(attempt.Reason == SendReason.SameTitle ? $"    in the thread of {detail}" : $"    response: {detail}");
        if (attempt.Version is { } version && version != _version) Write($"    rendered with configuration {version}");
    }

    private static string TextOf(SendStep step) => step switch
    {
        SendStep.RootMessage => ", the defect's message",
        SendStep.Update => ", update of the defect's message",
        SendStep.Reply => ", reply in the thread",
        _ => "",
    };

    // A reason of a later version is read as null.
    private static string TextOf(SendReason? reason) => reason?.Word() ?? "unknown reason";

    private void WriteAction(StoredAction action)
    {
        var what = action.What switch
        {
            OperatorAction.Retry => "retry, rendered again",
            OperatorAction.RetryAsRendered => "retry with the stored message",
            OperatorAction.Discard => "discard",
            _ => "unknown",
        };
        Write($"  {TimeText.Of(action.At)} operator action: {what}{(action.By is null ? "" : $", by {action.By}")}");
    }

    private string? CommandsFor(StoredDelivery delivery)
    {
        var id = delivery.Id;
        switch (delivery.State)
        {
            case DeliveryState.Dead or DeliveryState.Held:
                return $"outbox retry {id} to send it again, or outbox discard {id} to discard it";
            case DeliveryState.Discarded:
                return $"outbox retry {id} to send it";
            case DeliveryState.Deferred when delivery.Silence is { } silence && silence.EndsAt > now:
                return $"silence expire {silence.Id} to end the silence, or outbox discard {id} to discard it";
            case DeliveryState.Digested:
                return delivery.Digest is { State: not null } digest ? $"outbox show {digest.Id} to see the digest" : null;
            case DeliveryState.Pending:
                var lane = OutboxCommands.Find(delivery.Destination, lanes);
                if (lane is null) return $"outbox discard {id} to discard it";
                return lane.State == LaneActivity.Parked ? $"outbox resume {lane.Destination} to try it now" : null;
            default:
                return null;
        }
    }

    private static string Title(string name, string? project, long? subject)
    {
        var kind = name.StartsWith("defect.", StringComparison.OrdinalIgnoreCase) ? "defect" : "number";
        return $"{name}{(project is null ? "" : $" of project {project}")}{(subject is { } number ? $", {kind} {number}" : "")}";
    }

    // All lines pass through here, so that no external text reaches the terminal uncleaned.
    private void Write(string line, Style? style = null) =>
        _lines.AddRange(TerminalText.Wrap(TerminalText.Line(line)).Select(part => new TerminalLine(part, style)));
}
