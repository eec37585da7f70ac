using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Finds routes that no event can match, and events that no route matches.</summary>
internal static class RouteCheck
{
    /// <param name="routes">In their order; null in place of a route that could not be read.</param>
    public static IEnumerable<Finding> Check(IReadOnlyList<RouteOptions?> routes)
    {
        for (var index = 0; index < routes.Count; index++)
        {
            if (routes[index] is not { } route) continue;
            foreach (var finding in CheckOne(route, $"Routes:{index}")) yield return finding;
            foreach (var finding in QuietHoursCheck.Check(route, $"Routes:{index}:QuietHours")) yield return finding;
            if (NotFollowed(routes, route) is { } destination)
            {
                yield return FindingCode.NotFollowed.At(
                    $"Routes:{index}:Follow",
                    $"Sends new defects to '{destination}', but no route sends all their later events there, so messages become outdated.",
                    "Remove \"Follow\": false.");
            }

            if (ShadowingRoute(routes, index) is { } earlier)
            {
                yield return FindingCode.ShadowedRoute.At(
                    $"Routes:{index}",
                    $"Never matches: the earlier Routes:{earlier} takes every event that this route would take, and does not continue.",
                    $"Move it before Routes:{earlier}, or set \"Continue\": true there.");
            }
        }

        if (routes.Count > 0 && !routes.Contains(null) && !routes.Any(route => RouteCover.Covers(route!, new RouteOptions())))
        {
            yield return FindingCode.Unrouted.At(
                "Routes",
                "No route takes all remaining events: an event that matches no route is stored but not sent.",
                "Add a last route that has only To.");
        }
    }

    private static IEnumerable<Finding> CheckOne(RouteOptions route, string path)
    {
        if (RouteCover.HasNoSeverity(route))
        {
            yield return FindingCode.NeverMatches.At(
                path, $"Never matches: none of Severities is {route.MinSeverity} or worse.", "Remove either Severities or MinSeverity.");
        }

        for (var index = 0; index < route.ProjectCodes.Count; index++)
        {
            var code = route.ProjectCodes[index];
            if (code.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '*' or '?')) continue;
            yield return FindingCode.NeverMatches.At(
                $"{path}:ProjectCodes:{index}",
                $"'{code}' matches no project code: a code has only letters, digits, _ and -, and only * and ? are wildcards.",
                "Write each code as an entry of its own: [\"WEB\", \"SHOP\"].");
        }

        for (var index = 0; index < route.Events.Count; index++)
        {
            var glob = new Glob(route.Events[index]);
            if (EventNames.Known.Any(glob.IsMatch)) continue;
            yield return FindingCode.UnknownEvent.At(
                $"{path}:Events:{index}",
                $"'{glob}' matches no event that Qase documents.",
                Suggestion.For(glob.Pattern, EventNames.Known));
        }

        for (var index = 0; index < route.To.Count; index++)
        {
            if (!route.To.Take(index).Contains(route.To[index], StringComparer.OrdinalIgnoreCase)) continue;
            yield return FindingCode.DuplicateDestination.At(
                $"{path}:To:{index}", $"'{route.To[index]}' is listed twice; it receives one message.");
        }
    }

    // The first destination whose messages become outdated.
    private static string? NotFollowed(IReadOnlyList<RouteOptions?> routes, RouteOptions route)
    {
        if (route.Follow || !RouteCover.MayTake(route, "defect.created")) return null;
        var later = new RouteOptions
        {
            ProjectCodes = route.ProjectCodes,
            Severities = route.Severities,
            MinSeverity = route.MinSeverity,
            Events = ["defect.*"],
        };
        return route.To.FirstOrDefault(destination => !routes.Any(other => other is not null
            && other.To.Contains(destination, StringComparer.OrdinalIgnoreCase) && RouteCover.Covers(other, later)));
    }

    private static int? ShadowingRoute(IReadOnlyList<RouteOptions?> routes, int index)
    {
        if (RouteCover.HasNoSeverity(routes[index]!)) return null;
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (routes[earlier] is { Continue: false } wide && RouteCover.Covers(wide, routes[index]!)) return earlier;
        }

        return null;
    }
}
