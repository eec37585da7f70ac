using System.Collections.Concurrent;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>The routes in their order: the first that matches wins, unless it says Continue. Frozen and pure.</summary>
/// <param name="routes">The routes.</param>
/// <param name="version">The version of the configuration that has them; null: it has none.</param>
public sealed class RouteTable(IEnumerable<RouteOptions> routes, string? version = null)
{
    /// <summary>Decisions that are kept in memory, about a kilobyte each; the senders' text must not make it grow.</summary>
    private const int MaxDecisions = 8_192;

    private static readonly JsonElement Nothing = JsonElement.Parse("{}"u8);

    /// <summary>Characters. A severity of a workspace's own may be as long as a body allows, and sentences quote it; names and codes are short (<see cref="WebhookParser"/>).</summary>
    private const int MaxSeverity = 64;

    private readonly Route[] _routes = [.. routes.Select(options => new Route(options))];

    // Routes look at nothing else of an event, and a workspace has few of these: most events get a decision that was made before.
    private readonly ConcurrentDictionary<(string? ProjectCode, string Name, Severity? Severity), RoutingDecision> _decisions = new();

    /// <summary>Where the event goes, with a verdict for each route. Events that are alike to the routes share one decision.</summary>
    public RoutingDecision Plan(DefectEvent defectEvent)
    {
        if (defectEvent.Severity?.Slug.Length > MaxSeverity) return Decide(defectEvent);
        var key = (defectEvent.ProjectCode, defectEvent.Name, defectEvent.Severity);
        if (_decisions.TryGetValue(key, out var known)) return known;
        if (_decisions.Count >= MaxDecisions) _decisions.Clear();
        return _decisions.GetOrAdd(key, Decide(defectEvent));
    }

    private RoutingDecision Decide(DefectEvent defectEvent)
    {
        // Kept for long: not with the event's body.
        var kind = new DefectEvent { Source = "", Name = defectEvent.Name, ProjectCode = defectEvent.ProjectCode, Severity = defectEvent.Severity, Payload = Nothing };
        var deliveries = new List<PlannedDelivery>();
        for (var index = 0; index < _routes.Length; index++)
        {
            var route = _routes[index];
            if (!route.Takes(kind)) continue;
            foreach (var destination in route.To)
            {
                // A destination named by two routes gets one message, in the words of the first.
                if (!deliveries.Exists(planned => string.Equals(planned.Destination, destination, StringComparison.OrdinalIgnoreCase)))
                    deliveries.Add(route.Plan(destination, index));
            }

            if (!route.Continue) break;
        }

        return new RoutingDecision(new RouteVerdicts(_routes, kind), deliveries) { Version = version };
    }
}
