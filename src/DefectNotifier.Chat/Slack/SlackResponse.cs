using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Slack;

/// <summary>One answer of Slack's Web API, as it came: what it means, <see cref="SlackApiResponses"/> says.</summary>
public sealed record SlackResponse
{
    /// <summary>True only when Slack's own JSON said <c>ok: true</c>.</summary>
    public bool Ok { get; init; }

    /// <summary>Slack's error code, for example <c>channel_not_found</c>; null when the answer was not Slack's JSON.</summary>
    public string? Error { get; init; }

    /// <summary>The HTTP status. Slack's says little besides 200 and 429.</summary>
    public int Status { get; init; } = 200;

    /// <summary>How long Slack asks us to wait, from the header or the JSON; not clamped.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The id of the channel that was posted to.</summary>
    public string? Channel { get; init; }

    /// <summary>The message's timestamp, its id within the channel. A text: it is no number.</summary>
    public string? Ts { get; init; }

    /// <summary>What Slack says besides the code: <c>errors</c>, <c>response_metadata.messages</c>, scopes needed and provided.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>
    /// The whole answer, for what has no member here (the messages of <c>conversations.history</c>); null when it was not Slack's JSON.
    /// </summary>
    public string? Json { get; init; }

    /// <summary>True when the answer was longer than is read: of it only the status is known.</summary>
    public bool IsCut { get; init; }

    /// <summary>What the token may do (<c>x-oauth-scopes</c>); null when Slack does not say.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>How far Slack's clock is ahead of ours, to the second; null when it is not known.</summary>
    public TimeSpan? Drift { get; init; }

    /// <summary>Set when no answer was heard: what is known of the call. The rest then means nothing.</summary>
    public SendResult? Failure { get; init; }
}
