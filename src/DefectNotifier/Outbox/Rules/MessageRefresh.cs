using System.Buffers;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// The service's own event that brings the messages of a defect up to date, because Qase said more about it than its events. It posts
/// nothing, and is stored in the same commit as that response.
/// </summary>
public static class MessageRefresh
{
    /// <summary>In place of a route's index: no route planned it.</summary>
    private const int NoRoute = -1;

    /// <summary>True for a delivery of such an event.</summary>
    public static bool Is(PendingDelivery delivery) => delivery.Route == NoRoute && delivery.EventName == OwnEvents.Details;

    /// <param name="key">The defect.</param>
    /// <param name="destinations">The destinations with a message for it that is kept up to date, or is being sent.</param>
    /// <param name="at">When Qase responded.</param>
    public static NewEvent Of(DefectKey key, IEnumerable<string> destinations, DateTimeOffset at)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("event_name", OwnEvents.Details);
            json.WriteNumber("timestamp", at.ToUnixTimeSeconds());
            json.WriteStartObject("payload");
            json.WriteNumber("id", key.Id);
            json.WriteEndObject();
            json.WriteString("project_code", key.ProjectCode);
            json.WriteEndObject();
        }

        var id = EventId.New(at);
        return new NewEvent
        {
            Id = id,
            DedupKey = DedupKey.OfNotice($"{OwnEvents.Details}/{id}", at),
            Source = key.Source,
            Name = OwnEvents.Details,
            ProjectCode = key.ProjectCode,
            SubjectId = key.Id,
            OccurredAt = at,
            ReceivedAt = at,
            Body = body.WrittenMemory.ToArray(),
            Decision = new RoutingDecision([], [.. destinations.Select(Update)]),
        };
    }

    private static PlannedDelivery Update(string destination) =>
        new(destination, NoRoute, TemplateSet: null) { MessageMode = MessageMode.Update };
}
