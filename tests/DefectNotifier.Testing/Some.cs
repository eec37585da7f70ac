using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <summary>Valid values for tests. A test changes the properties that matter to it with <c>with</c>.</summary>
public static partial class Some
{
    private static long _events;

    /// <summary>A fixed time in whole milliseconds, which is what an outbox stores.</summary>
    public static DateTimeOffset Moment { get; } = new(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero);

    /// <summary>A new event, with a unique id and dedup key, for these destinations; unrouted without any.</summary>
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

    /// <summary>A new event about a defect, from which the outbox learns about the defect.</summary>
    public static NewEvent NewDefectEvent(DefectEvent defectEvent, params string[] destinations) => NewEvent(destinations) with
    {
        Source = defectEvent.Source,
        Name = defectEvent.Name,
        ProjectCode = defectEvent.ProjectCode,
        SubjectId = defectEvent.SubjectId,
        Title = defectEvent.Title,
        TeamMemberId = defectEvent.TeamMemberId,
        OccurredAt = defectEvent.OccurredAt,
        DefectEvent = defectEvent,
    };

    /// <summary>A silence of everything, for two hours.</summary>
    public static Silence Silence { get; } = new()
    {
        StartsAt = Moment,
        EndsAt = Moment.AddHours(2),
        By = "anna",
        Why = "known outage",
    };

    /// <summary>A node that lives.</summary>
    public static NodeStatus Node(string name, params string[] holds) => new()
    {
        Name = name,
        Version = "1.0.0",
        Configuration = "1a2b3c4d",
        StartedAt = Moment,
        ClockAheadMilliseconds = 0,
        LeaseLeftMilliseconds = 10_000,
        Holds = holds,
    };

    /// <summary>A dedup key made from a text.</summary>
    public static ReadOnlyMemory<byte> DedupKey(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsMemory(0, 16);

    /// <summary>A routing decision with one route for each destination.</summary>
    public static RoutingDecision Decision(params string[] destinations) => new(
        [.. Enumerable.Range(0, destinations.Length)],
        [.. destinations.Select((name, route) => new PlannedDelivery(name, route, TemplateSet: null))]);

    /// <summary>A successful outcome of an attempt.</summary>
    public static AttemptOutcome Outcome(PendingDelivery delivery) => new()
    {
        DeliveryId = delivery.Id,
        At = Moment.AddSeconds(1),
        Outcome = SendOutcome.Delivered,
        Reason = SendReason.Ok,
        State = DeliveryState.Delivered,
        MayHavePosted = false,
        Lane = new LaneState(delivery.Destination),
    };
}
