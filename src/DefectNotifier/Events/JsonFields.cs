using System.Globalization;
using System.Text.Json;

namespace DefectNotifier.Events;

/// <summary>Tolerant readers of single JSON values: an unreadable value counts as absent, never as an error.</summary>
internal static class JsonFields
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>The property, or null when it is missing or JSON null.</summary>
    public static JsonElement? Get(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>The text of a string, number or boolean; null for a text that shows nothing and for anything else.</summary>
    public static string? AsText(this JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString() is { } text && VisibleText.IsIn(text) ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number up to int64, also as text (<c>"73"</c>) or with an empty fraction (<c>73.0</c>).</summary>
    public static long? AsInteger(this JsonElement? value)
    {
        if (value?.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)) return null;
        var text = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()!.Trim() : value.Value.GetRawText();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return integer;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;
    }

    /// <summary>
    /// Unix seconds, Unix milliseconds (beyond the year 5138 as seconds) or ISO 8601, as number or text. Text without a zone is UTC.
    /// </summary>
    public static DateTimeOffset? AsTime(this JsonElement? value)
    {
        if (value.AsInteger() is { } number)
        {
            return number switch
            {
                // Zero or less comes from a clock that was never set.
                <= 0 => null,
                < 100_000_000_000 => DateTimeOffset.FromUnixTimeSeconds(number),
                < 253_402_300_800_000 => DateTimeOffset.FromUnixTimeMilliseconds(number),
                _ => null,
            };
        }

        if (value?.ValueKind == JsonValueKind.Number && value.Value.TryGetDouble(out var seconds) && seconds is > 0 and < 1e11)
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        return value?.ValueKind == JsonValueKind.String ? FromIso(value.Value.GetString()!.Trim()) : null;
    }

    /// <summary>
    /// A time in ISO 8601. It needs a full date: .NET also reads "12:30" as a time of today and "1.5" as a day of this year, so the value
    /// would depend on the day.
    /// </summary>
    public static DateTimeOffset? FromIso(string text) =>
        text is [_, _, _, _, '-', _, _, '-', _, _, ..]
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time)
        && time > DateTimeOffset.UnixEpoch
            ? time
            : null;
}
