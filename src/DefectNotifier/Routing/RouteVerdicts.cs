using System.Collections;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>What each route of a table says of events that are alike to it, in the order of the table. It is said when it is asked for: a thousand sentences are much to keep for each kind of event.</summary>
/// <param name="routes">The table.</param>
/// <param name="kind">An event with what routes look at, and nothing else.</param>
internal sealed class RouteVerdicts(Route[] routes, DefectEvent kind) : IReadOnlyList<RouteVerdict>
{
    public int Count => routes.Length;

    public RouteVerdict this[int index] => index >= 0 && index < Count ? this.ElementAt(index) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<RouteVerdict> GetEnumerator()
    {
        string? notAsked = null;
        for (var index = 0; index < routes.Length; index++)
        {
            var route = routes[index];
            if (notAsked is not null) yield return new RouteVerdict(index, false, notAsked);
            else if (route.WhyNot(kind) is { } reason) yield return new RouteVerdict(index, false, reason);
            else
            {
                yield return new RouteVerdict(index, true, route.WhyMatched(kind));
                if (!route.Continue) notAsked = $"not asked: route {index} matched and does not continue";
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
