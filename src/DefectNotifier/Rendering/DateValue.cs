using System.Globalization;

namespace DefectNotifier.Rendering;

/// <summary>Words for moments.</summary>
internal static class DateValue
{
    /// <summary>A date that Slack shows in the reader's own zone; elsewhere it reads <c>2026-01-05 09:00 UTC</c>.</summary>
    public static PlacedValue Of(DateTimeOffset time) => new(Words(time, "yyyy-MM-dd HH:mm 'UTC'"), time);

    /// <summary>The same moment in a format of the author's choice, as plain text in UTC.</summary>
    /// <exception cref="FormatException">The format is not one of .NET's.</exception>
    public static PlacedValue Of(DateTimeOffset time, string format) => new(Words(time, format));

    private static string Words(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
