using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>Where an event goes, and what decided it. Stored with the event.</summary>
/// <param name="Routes">The routes that matched, by their place in the table; empty when none did and for the service's own events.</param>
/// <param name="Deliveries">The destinations, each once, in the order in which the routes named them. Empty: unrouted.</param>
public sealed record RoutingDecision(IReadOnlyList<int> Routes, IReadOnlyList<PlannedDelivery> Deliveries)
{
    /// <summary>No route takes it.</summary>
    public static RoutingDecision Unrouted { get; } = new([], []);

    /// <summary>The version of the configuration that decided; null: no configuration decided, because no route was evaluated.</summary>
    public string? Version { get; init; }

    /// <summary>A hash of the routes that decided; null: no route was evaluated.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The severity that the routes were evaluated with; null: it was not known.</summary>
    public string? Severity { get; init; }

    /// <summary>True when <see cref="Severity"/> is that of earlier events of the defect, because the event has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSeverityRemembered { get; init; }

    /// <summary>The destinations in which the defect was announced before; null: none.</summary>
    public IReadOnlyList<string>? Announced { get; init; }

    /// <summary>
    /// Why each route matched or not, in the order of the table. Never stored: computed on request, and null when the routes that decided
    /// are no longer active (<see cref="RouteTable.Explain(RoutingDecision, string, string?)"/>).
    /// </summary>
    public IReadOnlyList<RouteVerdict>? Verdicts { get; init; }

    public bool IsUnrouted => Deliveries.Count == 0;

    /// <summary>The destinations of one kind of deliveries.</summary>
    public IEnumerable<string> DestinationsOf(DeliveryKind kind) =>
        Deliveries.Where(planned => planned.Kind == kind).Select(planned => planned.Destination);

    /// <summary>The stored state of the defect that this decision used.</summary>
    public RoutingMemory ToMemory() => new(IsSeverityRemembered ? Events.Severity.Parse(Severity) : null, Announced ?? []);
}
