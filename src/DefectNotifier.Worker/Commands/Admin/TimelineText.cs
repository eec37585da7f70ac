using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The timeline of an event or a delivery as text: what happened in which order, and what an operator can do.</summary>
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
            WriteDelivery(delivery, timeline.ReceivedAt, delivery.IsMessageStored);
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
        var delivery = new StoredDelivery(
            listed.Id,
            listed.Destination,
            listed.State,
            listed.Reason,
            listed.Detail,
            timeline.Reference,
            listed.EndedAt,
            timeline.History)
        { Actions = timeline.Actions, DueAt = listed.DueAt, Silence = timeline.Silence, Digest = timeline.Digest };
        WriteDelivery(delivery, listed.ReceivedAt, listed.IsMessageStored);
        return _lines;
    }

    private void WriteEvent(StoredEvent timeline)
    {
        Write($"Event {timeline.Id}: {Title(timeline.Name, timeline.ProjectCode, timeline.SubjectId)}", TerminalStyle.Heading);
        var source = timeline.Source.Length > 0 ? $" from {timeline.Source}" : "";
        var occurred = timeline.OccurredAt is { } at ? $", occurred {TimeText.Of(at)}" : "";
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

    // The reasons are computed from the routes, so they are known only while the same configuration is active.
    private void WriteStoredRoutes(RoutingDecision decision)
    {
        foreach (var route in decision.Routes) Write($"  {route}: {DestinationsOf(route, decision)}");
        Write("  The configuration has changed since, so the reasons are not shown.", TerminalStyle.Subtle);
    }

    // A destination that several routes name is listed with the first of them.
    private static string DestinationsOf(int route, RoutingDecision decision)
    {
        var to = decision.Deliveries.Where(planned => planned.Route == route && planned.Kind == DeliveryKind.Routed)
            .Select(planned => planned.Destination).ToList();
        return to.Count > 0 ? "to " + string.Join(", ", to) : "matched, no new destination";
    }

    private void WriteDelivery(StoredDelivery delivery, DateTimeOffset receivedAt, bool isMessageStored)
    {
        var style = TerminalStyle.OfState(delivery.State);
        Write($"Delivery {delivery.Id} to {delivery.Destination}: {delivery.State.Word()}", style.Decoration(Decoration.Bold));
        WriteHistory(delivery, receivedAt);
        foreach (var line in StateOf(delivery, receivedAt)) Write("  " + line, style);
        if (isMessageStored) Write($"  Run outbox show {delivery.Id} --message to see the stored message.");
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

    private IEnumerable<string> StateOf(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var ended = delivery.EndedAt is { } at ? TimeText.Of(at) : "at an unknown time";
        var advice = SendReasons.AdviceOn(delivery.Reason);
        switch (delivery.State)
        {
            case DeliveryState.Delivered:
                var duration = TimeText.Of((delivery.EndedAt ?? receivedAt) - receivedAt);
                var reference = delivery.Reference is { } id ? $"; message id {id}" : "";
                yield return $"Delivered {ended}, {duration} after it was received{reference}.";
                break;
            case DeliveryState.Dead:
                yield return $"Dead since {ended}: {TextOf(delivery.Reason)}. {advice}".TrimEnd();
                yield return ChoiceFor(delivery);
                break;
            case DeliveryState.Held:
                advice ??= "The message may have been posted: check the channel.";
                yield return $"Held for manual review since {ended}: {TextOf(delivery.Reason)}. {advice}";
                yield return ChoiceFor(delivery);
                break;
            case DeliveryState.Discarded:
                var by = delivery is { Silence: { } one, Actions: [] } ? ", silenced " + SilenceText.NoteOf(one) : "";
                yield return $"Discarded {ended}{by}. Run outbox retry {delivery.Id} to send it.";
                break;
            case DeliveryState.Deferred:
                foreach (var line in DeferredStateOf(delivery)) yield return line;
                break;
            case DeliveryState.Digested:
                yield return DigestStateOf(delivery.Digest!);
                break;
            default:
                foreach (var line in PendingStateOf(delivery)) yield return line;
                break;
        }
    }

    private IEnumerable<string> DeferredStateOf(StoredDelivery delivery)
    {
        var silence = delivery.Silence;
        if (silence?.EndsAt > now)
        {
            yield return $"Silenced {SilenceText.NoteOf(silence)}.";
            yield return $"Run silence expire {silence.Id} to send it now, or outbox discard {delivery.Id} to close it.";
        }

        if (delivery.DueAt > now) yield return $"Deferred until {TimeText.Of(delivery.DueAt.Value)} by quiet hours.";
        else if (!(silence?.EndsAt > now))
            foreach (var line in PendingStateOf(delivery)) yield return line;
    }

    private static string DigestStateOf(StoredDigest digest)
    {
        var at = digest.EndedAt is { } time ? TimeText.Of(time) : "an unknown time";
        var reference = digest.Reference is { } id ? $"; message id {id}" : "";
        return $"Part of a digest, delivery {digest.Id}, which " + digest.State switch
        {
            null => "is no longer stored.",
            DeliveryState.Delivered => $"was delivered at {at}{reference}.",
            DeliveryState.Pending => $"waits to be sent{reference}. Run outbox show {digest.Id} to see why.",
            { } state => $"is {state.Word()} since {at}: {TextOf(digest.Reason)}. Run outbox show {digest.Id} to see what you can do.",
        };
    }

    private IEnumerable<string> PendingStateOf(StoredDelivery delivery)
    {
        if (delivery.History is [.., { EndedAt: null } open]) return [$"Being sent since {TimeText.Of(open.StartedAt)}."];
        if (delivery is { State: DeliveryState.Pending, DueAt: { } due } && due > now)
            return [$"Sent at {TimeText.Of(due)} at the earliest, with all messages that are added to the digest until then."];
        var lane = lanes.FirstOrDefault(one => string.Equals(one.Destination, delivery.Destination, StringComparison.OrdinalIgnoreCase));
        var advice = SendReasons.AdviceOn(lane?.Reason);
        return lane switch
        {
            null => [$"Waiting: there is no destination {delivery.Destination}. Add it again, or run outbox discard {delivery.Id}."],
            { State: LaneActivity.Stopped, Reason: null } => ["Waiting for the service to start."],
            { State: LaneActivity.Stopped } =>
                [$"Waiting for the service to start. Before it stopped, {lane.Destination} was paused: {TextOf(lane.Reason)}."],
            { State: LaneActivity.Parked } =>
            [
                $"Waiting: {lane.Destination} is parked ({TextOf(lane.Reason)}). Next attempt {NextAttempt(lane)}. {advice}".TrimEnd(),
                $"Run outbox resume {lane.Destination} to retry now.",
            ],
            { State: LaneActivity.Waiting } => [$"Waiting: {TextOf(lane.Reason)}. Next attempt {NextAttempt(lane)}. {advice}".TrimEnd()],
            _ => ["Waiting in the queue."],
        };
    }

    private string NextAttempt(LaneStatus lane) =>
        lane.Until is not { } until ? "shortly" : until <= now ? "now" : $"in {TimeText.Of(until - now)}, at {TimeText.Of(until)}";

    private static string ChoiceFor(StoredDelivery delivery) =>
        $"Run outbox retry {delivery.Id} to send it again, or outbox discard {delivery.Id} to close it.";

    private static string Title(string name, string? project, long? subject)
    {
        var kind = name.StartsWith("defect.", StringComparison.OrdinalIgnoreCase) ? "defect" : "number";
        return $"{name}{(project is null ? "" : $" of project {project}")}{(subject is { } number ? $", {kind} {number}" : "")}";
    }

    // All lines pass through here, so that no external text reaches the terminal uncleaned.
    private void Write(string line, Style? style = null) => _lines.Add(new TerminalLine(TerminalText.Line(line), style));
}
