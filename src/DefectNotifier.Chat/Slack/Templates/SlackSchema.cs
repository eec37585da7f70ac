using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Slack.Blocks;

using Properties = System.Collections.Generic.IReadOnlyDictionary<string, DefectNotifier.Chat.JsonTemplates.SchemaRule>;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>
/// What Slack accepts in a message; it rejects everything else with <c>invalid_blocks</c>. docs.slack.dev/reference/block-kit
/// </summary>
internal static class SlackSchema
{
    private const int Unlimited = int.MaxValue;

    private static readonly SchemaRule Style = SchemaRule.Object("/style");
    private static readonly SchemaRule Plain = SchemaRule.Object("plain_text");
    private static readonly SchemaRule PlainOrMrkdwn = SchemaRule.Object("plain_text", "mrkdwn");
    private static readonly SchemaRule ButtonStyle = SchemaRule.OneOf("primary", "danger");
    private static readonly SchemaRule Border = SchemaRule.Integer(0, 1);

    private static readonly SchemaRule Runs = SchemaRule.List(
        "text", "link", "emoji", "user", "usergroup", "broadcast", "channel", "date", "color", "team").Required;

    private static readonly string[] InputElements =
    [
        "checkboxes", "radio_buttons", "overflow", "static_select", "external_select", "users_select", "conversations_select",
        "channels_select", "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
        "multi_channels_select", "datepicker", "timepicker", "datetimepicker", "workflow_button", "icon_button", "feedback_buttons",
    ];

    // The blocks that are checked below, and newer ones that only Slack checks.
    private static readonly SchemaRule Blocks = SchemaRule.OpenList(
        "header", "section", "context", "actions", "image", "rich_text", "divider", "video", "file", "markdown", "table",
        "context_actions", "card", "carousel", "container", "plan", "task_card", "data_table", "data_visualization");

    private static readonly SchemaRule Icon = SchemaRule.Object("image/element");

    // A title, a subtitle and a body of a card are mrkdwn only.
    private static readonly SchemaRule Mrkdwn = SchemaRule.Object("mrkdwn");

    private static readonly SchemaRule Cells = SchemaRule.Rows("raw_text", "raw_number", "rich_text");

    private static readonly (string, SchemaRule)[] Image =
    [
        ("image_url", SchemaRule.Text.RequiredOr("slack_file")),
        ("slack_file", SchemaRule.Any),
        ("alt_text", SchemaRule.Text),
    ];

