using DefectNotifier.Chat.Fitting;
using Properties = System.Collections.Generic.IReadOnlyDictionary<string, DefectNotifier.Chat.Fitting.DraftRule>;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What Slack takes where in a message; <c>invalid_blocks</c> is its answer to everything else. docs.slack.dev/reference/block-kit
/// </summary>
internal static class SlackKinds
{
    private const int Unlimited = int.MaxValue;

    private static readonly DraftRule Style = DraftRule.Object("/style");
    private static readonly DraftRule Plain = DraftRule.Object("plain_text");
    private static readonly DraftRule Runs = DraftRule.List("text", "link", "emoji", "user", "usergroup", "broadcast", "channel", "date", "color", "team").Required;

    private static readonly string[] Menus =
    [
        "checkboxes", "radio_buttons", "overflow", "static_select", "external_select", "users_select", "conversations_select", "channels_select", "multi_static_select", "multi_external_select",
        "multi_users_select", "multi_conversations_select", "multi_channels_select", "datepicker", "timepicker", "datetimepicker", "workflow_button", "icon_button", "feedback_buttons",
    ];

    // Those with a table here, and those that are left to Slack to judge.
    private static readonly DraftRule Blocks = DraftRule.OpenList(
        "header", "section", "context", "actions", "image", "rich_text", "divider", "video", "file", "markdown", "table", "context_actions", "card", "carousel", "container", "plan", "task_card", "data_table", "data_visualization");

    public static readonly DraftKinds All = new("/message", new Dictionary<string, Properties>
    {
        ["/message"] = Of(("text", DraftRule.Text), ("blocks", Blocks), ("attachments", DraftRule.List("/attachment")), ("unfurl_links", DraftRule.Flag), ("unfurl_media", DraftRule.Flag),
            ("username", DraftRule.Text), ("icon_emoji", DraftRule.Text), ("icon_url", DraftRule.Text)),
        ["/attachment"] = Of(("blocks", Blocks), ("*", DraftRule.Any)),
        ["plain_text"] = Of(("text", DraftRule.Text.Required), ("emoji", DraftRule.Flag)),
        ["mrkdwn"] = Of(("text", DraftRule.Text.Required), ("verbatim", DraftRule.Flag)),
        ["header"] = Block(("text", Plain.Required)),
        ["section"] = Block(("text", DraftRule.Object("plain_text", "mrkdwn").RequiredOr("fields")), ("fields", DraftRule.List("plain_text", "mrkdwn")), ("accessory", DraftRule.Object(["button", "image/element", .. Menus])), ("expand", DraftRule.Flag)),
        ["context"] = Block(("elements", DraftRule.List("plain_text", "mrkdwn", "image/element").Required)),
        ["actions"] = Block(("elements", DraftRule.List(["button", .. Menus]).Required)),
        ["image"] = Block(("image_url", DraftRule.Text.RequiredOr("slack_file")), ("slack_file", DraftRule.Any), ("alt_text", DraftRule.Text), ("title", Plain)),
        ["image/element"] = Of(("image_url", DraftRule.Text.RequiredOr("slack_file")), ("slack_file", DraftRule.Any), ("alt_text", DraftRule.Text)),
        ["divider"] = Block(),
        ["button"] = Of(("text", Plain.Required), ("action_id", DraftRule.Text), ("url", DraftRule.Text), ("value", DraftRule.Text), ("style", DraftRule.OneOf("primary", "danger")), ("confirm", DraftRule.Object("/confirm")), ("accessibility_label", DraftRule.Text)),
        ["/confirm"] = Of(("title", Plain.Required), ("text", DraftRule.Object("plain_text", "mrkdwn").Required), ("confirm", Plain.Required), ("deny", Plain.Required), ("style", DraftRule.OneOf("primary", "danger"))),
        ["rich_text"] = Block(("elements", DraftRule.List("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted").Required)),
        ["rich_text_section"] = Of(("elements", Runs)),
        ["rich_text_quote"] = Of(("elements", Runs), ("border", DraftRule.Whole(0, 1))),
        ["rich_text_preformatted"] = Of(("elements", Runs), ("border", DraftRule.Whole(0, 1)), ("language", DraftRule.Text)),
        ["rich_text_list"] = Of(("elements", DraftRule.List("rich_text_section").Required), ("style", DraftRule.OneOf("bullet", "ordered").Required), ("indent", DraftRule.Whole(0, 8)), ("offset", DraftRule.Whole(0, Unlimited)), ("border", DraftRule.Whole(0, 1))),
        ["text"] = Of(("text", DraftRule.Run.Required), ("style", Style)),
        ["link"] = Of(("url", DraftRule.Text.RequiredOr("text")), ("text", DraftRule.Text), ("unsafe", DraftRule.Flag), ("style", Style)),
        ["emoji"] = Of(("name", DraftRule.Text.Required), ("unicode", DraftRule.Text), ("skin_tone", DraftRule.Whole(1, 6)), ("style", Style)),
        ["user"] = Of(("user_id", Id("user", 'U', 'W')), ("style", Style)),
        ["usergroup"] = Of(("usergroup_id", Id("user group", 'S')), ("style", Style)),
        ["channel"] = Of(("channel_id", Id("channel", 'C', 'G', 'D')), ("style", Style)),
        ["team"] = Of(("team_id", Id("team", 'T', 'E')), ("style", Style)),
        ["broadcast"] = Of(("range", DraftRule.OneOf("here", "channel", "everyone").Required), ("style", Style)),
        ["color"] = Of(("value", DraftRule.Text.Required), ("style", Style)),
        ["date"] = Of(("timestamp", DraftRule.Whole(0, Unlimited * 1_000L).Required), ("format", DraftRule.Text.Required), ("fallback", DraftRule.Text), ("url", DraftRule.Text)),
        ["/style"] = Of(("bold", DraftRule.Flag), ("italic", DraftRule.Flag), ("strike", DraftRule.Flag), ("code", DraftRule.Flag), ("underline", DraftRule.Flag), ("highlight", DraftRule.Flag), ("client_highlight", DraftRule.Flag), ("unlink", DraftRule.Flag)),
    });

    private static DraftRule Id(string whose, params char[] first) =>
        DraftRule.Like($"the id of a {whose}, such as {first[0]}012AB3CD", id => id.Length > 2 && first.Contains(id[0]) && id.All(char.IsAsciiLetterOrDigit)).Required;

    private static Dictionary<string, DraftRule> Block(params (string Name, DraftRule Rule)[] properties) => Of([.. properties, ("block_id", DraftRule.Text)]);

    private static Dictionary<string, DraftRule> Of(params (string Name, DraftRule Rule)[] properties) => properties.ToDictionary(property => property.Name, property => property.Rule);
}
