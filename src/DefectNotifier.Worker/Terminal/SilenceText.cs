using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Silences in words.</summary>
internal static class SilenceText
{
    /// <summary>Its matchers, for example <c>project WEB; title timeout*</c>.</summary>
    public static string MatchersOf(Silence silence)
    {
        (string Name, IReadOnlyList<string> Values)[] matchers =
        [
            ("project", silence.ProjectCodes),
            ("event", silence.Events),
            ("severity", silence.Severities),
            ("severity", silence.MinSeverity is { } min ? [$"{min} or worse"] : []),
            ("title", silence.Titles),
        ];
        return silence.HasNoMatcher
            ? "every event"
            : string.Join("; ", matchers.Where(one => one.Values.Count > 0).Select(one => $"{one.Name} {string.Join(", ", one.Values)}"));
    }

    /// <summary>Who asked for it, until when, and why.</summary>
    public static string NoteOf(Silence silence) =>
        $"by {silence.By} until {TimeText.Of(silence.EndsAt)}: {silence.Why} (silence {silence.Id})";
}
