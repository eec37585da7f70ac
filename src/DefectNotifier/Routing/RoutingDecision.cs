using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>Where an event goes, and what decided it. Stored with the event.</summary>
/// <param name="Routes">The routes that matched, by their place in the table; empty when none did and for the service's own events.</param>
/// <param name="Deliveries">The destinations, each once, in the order in which the routes named them. Empty: unrouted.</param>
public sealed record RoutingDecision(IReadOnlyList<int> Routes, IReadOnlyList<PlannedDelivery> Deliveries)
{
    /// <summary>The version of the configuration that decided; null: no configuration decided, because no route was evaluated.</summary>
    public string? Version { get; init; }

    /// <summary>The severity that the routes were evaluated with; null: the event has none.</summary>
    public string? Severity { get; init; }

    /// <summary>
    /// Why each route matched or not, in the order of the table. Never stored: computed on request, and null when the routes that decided
    /// are no longer active (<see cref="RouteTable.Explain(RoutingDecision, string, string?)"/>).
    /// </summary>
    public IReadOnlyList<RouteVerdict>? Verdicts { get; init; }

    public bool IsUnrouted => Deliveries.Count == 0;

    /// <summary>True for an event that the service created itself: no route is evaluated for it.</summary>
    [JsonIgnore]
    public bool IsOwnEvent => Routes.Count == 0 && Deliveries.Count > 0;
}
