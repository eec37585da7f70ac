using DefectNotifier.Chat.Limits;
using Properties = System.Collections.Generic.IReadOnlyDictionary<string, DefectNotifier.Chat.Limits.SchemaRule>;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What Slack takes where in a message; <c>invalid_blocks</c> is its response to everything else. docs.slack.dev/reference/block-kit
/// </summary>
internal static class SlackSchema
{
    private const int Unlimited = int.MaxValue;

    private static readonly SchemaRule Style = SchemaRule.Object("/style");
    private static readonly SchemaRule Plain = SchemaRule.Object("plain_text");
    private static readonly SchemaRule Runs = SchemaRule.List("text", "link", "emoji", "user", "usergroup", "broadcast", "channel", "date", "color", "team").Required;

    private static readonly string[] Menus =
    [
        "checkboxes", "radio_buttons", "overflow", "static_select", "external_select", "users_select", "conversations_select", "channels_select", "multi_static_select", "multi_external_select",
        "multi_users_select", "multi_conversations_select", "multi_channels_select", "datepicker", "timepicker", "datetimepicker", "workflow_button", "icon_button", "feedback_buttons",
    ];

    // Those with a table here, and those that are left to Slack to judge.
    private static readonly SchemaRule Blocks = SchemaRule.OpenList(
        "header", "section", "context", "actions", "image", "rich_text", "divider", "video", "file", "markdown", "table", "context_actions", "card", "carousel", "container", "plan", "task_card", "data_table", "data_visualization");

    public static readonly TemplateSchema All = new("/message", new Dictionary<string, Properties>
    {
        ["/message"] = Of(("text", SchemaRule.Text), ("blocks", Blocks), ("attachments", SchemaRule.List("/attachment")), ("unfurl_links", SchemaRule.Flag), ("unfurl_media", SchemaRule.Flag),
            ("username", SchemaRule.Text), ("icon_emoji", SchemaRule.Text), ("icon_url", SchemaRule.Text)),
        ["/attachment"] = Of(("blocks", Blocks), ("*", SchemaRule.Any)),
        ["plain_text"] = Of(("text", SchemaRule.Text.Required), ("emoji", SchemaRule.Flag)),
        ["mrkdwn"] = Of(("text", SchemaRule.Text.Required), ("verbatim", SchemaRule.Flag)),
        ["header"] = Block(("text", Plain.Required)),
        ["section"] = Block(("text", SchemaRule.Object("plain_text", "mrkdwn").RequiredOr("fields")), ("fields", SchemaRule.List("plain_text", "mrkdwn")), ("accessory", SchemaRule.Object(["button", "image/element", .. Menus])), ("expand", SchemaRule.Flag)),
        ["context"] = Block(("elements", SchemaRule.List("plain_text", "mrkdwn", "image/element").Required)),
        ["actions"] = Block(("elements", SchemaRule.List(["button", .. Menus]).Required)),
        ["image"] = Block(("image_url", SchemaRule.Text.RequiredOr("slack_file")), ("slack_file", SchemaRule.Any), ("alt_text", SchemaRule.Text), ("title", Plain)),
        ["image/element"] = Of(("image_url", SchemaRule.Text.RequiredOr("slack_file")), ("slack_file", SchemaRule.Any), ("alt_text", SchemaRule.Text)),
        ["divider"] = Block(),
        ["button"] = Of(("text", Plain.Required), ("action_id", SchemaRule.Text), ("url", SchemaRule.Text), ("value", SchemaRule.Text), ("style", SchemaRule.OneOf("primary", "danger")), ("confirm", SchemaRule.Object("/confirm")), ("accessibility_label", SchemaRule.Text)),
        ["/confirm"] = Of(("title", Plain.Required), ("text", SchemaRule.Object("plain_text", "mrkdwn").Required), ("confirm", Plain.Required), ("deny", Plain.Required), ("style", SchemaRule.OneOf("primary", "danger"))),
        ["rich_text"] = Block(("elements", SchemaRule.List("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted").Required)),
        ["rich_text_section"] = Of(("elements", Runs)),
        ["rich_text_quote"] = Of(("elements", Runs), ("border", SchemaRule.Whole(0, 1))),
        ["rich_text_preformatted"] = Of(("elements", Runs), ("border", SchemaRule.Whole(0, 1)), ("language", SchemaRule.Text)),
        ["rich_text_list"] = Of(("elements", SchemaRule.List("rich_text_section").Required), ("style", SchemaRule.OneOf("bullet", "ordered").Required), ("indent", SchemaRule.Whole(0, 8)), ("offset", SchemaRule.Whole(0, Unlimited)), ("border", SchemaRule.Whole(0, 1))),
        ["text"] = Of(("text", SchemaRule.Run.Required), ("style", Style)),
        ["link"] = Of(("url", SchemaRule.Text.RequiredOr("text")), ("text", SchemaRule.Text), ("unsafe", SchemaRule.Flag), ("style", Style)),
        ["emoji"] = Of(("name", SchemaRule.Text.Required), ("unicode", SchemaRule.Text), ("skin_tone", SchemaRule.Whole(1, 6)), ("style", Style)),
        ["user"] = Of(("user_id", Id("user", 'U', 'W')), ("style", Style)),
        ["usergroup"] = Of(("usergroup_id", Id("user group", 'S')), ("style", Style)),
        ["channel"] = Of(("channel_id", Id("channel", 'C', 'G', 'D')), ("style", Style)),
        ["team"] = Of(("team_id", Id("team", 'T', 'E')), ("style", Style)),
        ["broadcast"] = Of(("range", SchemaRule.OneOf("here", "channel", "everyone").Required), ("style", Style)),
        ["color"] = Of(("value", SchemaRule.Text.Required), ("style", Style)),
        ["date"] = Of(("timestamp", SchemaRule.Whole(0, Unlimited * 1_000L).Required), ("format", SchemaRule.Text.Required), ("fallback", SchemaRule.Text), ("url", SchemaRule.Text)),
        ["/style"] = Of(("bold", SchemaRule.Flag), ("italic", SchemaRule.Flag), ("strike", SchemaRule.Flag), ("code", SchemaRule.Flag), ("underline", SchemaRule.Flag), ("highlight", SchemaRule.Flag), ("client_highlight", SchemaRule.Flag), ("unlink", SchemaRule.Flag)),
    });

    private static SchemaRule Id(string whose, params char[] first) =>
        SchemaRule.Like($"the id of a {whose}, such as {first[0]}012AB3CD", id => id.Length > 2 && first.Contains(id[0]) && id.All(char.IsAsciiLetterOrDigit)).Required;

    private static Dictionary<string, SchemaRule> Block(params (string Name, SchemaRule Rule)[] properties) => Of([.. properties, ("block_id", SchemaRule.Text)]);

    private static Dictionary<string, SchemaRule> Of(params (string Name, SchemaRule Rule)[] properties) => properties.ToDictionary(property => property.Name, property => property.Rule);
}
