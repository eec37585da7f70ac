using System.Globalization;

namespace DefectNotifier.Rendering.Values;

/// <summary>Words for moments.</summary>
internal static class DateValue
{
    /// <summary>A date that Slack shows in the reader's own zone; elsewhere it reads <c>2026-01-05 09:00 UTC</c>, or <c>2026-01-05 10:00 UTC+01:00</c>.</summary>
    public static TemplateValue Of(DateTimeOffset time, TimeZoneInfo zone) => TemplateValue.Of(new MessageInline(Words(time, zone)) { Date = time });

    /// <summary>The same words as plain text, for a reader in that very zone.</summary>
    public static string Words(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return local.ToString(local.Offset == TimeSpan.Zero ? "yyyy-MM-dd HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'zzz", CultureInfo.InvariantCulture);
    }

    /// <exception cref="FormatException">The format is not one of .NET's.</exception>
    public static string Words(DateTimeOffset time, TimeZoneInfo zone, string format) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString(format, CultureInfo.InvariantCulture);
}
