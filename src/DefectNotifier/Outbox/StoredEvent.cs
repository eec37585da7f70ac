using DefectNotifier.Routing;

namespace DefectNotifier.Outbox;

/// <summary>One accepted event with everything that happened to it.</summary>
public sealed record StoredEvent(
    string Id,
    string Source,
    string Name,
    string? ProjectCode,
    long? SubjectId,
    DateTimeOffset? OccurredAt,
    DateTimeOffset ReceivedAt,
    RoutingDecision Decision,
    IReadOnlyList<StoredDelivery> Deliveries);
