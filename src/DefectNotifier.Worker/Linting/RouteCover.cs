using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>What a route can match at all, and whether it takes everything that another one takes.</summary>
internal static class RouteCover
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}"u8);

    // One of the workspace's own stands for all of those: no route can name it.
    private static readonly Severity?[] Severities = [null, .. Severity.Known, new Severity("workspace-own", "Workspace's own", null)];

    /// <summary>True when there is no event that the later one takes and the earlier one does not.</summary>
    public static bool Covers(RouteOptions earlier, RouteOptions later) =>
        CoversTexts(earlier.ProjectCodes, later.ProjectCodes, mayBeMissing: true)
        && CoversTexts(earlier.Events, later.Events, mayBeMissing: false)
        && SeveritiesOf(later).IsSubsetOf(SeveritiesOf(earlier));

    /// <summary>True when an event of this name may match, whatever else it says.</summary>
    public static bool MayTake(RouteOptions route, string eventName) =>
        (route.Events.Count == 0 || route.Events.Any(pattern => new Glob(pattern).IsMatch(eventName))) && SeveritiesOf(route).Any(index => index == 0 || MayHaveSeverity(eventName));

    /// <summary>True when no severity meets both conditions.</summary>
    public static bool HasNoSeverity(RouteOptions route) => SeveritiesOf(route).Count == 0;

    /// <summary>Qase sends nothing but the id with these.</summary>
    public static bool MayHaveSeverity(string eventName) => eventName.ToLowerInvariant() is not ("defect.updated" or "defect.resolved" or "defect.deleted");

    private static bool CoversTexts(IReadOnlyList<string> wide, IReadOnlyList<string> narrow, bool mayBeMissing)
    {
        if (wide.Count == 0) return true;
        // A pattern never takes an event without the text.
        if (narrow.Count == 0 && mayBeMissing) return false;
        List<Glob> globs = [.. wide.Select(pattern => new Glob(pattern))];
        return (narrow.Count == 0 ? ["*"] : narrow).All(pattern => GlobCover.Covers(globs, new Glob(pattern)));
    }

    private static HashSet<int> SeveritiesOf(RouteOptions options)
    {
        // check goes on with settings that have errors, and told of a word that is no severity already.
        var least = options.MinSeverity is { } word && Severity.TryParseKnown(word, out var known) && known.Rank is not null ? word : null;
        var route = new Route(new RouteOptions { Severities = options.Severities, MinSeverity = least });
        return [.. Enumerable.Range(0, Severities.Length).Where(index => route.WhyNot(new DefectEvent { Source = "", Name = "defect.created", Severity = Severities[index], Payload = Empty }) is null)];
    }
}
