using System.Buffers;
using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Notices;

/// <summary>
/// Creates the service's own events: a destination is parked or works again, a delivery was given up or waits too long. Each has a template
/// and is delivered like any other event, so it is as durable, and it is sent once.
/// </summary>
public sealed class NoticeWriter(Func<PipelineConfiguration> current)
{
    /// <summary>The notices that an outcome causes; usually none.</summary>
    /// <param name="delivery">The delivery that the outcome is about.</param>
    /// <param name="before">The lane's state before it.</param>
    /// <param name="outcome">What is about to be recorded.</param>
    /// <param name="waiting">The number of pending deliveries of the destination.</param>
    public IReadOnlyList<NewEvent> Of(PendingDelivery delivery, LaneState before, AttemptOutcome outcome, long waiting)
    {
        var after = outcome.Lane;
        var isParked = after.IsParked && !(before.IsParked && before.ParkedReason == after.ParkedReason);
        // ParkedAt stays set after a restart with changed settings, until a message is delivered.
        var isResumed = before.ParkedAt is not null && after.ParkedAt is null;
        var isUndelivered = outcome.State is DeliveryState.Dead or DeliveryState.Held;
        if (!isParked && !isResumed && !isUndelivered) return [];

        var notices = new List<NewEvent>();
        var alertTo = Other(current().Delivery.AlertTo, delivery.Destination);
        if (isParked && alertTo is not null) notices.Add(Parked(after, outcome.At, outcome.Detail, waiting, alertTo));
        if (isResumed && alertTo is not null) notices.Add(Resumed(delivery.Destination, before, outcome.At, waiting, alertTo));
        var fallback = Other(delivery.Fallback, delivery.Destination);
        if (isUndelivered && fallback is not null) notices.Add(Undelivered(delivery, outcome, fallback));
        return notices;
    }

    /// <summary>
    /// The notice that a lane is parked. The outbox refuses it as a duplicate when the same recipient has it already: it is for an alert
    /// that was configured while the lane was parked.
    /// </summary>
    /// <returns>Null when the lane is not parked, or there is no recipient.</returns>
    public NewEvent? OfParked(LaneState lane, long waiting, DateTimeOffset now) =>
        lane.IsParked && Other(current().Delivery.AlertTo, lane.Destination) is { } alertTo
            ? Parked(lane, now, detail: null, waiting, alertTo)
            : null;

    /// <summary>The notice that deliveries of a destination wait too long.</summary>
    /// <param name="overdue">The deliveries.</param>
    /// <param name="reason">Why they wait; null: not known.</param>
    /// <param name="now">When they were found.</param>
    public NewEvent Delayed(OverdueDeliveries overdue, SendReason? reason, DateTimeOffset now) => Notice(
        OwnEvents.Delayed,
        overdue.Fallback,
        now,
        $"{overdue.Destination}/{overdue.Oldest[0].Id}/{now.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", overdue.Destination);
            payload.WriteString("reason", reason?.Word());
            payload.WriteNumber("count", overdue.Count);
            payload.WriteNumber("since", overdue.Oldest[0].ReceivedAt.ToUnixTimeSeconds());
            WriteEvents(payload, overdue.Oldest);
        });

    // The key depends only on what is stored of the lane, so that it is the same when the alert is sent later.
    private static NewEvent Parked(LaneState lane, DateTimeOffset at, string? detail, long waiting, string alertTo) => Notice(
        OwnEvents.Parked,
        alertTo,
        at,
        $"{lane.Destination}/{lane.ParkedReason!.Value.Word()}/{lane.ParkedSettings}/{alertTo}",
        payload =>
        {
            payload.WriteString("destination", lane.Destination);
            payload.WriteString("reason", lane.ParkedReason.Value.Word());
            payload.WriteString("detail", detail);
            payload.WriteString("advice", SendReasons.AdviceOn(lane.ParkedReason));
            payload.WriteNumber("waiting", waiting);
        },
        keyTime: lane.ParkedAt);

    private static NewEvent Resumed(string destination, LaneState before, DateTimeOffset at, long waiting, string alertTo) => Notice(
        OwnEvents.Resumed,
        alertTo,
        at,
        $"{destination}/{at.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", destination);
            payload.WriteString("reason", before.ParkedReason?.Word());
            payload.WriteNumber("since", before.ParkedAt!.Value.ToUnixTimeSeconds());
            // The delivery that has just ended is still counted.
            payload.WriteNumber("waiting", Math.Max(0, waiting - 1));
        });

    private NewEvent Undelivered(PendingDelivery delivery, AttemptOutcome outcome, string fallback) => Notice(
        OwnEvents.Undelivered,
        fallback,
        outcome.At,
        $"{delivery.CorrelationKey}/{outcome.At.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", delivery.Destination);
            payload.WriteNumber("delivery", delivery.Id);
            payload.WriteString("state", outcome.State.Word());
            payload.WriteString("reason", outcome.Reason.Word());
            payload.WriteString("detail", outcome.Detail);
            WriteEvents(payload, [delivery]);
        });

    private void WriteEvents(Utf8JsonWriter payload, IReadOnlyList<PendingDelivery> deliveries)
    {
        payload.WriteStartArray("events");
        foreach (var delivery in deliveries)
        {
            var parsed = WebhookParser.Parse(delivery.Body, delivery.Source);
            if (!parsed.IsEvent) continue;
            payload.WriteStartObject();
            payload.WriteString("event_id", delivery.EventId);
            payload.WriteString("name", parsed.Event.Name);
            payload.WriteString("what", WordFor(parsed.Event));
            payload.WriteString("label", parsed.Event.IsDefect ? DefectWords.Number(parsed.Event) : EventWords.Summary(parsed.Event));
            payload.WriteString("project", parsed.Event.ProjectCode);
            if (parsed.Event.SubjectId is { } id) payload.WriteNumber("id", id);
            payload.WriteString("title", parsed.Event.IsDefect ? parsed.Event.Title : null);
            payload.WriteString("url", EventWords.UrlOf(parsed.Event, current().Qase));
            payload.WriteEndObject();
        }

        payload.WriteEndArray();
    }

    // The label of another event says it already.
    private static string? WordFor(DefectEvent defectEvent) => defectEvent.Name.ToLowerInvariant() switch
    {
        "defect.created" => "new",
        ['d', 'e', 'f', 'e', 'c', 't', '.', .. var action] => action.Replace('_', ' '),
        _ => null,
    };

    // A destination that fails can't report its own failure.
    private static string? Other(string? recipient, string destination) =>
        string.Equals(recipient, destination, StringComparison.OrdinalIgnoreCase) ? null : recipient;

    private static NewEvent Notice(
        string name, string to, DateTimeOffset at, string key, Action<Utf8JsonWriter> writePayload, DateTimeOffset? keyTime = null)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("event_name", name);
            json.WriteNumber("timestamp", at.ToUnixTimeSeconds());
            json.WriteStartObject("payload");
            writePayload(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new NewEvent
        {
            Id = EventId.New(at),
            DedupKey = DedupKey.OfNotice($"{name}/{key}", keyTime ?? at),
            Source = "",
            Name = name,
            OccurredAt = at,
            ReceivedAt = at,
            Body = body.WrittenMemory.ToArray(),
            Decision = new RoutingDecision([], [new PlannedDelivery(to, PlannedDelivery.NoRoute, TemplateSet: null)]),
        };
    }
}
