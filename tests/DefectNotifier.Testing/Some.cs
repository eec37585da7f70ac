using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <summary>Good values for tests that care about one of their properties: change that one with <c>with</c>.</summary>
public static partial class Some
{
    private static long _events;

    /// <summary>A fixed moment, to the millisecond, which is what an outbox keeps.</summary>
    public static DateTimeOffset Moment { get; } = new(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero);

    /// <summary>An event of its own (id and dedup key differ from any other) that is owed to the given destinations; unrouted without any.</summary>
    public static NewEvent NewEvent(params string[] destinations)
    {
        var id = $"event-{Interlocked.Increment(ref _events):D8}";
        return new NewEvent
        {
            Id = id,
            DedupKey = DedupKey(id),
            Source = "qase",
            Name = "defect.created",
            ProjectCode = "WEB",
            SubjectId = 42,
            OccurredAt = Moment.AddSeconds(-2),
            ReceivedAt = Moment,
            Body = Encoding.UTF8.GetBytes($$$"""{"event_name":"defect.created","payload":{"id":42,"title":"{{{id}}}"}}"""),
            Decision = Decision(destinations),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
    }

    /// <summary>The same for an event about a defect, which is remembered by it.</summary>
    public static NewEvent NewDefectEvent(DefectEvent defectEvent, params string[] destinations) => NewEvent(destinations) with
    {
        Source = defectEvent.Source,
        Name = defectEvent.Name,
        ProjectCode = defectEvent.ProjectCode,
        SubjectId = defectEvent.SubjectId,
        TeamMemberId = defectEvent.TeamMemberId,
        OccurredAt = defectEvent.OccurredAt,
        DefectEvent = defectEvent,
    };

    /// <summary>The 16 bytes that stand for a text.</summary>
    public static ReadOnlyMemory<byte> DedupKey(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsMemory(0, 16);

    /// <summary>A decision with one route for each destination.</summary>
    public static RoutingDecision Decision(params string[] destinations) => new(
        [.. Enumerable.Range(0, destinations.Length)],
        [.. destinations.Select((name, route) => new PlannedDelivery(name, route, TemplateSet: null))]);

    /// <summary>A good answer to an attempt at a delivery.</summary>
    public static AttemptOutcome Outcome(PendingDelivery delivery) => new()
    {
        DeliveryId = delivery.Id,
        At = Moment.AddSeconds(1),
        Outcome = "delivered",
        Reason = "ok",
        State = DeliveryState.Delivered,
        Counts = true,
        MayHavePosted = false,
        Lane = new LaneState(delivery.Destination),
    };
}
