using System.Globalization;
using System.Text.Json;

namespace DefectNotifier.Chat.Http;

/// <summary>How long a chat asks us to wait: the header of RFC 9110 section 10.2.3, or <c>retry_after</c> in Slack's JSON.</summary>
public static class RetryAfter
{
    /// <summary>For a 429 that does not say how long; Slack's own SDKs wait as long.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Longer waits are asked again after an hour, so that a server's slip can't silence a lane for days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly string[] DateFormats =
        ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>Never earlier than asked, but for the longest.</summary>
    public static TimeSpan Clamp(TimeSpan asked) => asked < Shortest ? Shortest : asked > Longest ? Longest : asked;

    /// <summary>Seconds or an HTTP date. A date in the past is no wait at all; what can't be read, or is negative, was not said.</summary>
    public static TimeSpan? Parse(string? header, DateTimeOffset now)
    {
        var text = header.AsSpan().Trim();
        if (text.IsEmpty)
            return null;

        // The framework reads "NaN" and "Infinity" as numbers too.
        if (char.IsAsciiDigit(text[0]) && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return FromSeconds(seconds);

        return DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date > now ? date - now : TimeSpan.Zero
            : null;
    }

    /// <summary>The member <c>retry_after</c> of an object, a number or a string of one.</summary>
    public static TimeSpan? Parse(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty("retry_after", out var value))
            return null;

        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var seconds) && seconds >= 0 => FromSeconds(seconds),
            JsonValueKind.String => Parse(ResponseJson.TextOf(value), DateTimeOffset.MaxValue),
            _ => null,
        };
    }

    /// <summary>The longer of two wishes.</summary>
    public static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;

    // A span can't hold every number; no one waits that long anyway.
    private static TimeSpan FromSeconds(double seconds) =>
        seconds > Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : TimeSpan.FromSeconds(Math.Ceiling(seconds));
}
