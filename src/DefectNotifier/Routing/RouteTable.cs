using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>The routes in their order: the first that matches wins, unless it says Continue. Frozen and pure.</summary>
/// <param name="routes">The routes.</param>
/// <param name="version">The version of the configuration that has them; null: it has none.</param>
public sealed class RouteTable(IEnumerable<RouteOptions> routes, string? version = null)
{
    private readonly Route[] _routes = [.. routes.Select(options => new Route(options))];

    /// <summary>Where the event goes, with a verdict for each route.</summary>
    public RoutingDecision Plan(DefectEvent defectEvent)
    {
        var verdicts = new List<RouteVerdict>(_routes.Length);
        var deliveries = new List<PlannedDelivery>();
        int? winner = null;
        for (var index = 0; index < _routes.Length; index++)
        {
            var route = _routes[index];
            if (winner is not null)
            {
                verdicts.Add(new RouteVerdict(index, false, $"not asked: route {winner} matched and does not continue"));
                continue;
            }

            if (route.WhyNot(defectEvent) is { } reason)
            {
                verdicts.Add(new RouteVerdict(index, false, reason));
                continue;
            }

            verdicts.Add(new RouteVerdict(index, true, route.WhyMatched(defectEvent)));
            foreach (var destination in route.To)
            {
                // A destination named by two routes gets one message, in the words of the first.
                if (!deliveries.Exists(planned => string.Equals(planned.Destination, destination, StringComparison.OrdinalIgnoreCase)))
                    deliveries.Add(route.Plan(destination, index));
            }

            if (!route.Continue) winner = index;
        }

        return new RoutingDecision(verdicts, deliveries) { Version = version };
    }
}
