namespace DefectNotifier.Routing;

/// <summary>Where an event goes, and why: one verdict for each route, stored with the event.</summary>
/// <param name="Verdicts">One for each route of the table, in its order.</param>
/// <param name="Deliveries">The destinations, each once, in the order in which the routes named them. Empty: unrouted.</param>
public sealed record RoutingDecision(IReadOnlyList<RouteVerdict> Verdicts, IReadOnlyList<PlannedDelivery> Deliveries)
{
    /// <summary>The version of the configuration that decided; null: not known, as before versions were kept.</summary>
    public string? Version { get; init; }

    public bool IsUnrouted => Deliveries.Count == 0;
}