    public static readonly TemplateSchema All = new("/message", new Dictionary<string, Properties>
    {
        ["/message"] = Of(
            ("text", SchemaRule.Text),
            ("blocks", Blocks),
            ("attachments", SchemaRule.List("/attachment")),
            ("unfurl_links", SchemaRule.Boolean),
            ("unfurl_media", SchemaRule.Boolean),
            ("username", SchemaRule.Text),
            ("icon_emoji", SchemaRule.Text),
            ("icon_url", SchemaRule.Text)),
        ["/attachment"] = Of(("blocks", Blocks), ("*", SchemaRule.Any)),
        ["plain_text"] = Of(("text", SchemaRule.Text.Required), ("emoji", SchemaRule.Boolean)),
        ["mrkdwn"] = Of(("text", SchemaRule.Text.Required), ("verbatim", SchemaRule.Boolean)),
        ["header"] = Block(("text", Plain.Required), ("level", SchemaRule.Integer(1, 4))),
        ["section"] = Block(
            ("text", PlainOrMrkdwn.RequiredOr("fields")),
            ("fields", SchemaRule.List("plain_text", "mrkdwn")),
            ("accessory", SchemaRule.Object(["button", "image/element", .. InputElements])),
            ("expand", SchemaRule.Boolean)),
        ["context"] = Block(("elements", SchemaRule.List("plain_text", "mrkdwn", "image/element").Required)),
        ["actions"] = Block(("elements", SchemaRule.List(["button", .. InputElements]).Required)),
        ["image"] = Block([.. Image, ("title", Plain)]),
        ["image/element"] = Of(Image),
        ["divider"] = Block(),
        ["button"] = Of(
            ("text", Plain.Required),
            ("action_id", SchemaRule.Text),
            ("url", SchemaRule.Text),
            ("value", SchemaRule.Text),
            ("style", ButtonStyle),
            ("confirm", SchemaRule.Object("/confirm")),
            ("accessibility_label", SchemaRule.Text)),
        ["/confirm"] = Of(
            ("title", Plain.Required),
            ("text", PlainOrMrkdwn.Required),
            ("confirm", Plain.Required),
            ("deny", Plain.Required),
            ("style", ButtonStyle)),
        ["rich_text"] = Block(
            ("elements", SchemaRule.List("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted").Required)),
        ["rich_text_section"] = Of(("elements", Runs)),
        ["rich_text_quote"] = Of(("elements", Runs), ("border", Border)),
        ["rich_text_preformatted"] = Of(("elements", Runs), ("border", Border), ("language", SchemaRule.Text)),
        ["rich_text_list"] = Of(
            ("elements", SchemaRule.List("rich_text_section").Required),
            ("style", SchemaRule.OneOf("bullet", "ordered").Required),
            ("indent", SchemaRule.Integer(0, 8)),
            ("offset", SchemaRule.Integer(0, Unlimited)),
            ("border", Border)),
        ["text"] = Of(("text", SchemaRule.TextOrSpace.Required), ("style", Style)),
        ["link"] = Of(
            ("url", SchemaRule.Text.RequiredOr("text")),
            ("text", SchemaRule.Text),
            ("unsafe", SchemaRule.Boolean),
            ("style", Style)),
        ["emoji"] = Of(
            ("name", SchemaRule.Text.Required),
            ("unicode", SchemaRule.Text),
            ("skin_tone", SchemaRule.Integer(1, 6)),
            ("style", Style)),
        ["user"] = Of(("user_id", Id("user", 'U', 'W')), ("style", Style)),
        ["usergroup"] = Of(("usergroup_id", Id("user group", 'S')), ("style", Style)),
        ["channel"] = Of(("channel_id", Id("channel", 'C', 'G', 'D')), ("style", Style)),
        ["team"] = Of(("team_id", Id("team", 'T', 'E')), ("style", Style)),
        ["broadcast"] = Of(("range", SchemaRule.OneOf("here", "channel", "everyone").Required), ("style", Style)),
        ["color"] = Of(("value", SchemaRule.Text.Required), ("style", Style)),
        ["date"] = Of(
            ("timestamp", SchemaRule.Integer(0, Unlimited * 1_000L).Required),
            ("format", SchemaRule.Text.Required),
            ("fallback", SchemaRule.Text),
            ("url", SchemaRule.Text)),
        ["card"] = Block(
            ("hero_image", Icon),
            ("icon", Icon),
            ("title", Mrkdwn),
            ("subtitle", Mrkdwn),
            ("body", Mrkdwn),
            ("actions", SchemaRule.List("button"))),
        ["carousel"] = Block(("elements", SchemaRule.List("card").Required)),
        ["container"] = Block(
            ("title", Plain.RequiredOr("rich_text_title")),
            ("rich_text_title", SchemaRule.Object("rich_text")),
            ("subtitle", PlainOrMrkdwn),
            ("child_blocks", SchemaRule.OpenList(
                "actions", "context", "divider", "file", "header", "image", "rich_text", "section", "table", "video").Required),
            ("width", SchemaRule.OneOf("narrow", "standard", "wide", "full")),
            ("icon", Icon),
            ("is_collapsible", SchemaRule.Boolean),
            ("default_collapsed", SchemaRule.Boolean),
            ("has_header_divider", SchemaRule.Boolean)),
        ["context_actions"] = Block(("elements", SchemaRule.List("feedback_buttons", "icon_button").Required)),
        ["table"] = Block(("rows", Cells.Required), ("column_settings", SchemaRule.List("/column"))),
        ["/column"] = Of(("align", SchemaRule.OneOf("left", "center", "right")), ("is_wrapped", SchemaRule.Boolean)),
        ["data_table"] = Block(
            ("rows", Cells.Required),
            ("caption", SchemaRule.Text.Required),
            ("page_size", SchemaRule.Integer(1, 100)),
            ("row_header_column_index", SchemaRule.Integer(0, SlackLimits.TableColumns - 1))),
        ["raw_text"] = Of(("text", SchemaRule.TextOrSpace.Required)),
        ["raw_number"] = Of(("value", SchemaRule.Number.Required), ("text", SchemaRule.Text.Required)),
        // Slack shows it in modals only, so it is not allowed in a message.
        ["alert"] = Block(),
        ["/style"] = Of(
            ("bold", SchemaRule.Boolean),
            ("italic", SchemaRule.Boolean),
            ("strike", SchemaRule.Boolean),
            ("code", SchemaRule.Boolean),
            ("underline", SchemaRule.Boolean),
            ("highlight", SchemaRule.Boolean),
            ("client_highlight", SchemaRule.Boolean),
            ("unlink", SchemaRule.Boolean)),
    });

    private static SchemaRule Id(string owner, params char[] firstLetters) => SchemaRule.Matching(
        $"the id of a {owner}, such as {firstLetters[0]}012AB3CD",
        id => id.Length > 2 && firstLetters.Contains(id[0]) && id.All(char.IsAsciiLetterOrDigit)).Required;

    private static Dictionary<string, SchemaRule> Block(params (string Name, SchemaRule Rule)[] properties) =>
        Of([.. properties, ("block_id", SchemaRule.Text)]);

    private static Dictionary<string, SchemaRule> Of(params (string Name, SchemaRule Rule)[] properties) =>
        properties.ToDictionary(property => property.Name, property => property.Rule);
}
