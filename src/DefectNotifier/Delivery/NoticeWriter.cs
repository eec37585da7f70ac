using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery;

/// <summary>
/// Writes the product's own messages: a destination is parked or runs again, a delivery was given up or waits too long. Each is an event like any other, with a
/// template and a lane, so it is as durable as they are, and told once.
/// </summary>
public sealed class NoticeWriter(Func<PipelineConfiguration> current)
{
    /// <summary>In place of a route's number: nobody's route asked for it.</summary>
    private const int NoRoute = -1;

    /// <summary>What an outcome gives reason to tell; mostly nothing.</summary>
    /// <param name="delivery">The delivery that it is about.</param>
    /// <param name="before">The lane before it.</param>
    /// <param name="outcome">What is about to be recorded.</param>
    /// <param name="waiting">How many deliveries wait for the destination.</param>
    public IReadOnlyList<NewEvent> Of(PendingDelivery delivery, LaneState before, AttemptOutcome outcome, long waiting)
    {
        var after = outcome.Lane;
        var isParked = after.ParkedReason is not null && after.ParkedReason != before.ParkedReason;
        // Since when it was parked is remembered beyond a restart with mended settings.
        var isResumed = before.ParkedAt is not null && after.ParkedAt is null;
        var isLost = outcome.State is DeliveryState.Dead or DeliveryState.Held;
        if (!isParked && !isResumed && !isLost) return [];

        var notices = new List<NewEvent>();
        if (isParked && AlertsFor(delivery.Destination) is { } alarmed) notices.Add(Parked(delivery.Destination, after.ParkedReason!, outcome, waiting, alarmed));
        if (isResumed && AlertsFor(delivery.Destination) is { } relieved) notices.Add(Resumed(delivery.Destination, before, outcome.At, waiting, relieved));
        if (isLost && Other(delivery.Fallback, delivery.Destination) is { } fallback) notices.Add(Undelivered(delivery, outcome, fallback));
        return notices;
    }

    /// <summary>What waits for one destination for too long.</summary>
    /// <param name="overdue">The deliveries.</param>
    /// <param name="reason">Why they wait, where that is known.</param>
    /// <param name="now">When they were found.</param>
    public NewEvent Delayed(OverdueDeliveries overdue, string? reason, DateTimeOffset now) => Notice(
        "notifier.delayed",
        overdue.Fallback,
        now,
        $"{overdue.Destination}/{overdue.Oldest[0].Id}/{now.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", overdue.Destination);
            payload.WriteString("reason", reason);
            payload.WriteNumber("count", overdue.Count);
            payload.WriteNumber("since", overdue.Oldest[0].ReceivedAt.ToUnixTimeSeconds());
            WriteDefects(payload, overdue.Oldest);
        });

    private static NewEvent Parked(string destination, string reason, AttemptOutcome outcome, long waiting, string alertTo) => Notice(
        "notifier.parked",
        alertTo,
        outcome.At,
        $"{destination}/{reason}/{outcome.At.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", destination);
            payload.WriteString("reason", reason);
            payload.WriteString("detail", outcome.Detail);
            payload.WriteString("advice", SendReasons.AdviceOn(reason));
            payload.WriteNumber("waiting", waiting);
        });

    private static NewEvent Resumed(string destination, LaneState before, DateTimeOffset at, long waiting, string alertTo) => Notice(
        "notifier.resumed",
        alertTo,
        at,
        $"{destination}/{at.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", destination);
            payload.WriteString("reason", before.ParkedReason);
            payload.WriteNumber("since", before.ParkedAt!.Value.ToUnixTimeSeconds());
            // The one that was delivered just now is still counted.
            payload.WriteNumber("waiting", Math.Max(0, waiting - 1));
        });

    private NewEvent Undelivered(PendingDelivery delivery, AttemptOutcome outcome, string fallback) => Notice(
        "notifier.undelivered",
        fallback,
        outcome.At,
        $"{delivery.CorrelationKey}/{outcome.At.ToUnixTimeMilliseconds()}",
        payload =>
        {
            payload.WriteString("destination", delivery.Destination);
            payload.WriteString("state", outcome.State.Word());
            payload.WriteString("reason", outcome.Reason);
            payload.WriteString("detail", outcome.Detail);
            WriteDefects(payload, [delivery]);
        });

    private void WriteDefects(Utf8JsonWriter payload, IReadOnlyList<PendingDelivery> deliveries)
    {
        payload.WriteStartArray("events");
        foreach (var delivery in deliveries)
        {
            var parsed = WebhookParser.Parse(delivery.Body, delivery.Source);
            if (!parsed.IsEvent) continue;
            payload.WriteStartObject();
            payload.WriteString("event_id", delivery.EventId);
            payload.WriteString("name", parsed.Event.Name);
            payload.WriteString("project", parsed.Event.ProjectCode);
            if (parsed.Event.SubjectId is { } id) payload.WriteNumber("id", id);
            payload.WriteString("title", parsed.Event.Title);
            payload.WriteString("url", parsed.Event.IsDefect ? current().Qase.UrlOf(parsed.Event.ProjectCode, parsed.Event.SubjectId) : null);
            payload.WriteEndObject();
        }

        payload.WriteEndArray();
    }

    private string? AlertsFor(string destination) => Other(current().Delivery.AlertTo, destination);

    // A destination in trouble can't tell of its own.
    private static string? Other(string? told, string destination) => string.Equals(told, destination, StringComparison.OrdinalIgnoreCase) ? null : told;

    private static NewEvent Notice(string name, string to, DateTimeOffset at, string key, Action<Utf8JsonWriter> writePayload)
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
            DedupKey = SHA256.HashData(Encoding.UTF8.GetBytes($"{name}/{key}")).AsMemory(0, DedupKey.HashLength),
            Source = "",
            Name = name,
            OccurredAt = at,
            ReceivedAt = at,
            Body = body.WrittenMemory.ToArray(),
            Decision = new RoutingDecision([], [new PlannedDelivery(to, NoRoute, TemplateSet: null)]),
        };
    }
}
