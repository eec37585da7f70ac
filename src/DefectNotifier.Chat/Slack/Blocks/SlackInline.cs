using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>
/// How Slack writes dates and mentions, in <c>rich_text</c> and in mrkdwn. docs.slack.dev/messaging/formatting-message-text
/// </summary>
internal static class SlackInline
{
    /// <summary>Slack shows it in the reader's time zone and language.</summary>
    public const string DateFormat = "{date_short_pretty} {time}";

    /// <summary>Unix seconds; null for a run without a date and for dates before 1970, which Slack rejects: their text is shown.</summary>
    public static long? DateOf(MessageInline run) => run.Date?.ToUnixTimeSeconds() is >= 0 and var seconds ? seconds : null;

    /// <summary>
    /// The <c>rich_text</c> element of a mention, its property for the id, and the mention in mrkdwn. Null without a mention, and for a
    /// mention without a Slack id.
    /// </summary>
    public static (string Type, string Property, string Markup)? MentionOf(MessageInline run) => run.Mention?.Slack switch
    {
        null => null,
        ("here" or "channel" or "everyone") and var range => ("broadcast", "range", $"<!{range}>"),
        ['S', ..] and var group => ("usergroup", "usergroup_id", $"<!subteam^{group}>"),
        var user => ("user", "user_id", $"<@{user}>"),
    };
}
