using System.Buffers;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// The service's own event that updates the messages of a defect: Qase's API has new details of it, or another defect has joined its
/// message. It also announces the defect where only its new severity makes a route match. Stored in the same commit as the cause.
/// </summary>
public static class MessageRefresh
{
    /// <param name="key">The defect.</param>
    /// <param name="planned">
    /// The destinations with a message for it that is kept up to date, or is being sent, and those in which it is announced.
    /// </param>
    /// <param name="at">When that happened.</param>
    public static NewEvent Of(DefectKey key, IReadOnlyList<PlannedDelivery> planned, DateTimeOffset at)
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
            Decision = new RoutingDecision([], planned),
        };
    }
}
