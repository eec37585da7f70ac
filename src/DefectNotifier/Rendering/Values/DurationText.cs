namespace DefectNotifier.Rendering.Values;

/// <summary>Words for how long something took: its two largest units.</summary>
internal static class DurationText
{
    public static string Of(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => Two(span.Days, "d", span.Hours, "h"),
        { TotalHours: >= 1 } => Two(span.Hours, "h", span.Minutes, "min"),
        { TotalMinutes: >= 1 } => $"{span.Minutes} min",
        _ => "less than a minute",
    };

    private static string Two(int large, string largeUnit, int small, string smallUnit) => small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
