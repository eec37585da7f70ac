using System.Collections.Concurrent;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>The routes in order: the first match wins, unless it has Continue. Immutable and pure.</summary>
/// <param name="routes">The routes, in order.</param>
/// <param name="version">The version of the configuration; null when it has none.</param>
public sealed class RouteTable(IEnumerable<RouteOptions> routes, string? version = null)
{
    /// <summary>Decisions kept in memory, about 1 kB each. A limit, because senders choose the text of the keys.</summary>
    private const int MaxDecisions = 8_192;

    private static readonly JsonElement Nothing = JsonElement.Parse("{}"u8);

    /// <summary>
    /// In characters. A custom severity may be as long as a body allows; the lengths of names and codes are limited by <see
    /// cref="WebhookParser"/>.
    /// </summary>
    private const int MaxSeverity = 64;

    private readonly Route[] _routes = [.. routes.Select(options => new Route(options))];

    // Routes use only these parts of an event, and a workspace has few combinations of them, so most decisions are found here.
    private readonly ConcurrentDictionary<(string? ProjectCode, string Name, Severity? Severity), RoutingDecision> _decisions = new();

    /// <summary>Where the event goes, with a verdict per route. Events that the routes cannot distinguish share one decision.</summary>
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
        // The decision is cached, so it must not keep the event's body in memory.
        var kind = new DefectEvent
        {
            Source = "",
            Name = defectEvent.Name,
            ProjectCode = defectEvent.ProjectCode,
            Severity = defectEvent.Severity,
            Payload = Nothing,
        };
        var deliveries = new List<PlannedDelivery>();
        for (var index = 0; index < _routes.Length; index++)
        {
            var route = _routes[index];
            if (!route.Takes(kind)) continue;
            foreach (var destination in route.To)
            {
                // A destination of two routes gets one message, with the settings of the first.
                if (!deliveries.Exists(planned => string.Equals(planned.Destination, destination, StringComparison.OrdinalIgnoreCase)))
                    deliveries.Add(route.Plan(destination, index));
            }

            if (!route.Continue) break;
        }

        return new RoutingDecision(new RouteVerdicts(_routes, kind), deliveries) { Version = version };
    }
}
