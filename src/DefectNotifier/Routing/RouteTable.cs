using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>The routes in their order: the first that matches wins, unless it says Continue. Immutable and pure.</summary>
/// <param name="routes">The routes.</param>
/// <param name="version">The version of the configuration that contains them; null: no version.</param>
public sealed class RouteTable(IEnumerable<RouteOptions> routes, string? version = null)
{
    private static readonly JsonElement EmptyPayload = JsonElement.Parse("{}"u8);

    private readonly Route[] _routes = [.. routes.Select(options => new Route(options))];

    /// <summary>Where the event goes.</summary>
    public RoutingDecision Plan(DefectEvent defectEvent)
    {
        var matched = new List<int>();
        var deliveries = new List<PlannedDelivery>();
        for (var index = 0; index < _routes.Length; index++)
        {
            var route = _routes[index];
            if (!route.Takes(defectEvent)) continue;
            matched.Add(index);
            foreach (var destination in route.To)
            {
                // A destination named by two routes gets one message, rendered as the first one says.
                if (!deliveries.Exists(planned => string.Equals(planned.Destination, destination, StringComparison.OrdinalIgnoreCase)))
                    deliveries.Add(route.Plan(destination, index));
            }

            if (!route.Continue) break;
        }

        return new RoutingDecision(matched, deliveries) { Version = version, Severity = defectEvent.Severity?.Slug };
    }

    /// <summary>Why each route takes the event or does not.</summary>
    public IReadOnlyList<RouteVerdict> Explain(DefectEvent defectEvent)
    {
        var verdicts = new List<RouteVerdict>();
        string? notAsked = null;
        for (var index = 0; index < _routes.Length; index++)
        {
            var route = _routes[index];
            if ((notAsked ?? route.WhyNot(defectEvent)) is { } reason)
            {
                verdicts.Add(new RouteVerdict(index, Matched: false, reason));
                continue;
            }

            verdicts.Add(new RouteVerdict(index, Matched: true, route.WhyMatched(defectEvent)));
            if (!route.Continue) notAsked = $"not evaluated: route {index} matched and does not continue";
        }

        return verdicts;
    }

    /// <summary>
    /// Adds the reasons to a stored decision, if this table made it and still gives the same result; what is stored is never replaced.
    /// </summary>
    /// <param name="stored">The decision.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="projectCode">The event's project.</param>
    public RoutingDecision Explain(RoutingDecision stored, string eventName, string? projectCode)
    {
        if (stored.IsOwnEvent || stored.Version is null || stored.Version != version) return stored;
        var asked = new DefectEvent
        {
            Source = "",
            Name = eventName,
            ProjectCode = projectCode,
            Severity = Severity.Parse(stored.Severity),
            Payload = EmptyPayload,
        };
        var verdicts = Explain(asked);
        var isSame = verdicts.Where(verdict => verdict.Matched).Select(verdict => verdict.Route).SequenceEqual(stored.Routes);
        return isSame ? stored with { Verdicts = verdicts } : stored;
    }
}
