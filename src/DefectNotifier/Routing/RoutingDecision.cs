namespace DefectNotifier.Routing;

/// <summary>Where an event goes, and why. Stored with the event.</summary>
/// <param name="Verdicts">One per route, in order.</param>
/// <param name="Deliveries">One per destination, in the order of the routes. Empty when the event is unrouted.</param>
public sealed record RoutingDecision(IReadOnlyList<RouteVerdict> Verdicts, IReadOnlyList<PlannedDelivery> Deliveries)
{
    /// <summary>The version of the configuration that decided; null when unknown.</summary>
    public string? Version { get; init; }

    public bool IsUnrouted => Deliveries.Count == 0;
}
