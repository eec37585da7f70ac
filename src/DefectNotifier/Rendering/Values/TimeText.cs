using System.Globalization;

namespace DefectNotifier.Rendering.Values;

/// <summary>Text for dates and durations.</summary>
internal static class TimeText
{
    /// <summary>Without a format: <c>2026-01-05 09:00 UTC</c>, or <c>2026-01-05 10:00 UTC+01:00</c> in another zone.</summary>
    /// <exception cref="FormatException">The format is not a .NET date format.</exception>
    public static string Date(DateTimeOffset time, TimeZoneInfo zone, string? format = null)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        format ??= local.Offset == TimeSpan.Zero ? "yyyy-MM-dd HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'zzz";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>ISO 8601 in UTC: <c>2026-01-05T09:00:00Z</c>.</summary>
    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The two largest units of a duration: <c>2 d 4 h</c>.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 1 } => Units(duration.Days, "d", duration.Hours, "h"),
        { TotalHours: >= 1 } => Units(duration.Hours, "h", duration.Minutes, "min"),
        { TotalMinutes: >= 1 } => $"{duration.Minutes} min",
        _ => "less than a minute",
    };

    private static string Units(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
