using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox;

/// <summary>
/// An event of our own that has the messages of a defect brought up to date where they stand, because more is known of it than its events told. It posts nothing, and is stored
/// in the commit of what was learned.
/// </summary>
public static class MessageRefresh
{
    /// <summary>In place of a route's number: nobody's route asked for it.</summary>
    private const int NoRoute = -1;

    /// <summary>True for a delivery of such an event; one of that name that came from outside is like any other.</summary>
    public static bool Is(PendingDelivery delivery) => delivery.Route == NoRoute && delivery.EventName == DefectHistoryEntry.Details;

    /// <param name="key">The defect.</param>
    /// <param name="destinations">Where a message stands for it that is kept true, or may be on its way.</param>
    /// <param name="at">When it was learned.</param>
    public static NewEvent Of(DefectKey key, IEnumerable<string> destinations, DateTimeOffset at)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("event_name", DefectHistoryEntry.Details);
            json.WriteNumber("timestamp", at.ToUnixTimeSeconds());
            json.WriteStartObject("payload");
            json.WriteNumber("id", key.Id);
            json.WriteEndObject();
            json.WriteString("project_code", key.ProjectCode);
            json.WriteEndObject();
        }

        // No one sends it twice: each is one of its own.
        var id = EventId.New(at);
        return new NewEvent
        {
            Id = id,
            DedupKey = SHA256.HashData(Encoding.UTF8.GetBytes($"{DefectHistoryEntry.Details}/{id}")).AsMemory(0, DedupKey.HashLength),
            Source = key.Source,
            Name = DefectHistoryEntry.Details,
            ProjectCode = key.ProjectCode,
            SubjectId = key.Id,
            OccurredAt = at,
            ReceivedAt = at,
            Body = body.WrittenMemory.ToArray(),
            Decision = new RoutingDecision(
                [],
                [.. destinations.Select(name => new PlannedDelivery(name, NoRoute, TemplateSet: null) { MessageMode = MessageMode.Update })]),
        };
    }
}
