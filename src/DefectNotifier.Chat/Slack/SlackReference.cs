namespace DefectNotifier.Chat.Slack;

/// <summary>Our reference to a posted message, <c>channel/ts</c>.</summary>
internal static class SlackReference
{
    private const int MaxPartLength = 32;

    /// <summary>
    /// Null when a part is missing or does not look like a channel id or a timestamp: the reference is kept and shown, and the answer may be anybody's.
    /// </summary>
    public static string? Of(string? channel, string? ts) =>
        channel is { Length: > 0 and <= MaxPartLength } && channel.All(char.IsAsciiLetterOrDigit)
        && ts is { Length: > 0 and <= MaxPartLength } && ts.All(letter => char.IsAsciiDigit(letter) || letter == '.')
            ? $"{channel}/{ts}"
            : null;

    /// <summary>Its parts; null for null and for what is no reference of ours.</summary>
    public static (string Channel, string Ts)? Read(string? reference) =>
        reference?.Split('/') is [var channel, var ts] && Of(channel, ts) is not null ? (channel, ts) : null;
}
