using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>What a route can match, and whether it matches everything that another route matches.</summary>
internal static class RouteCover
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}"u8);

    // One custom severity represents all of them, because no route can name them.
    private static readonly Severity?[] Severities = [null, .. Severity.Known, new Severity("workspace-own", "Workspace's own", null)];

    /// <summary>True when every event that the later route matches is also matched by the earlier one.</summary>
    public static bool Covers(RouteOptions earlier, RouteOptions later) =>
        CoversTexts(earlier.ProjectCodes, later.ProjectCodes, mayBeMissing: true)
        && CoversTexts(earlier.Events, later.Events, mayBeMissing: false)
        && IndexesOf(later).IsSubsetOf(IndexesOf(earlier));

    /// <summary>True when the route can match an event with this name.</summary>
    public static bool MayTake(RouteOptions route, string eventName) =>
        (route.Events.Count == 0 || route.Events.Any(pattern => new Glob(pattern).IsMatch(eventName))) && !HasNoSeverity(route);

    /// <summary>True when no severity meets both Severities and MinSeverity.</summary>
    public static bool HasNoSeverity(RouteOptions route) => IndexesOf(route).Count == 0;

    /// <summary>The severities of events that the route can match; null stands for none.</summary>
    public static IReadOnlyList<Severity?> SeveritiesOf(RouteOptions route) => [.. IndexesOf(route).Select(index => Severities[index])];

    private static bool CoversTexts(IReadOnlyList<string> wide, IReadOnlyList<string> narrow, bool mayBeMissing)
    {
        if (wide.Count == 0) return true;
        // A pattern never matches an event without the text.
        if (narrow.Count == 0 && mayBeMissing) return false;
        List<Glob> globs = [.. wide.Select(pattern => new Glob(pattern))];
        return (narrow.Count == 0 ? ["*"] : narrow).All(pattern => GlobCover.Covers(globs, new Glob(pattern)));
    }

    private static HashSet<int> IndexesOf(RouteOptions options)
    {
        // An invalid MinSeverity is already an error of its own, and is ignored here.
        var min = options.MinSeverity is { } word && Severity.TryParseKnown(word, out var known) && known.Rank is not null ? word : null;
        var route = new Route(new RouteOptions { Severities = options.Severities, MinSeverity = min });
        return [.. Enumerable.Range(0, Severities.Length).Where(index => route.Takes(EventWith(Severities[index])))];
    }

    private static DefectEvent EventWith(Severity? severity) => new()
    {
        Source = "",
        Name = "defect.created",
        Severity = severity,
        Payload = Empty,
    };
}
