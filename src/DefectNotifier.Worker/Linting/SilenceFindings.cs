using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>Finds silences that match nothing.</summary>
internal static class SilenceFindings
{
    private static readonly TimeSpan Unused = TimeSpan.FromDays(7);

    /// <param name="silences">The silences that have not ended.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<Finding> Of(IEnumerable<Silence> silences, DateTimeOffset now) =>
        silences.Where(silence => (silence.MatchedAt ?? silence.StartsAt) <= now - Unused)
            .Select(silence => FindingCode.UnusedSilence.At(
                $"silence {silence.Id}",
                $"The silence by {silence.By} ({silence.Why}) has matched nothing for {Unused.TotalDays:0} days.",
                $"End it with \"silence expire {silence.Id}\", or correct its matchers in a new one."));
}
