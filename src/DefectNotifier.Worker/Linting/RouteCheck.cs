using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Looks for routes that no event reaches and for events that no route takes.</summary>
internal static class RouteCheck
{
    /// <param name="routes">In their order; null in place of one that could not be read.</param>
    public static IEnumerable<Finding> Check(IReadOnlyList<RouteOptions?> routes)
    {
        for (var index = 0; index < routes.Count; index++)
        {
            if (routes[index] is not { } route) continue;
            foreach (var finding in CheckOne(route, $"Routes:{index}")) yield return finding;
            if (WhoTakesAll(routes, index) is { } earlier)
            {
                yield return FindingCode.ShadowedRoute.At($"Routes:{index}", $"Never gets an event: Routes:{earlier} comes first, takes everything that this one takes, and does not continue.",
                    $"Put it before Routes:{earlier}, or give that one \"Continue\": true.");
            }
        }

        if (routes.Count > 0 && !routes.Contains(null) && !routes.Any(route => RouteCover.Covers(route!, new RouteOptions())))
            yield return FindingCode.Unrouted.At("Routes", "No route takes the rest: an event that none matches is kept, and told to nobody.", "Add a last route with only To.");
    }

    private static IEnumerable<Finding> CheckOne(RouteOptions route, string path)
    {
        if (RouteCover.HasNoSeverity(route))
            yield return FindingCode.NeverMatches.At(path, $"Matches nothing: none of Severities is {route.MinSeverity} or worse.", "Leave out one of Severities and MinSeverity.");
        else if (AsksForAbsentSeverity(route))
            yield return FindingCode.NeverMatches.At(path, "Matches nothing: Qase sends a severity only when a defect is created, never with these events.", "Leave out Severities and MinSeverity.");

        for (var index = 0; index < route.Events.Count; index++)
        {
            var glob = new Glob(route.Events[index]);
            if (!EventNames.Known.Any(glob.IsMatch))
                yield return FindingCode.UnknownEvent.At($"{path}:Events:{index}", $"'{glob}' matches no event that Qase documents.", Suggestion.For(glob.Pattern, EventNames.Known));
        }

        for (var index = 0; index < route.To.Count; index++)
        {
            if (route.To.Take(index).Contains(route.To[index], StringComparer.OrdinalIgnoreCase))
                yield return FindingCode.DuplicateDestination.At($"{path}:To:{index}", $"'{route.To[index]}' is named twice; it gets one message.");
        }
    }

    private static bool AsksForAbsentSeverity(RouteOptions route) =>
        (route.Severities.Count > 0 || route.MinSeverity is not null)
        && route.Events.Count > 0 && route.Events.All(pattern => pattern.AsSpan().IndexOfAny('*', '?') < 0 && !RouteCover.MayHaveSeverity(pattern));

    private static int? WhoTakesAll(IReadOnlyList<RouteOptions?> routes, int index)
    {
        if (RouteCover.HasNoSeverity(routes[index]!)) return null;
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (routes[earlier] is { Continue: false } wide && RouteCover.Covers(wide, routes[index]!)) return earlier;
        }

        return null;
    }
}
