using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>
/// How Slack writes dates and mentions, in <c>rich_text</c> and in mrkdwn. docs.slack.dev/messaging/formatting-message-text
/// </summary>
internal static class SlackInline
{
    /// <summary>Slack shows it in the reader's time zone and language.</summary>
    public const string DateFormat = "{date_short_pretty} {time}";

    /// <summary>False for a run without a date and for dates before 1970, which Slack rejects: their text is shown instead.</summary>
    public static bool TryReadDate(MessageInline run, out long unixSeconds)
    {
        unixSeconds = run.Date?.ToUnixTimeSeconds() ?? -1;
        return unixSeconds >= 0;
    }

    /// <summary>The <c>rich_text</c> element of a mention and its property for the id; null for a mention without a Slack id.</summary>
    public static (string Type, string Property)? MentionElement(Mention? mention) => mention?.Slack switch
    {
        null => null,
        "here" or "channel" or "everyone" => ("broadcast", "range"),
        ['S', ..] => ("usergroup", "usergroup_id"),
        _ => ("user", "user_id"),
    };

    /// <summary>A mention in mrkdwn; null for a mention without a Slack id.</summary>
    public static string? MentionMarkup(Mention? mention) => MentionElement(mention)?.Type switch
    {
        null => null,
        "broadcast" => $"<!{mention!.Slack}>",
        "usergroup" => $"<!subteam^{mention!.Slack}>",
        _ => $"<@{mention!.Slack}>",
    };
}
