using System.Collections;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>
/// The verdicts of all routes, in order, for events that the routes cannot distinguish. The sentences are made when they are read: with
/// 1,000 routes they would be too much to keep in memory.
/// </summary>
/// <param name="routes">All routes.</param>
/// <param name="kind">An event with only the parts that routes use.</param>
internal sealed class RouteVerdicts(Route[] routes, DefectEvent kind) : IReadOnlyList<RouteVerdict>
{
    public int Count => routes.Length;

    public RouteVerdict this[int index] =>
        index >= 0 && index < Count ? this.ElementAt(index) : throw new ArgumentOutOfRangeException(nameof(index));

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
