using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>How Slack writes that somebody is notified. docs.slack.dev/messaging/formatting-message-text#mentioning-users</summary>
internal static class SlackMention
{
    /// <summary>The element of a <c>rich_text</c> and its property that holds the id; null for a mention of nobody in Slack.</summary>
    public static (string Type, string Property)? KindOf(Mention? mention) => mention?.Slack switch
    {
        null => null,
        "here" or "channel" or "everyone" => ("broadcast", "range"),
        ['S', ..] => ("usergroup", "usergroup_id"),
        _ => ("user", "user_id"),
    };

    /// <summary>The same in mrkdwn; null for a mention of nobody in Slack.</summary>
    public static string? Mrkdwn(Mention? mention) => KindOf(mention)?.Type switch
    {
        null => null,
        "broadcast" => $"<!{mention!.Slack}>",
        "usergroup" => $"<!subteam^{mention!.Slack}>",
        _ => $"<@{mention!.Slack}>",
    };
}
