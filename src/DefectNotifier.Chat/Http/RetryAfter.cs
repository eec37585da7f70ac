using System.Globalization;
using System.Text.Json;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Http;

/// <summary>How long a chat asks us to wait: the header of RFC 9110 section 10.2.3, or <c>retry_after</c> in Slack's JSON.</summary>
public static class RetryAfter
{
    /// <summary>For a 429 without a wait; Slack's own SDKs use the same value.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    /// <summary>After a longer requested wait we try again after one hour: a wrong value must not stop a lane for days.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromHours(1);

    private static readonly string[] DateFormats =
        ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>Limits a requested wait to between <see cref="Min"/> and <see cref="Max"/>.</summary>
    public static TimeSpan Clamp(TimeSpan requested) => requested < Min ? Min : requested > Max ? Max : requested;

    /// <summary>The wait of a result: always set for <see cref="SendOutcome.Wait"/>, null for outcomes that are not retried.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="requested">The wait that the response asks for.</param>
    /// <param name="minimum">The minimum wait for this error.</param>
    public static TimeSpan? For(SendOutcome outcome, TimeSpan? requested, TimeSpan? minimum = null) => outcome switch
    {
        SendOutcome.Wait => Clamp(Longer(requested, minimum) ?? Default),
        SendOutcome.Retry or SendOutcome.Ambiguous when requested is { } wait => Clamp(wait),
        _ => null,
    };

    /// <summary>Seconds or an HTTP date. A date in the past means no wait; malformed or negative values count as absent.</summary>
    public static TimeSpan? Parse(string? header, DateTimeOffset now)
    {
        var text = header.AsSpan().Trim();
        if (text.IsEmpty)
            return null;

        // double.TryParse accepts "NaN" and "Infinity" too, hence the check of the first character.
        if (char.IsAsciiDigit(text[0])
            && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return FromSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date > now ? date - now : TimeSpan.Zero
            : null;
    }

    /// <summary>The member <c>retry_after</c> of an object: a number, or a number in a string.</summary>
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

    public static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;

    // TimeSpan cannot hold every number; Clamp reduces larger ones to Max anyway.
    private static TimeSpan FromSeconds(double seconds) =>
        seconds > Max.TotalSeconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue))
            : TimeSpan.FromSeconds(Math.Ceiling(seconds));
}
