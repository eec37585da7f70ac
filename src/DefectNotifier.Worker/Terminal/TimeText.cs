using System.Globalization;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Times and durations in a short form for people.</summary>
internal static class TimeText
{
    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => $"{Math.Max(0, duration.TotalMilliseconds):0} ms",
        { TotalSeconds: < 10 } => $"{duration.TotalSeconds:0.#} s",
        { TotalMinutes: < 1 } => $"{duration.TotalSeconds:0} s",
        { TotalHours: < 1 } => TwoUnits(duration.Minutes, "min", duration.Seconds, "s"),
        { TotalDays: < 1 } => TwoUnits(duration.Hours, "h", duration.Minutes, "min"),
        _ => TwoUnits(duration.Days, "d", duration.Hours, "h"),
    };

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Without the year, for tables.</summary>
    public static string Short(DateTimeOffset time) => time.UtcDateTime.ToString("MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string TwoUnits(int large, string unit, int small, string smallUnit) =>
        small == 0 ? $"{large} {unit}" : $"{large} {unit} {small} {smallUnit}";
}
