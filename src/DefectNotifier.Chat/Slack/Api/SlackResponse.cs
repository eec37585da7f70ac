using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Slack.Api;

/// <summary>One response of Slack's Web API. It is not classified yet: <c>SlackApiResponses</c> does that.</summary>
public sealed record SlackResponse
{
    /// <summary>True only when Slack's JSON contains <c>ok: true</c>.</summary>
    public bool Ok { get; init; }

    /// <summary>Slack's error code, for example <c>channel_not_found</c>; null when the response was not Slack's JSON.</summary>
    public string? Error { get; init; }

    /// <summary>The HTTP status. Slack rarely uses any besides 200 and 429.</summary>
    public int Status { get; init; } = 200;

    /// <summary>How long Slack asks us to wait, from the header or the JSON; not clamped.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The id of the channel that was posted to.</summary>
    public string? Channel { get; init; }

    /// <summary>The message's timestamp, which is its id within the channel. A string, because a number would lose digits.</summary>
    public string? Ts { get; init; }

    /// <summary>
    /// What Slack reports besides an error code: <c>errors</c>, <c>response_metadata.messages</c>, scopes needed and provided.
    /// </summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>
    /// The whole response, for data without a member here (the messages of <c>conversations.history</c>); null when it was not Slack's
    /// JSON.
    /// </summary>
    public string? Json { get; init; }

    /// <summary>True when the response was longer than the client reads; only its status is known then.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The scopes of the token (<c>x-oauth-scopes</c>); null when Slack does not send them.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>How far Slack's clock is ahead of ours, to the second; null when unknown.</summary>
    public TimeSpan? Drift { get; init; }

    /// <summary>Set when there was no response: the classified transport error. The other members then mean nothing.</summary>
    public SendResult? Failure { get; init; }
}

/// <summary>Our reference to a posted message: <c>channel/ts</c>.</summary>
internal static class SlackReference
{
    private const int MaxPartLength = 32;

    /// <summary>
    /// Null when a part is missing or is not a valid channel id or timestamp: the reference is stored and shown, and the response is
    /// untrusted.
    /// </summary>
    public static string? Of(string? channel, string? ts) =>
        channel is { Length: > 0 and <= MaxPartLength } && channel.All(char.IsAsciiLetterOrDigit)
        && ts is { Length: > 0 and <= MaxPartLength } && ts.All(letter => char.IsAsciiDigit(letter) || letter == '.')
            ? $"{channel}/{ts}"
            : null;

    /// <summary>The parts of a reference; null for null and for anything else.</summary>
    public static (string Channel, string Ts)? Read(string? reference) =>
        reference?.Split('/') is [var channel, var ts] && Of(channel, ts) is not null ? (channel, ts) : null;
}
