using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>Finds quiet hours that never end, and those that defer nothing.</summary>
internal static class QuietHoursCheck
{
    // Entries that cover the whole week include every moment.
    private static readonly DateTimeOffset AnyMoment = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Finding> Check(RouteOptions route, string path)
    {
        var severities = RouteCover.SeveritiesOf(route);
        if (severities.Count == 0) yield break;
        for (var index = 0; index < route.QuietHours.Count; index++)
        {
            var except = route.QuietHours[index].Except;
            if (!severities.All(severity => except.Contains(severity?.Slug, StringComparer.OrdinalIgnoreCase))) continue;
            yield return FindingCode.UnusedQuietHours.At(
                $"{path}:{index}", "Defers nothing: Except lists every severity that the route takes.", "Remove it, or shorten Except.");
        }

        var quietHours = new QuietHours(route.QuietHours);
        if (severities.Any(severity => quietHours.EndOf(AnyMoment, severity) - AnyMoment >= QuietHours.MaxLength))
        {
            yield return FindingCode.EndlessQuietHours.At(
                path,
                $"Never ends: the entries cover the whole week, so each message waits {QuietHours.MaxLength.TotalDays} days.",
                "Leave a time between the end of one entry and the beginning of the next one.");
        }
    }
}
