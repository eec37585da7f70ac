using DefectNotifier.Chat.JsonTemplates;

using Properties = System.Collections.Generic.IReadOnlyDictionary<string, DefectNotifier.Chat.JsonTemplates.SchemaRule>;

namespace DefectNotifier.Chat.Teams.Templates;

/// <summary>
/// What Teams accepts in an Adaptive Card; a card with anything else may be rejected or shown with gaps. adaptivecards.io/explorer,
/// versions 1.0 to 1.5
/// </summary>
internal static class TeamsSchema
{
    private static readonly SchemaRule HorizontalAlignment = SchemaRule.OneOf("Left", "Center", "Right");
    private static readonly SchemaRule VerticalAlignment = SchemaRule.OneOf("Top", "Center", "Bottom");

    private static readonly SchemaRule ContainerStyle =
        SchemaRule.OneOf("default", "emphasis", "good", "attention", "warning", "accent");

    private static readonly SchemaRule SelectAction =
        SchemaRule.Object("Action.OpenUrl/select", "Action.ToggleVisibility", "Action.Submit", "Action.Execute");

    private static readonly SchemaRule Actions =
        SchemaRule.List("Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility", "Action.Submit", "Action.Execute");

    // The elements that are checked below, and others that only Teams checks.
    private static readonly SchemaRule Elements = SchemaRule.OpenList(
        "TextBlock", "RichTextBlock", "Container", "ColumnSet", "FactSet", "Image", "ActionSet", "ImageSet", "Table", "Media", "Input.Text",
        "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet", "Badge", "Icon", "CodeBlock", "Carousel", "Rating",
        "CompoundButton", "ProgressBar", "ProgressRing");

    private static readonly Dictionary<string, SchemaRule> StyledText = Of(
        ("text", SchemaRule.TextOrSpace.Required),
        ("color", SchemaRule.OneOf("Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention")),
        ("fontType", SchemaRule.OneOf("Default", "Monospace")),
        ("isSubtle", SchemaRule.Boolean),
        ("size", SchemaRule.OneOf("Default", "Small", "Medium", "Large", "ExtraLarge")),
        ("weight", SchemaRule.OneOf("Default", "Lighter", "Bolder")));

    private static readonly Dictionary<string, SchemaRule> Box = Of(
        ("style", ContainerStyle),
        ("selectAction", SelectAction),
        ("bleed", SchemaRule.Boolean),
        ("minHeight", SchemaRule.Text),
        ("verticalContentAlignment", VerticalAlignment),
        ("backgroundImage", SchemaRule.Any),
        ("rtl", SchemaRule.Boolean));

    private static readonly Dictionary<string, SchemaRule> Column =
        Element([.. Pairs(Box), ("items", Elements), ("width", SchemaRule.Any)]);

    private static readonly Dictionary<string, SchemaRule> Link = Action(("url", SchemaRule.Text.Required));

    public static readonly TemplateSchema All = new("AdaptiveCard", new Dictionary<string, Properties>
    {
        ["AdaptiveCard"] = Of([
            .. Pairs(Box),
            ("$schema", SchemaRule.Text),
            ("version", SchemaRule.OneOf("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")),
            ("body", Elements),
            ("actions", Actions),
            ("msteams", SchemaRule.Object("/settings")),
            ("fallbackText", SchemaRule.Text),
            ("speak", SchemaRule.Text),
            ("lang", SchemaRule.Text),
            ("metadata", SchemaRule.Any),
            ("refresh", SchemaRule.Any),
            ("authentication", SchemaRule.Any)]),
        ["/settings"] = Of(
            ("width", SchemaRule.OneOf("Full", "Default")),
            ("entities", SchemaRule.List("mention")),
            ("*", SchemaRule.Any)),
        ["mention"] = Of(
            ("text", SchemaRule.Matching("a name between <at> and </at>", IsMention).Required),
            ("mentioned", SchemaRule.Object("/person").Required)),
        ["/person"] = Of(("id", SchemaRule.Text.Required), ("name", SchemaRule.Text.Required), ("*", SchemaRule.Any)),
        ["TextBlock"] = Element([
            .. Pairs(StyledText),
            ("text", SchemaRule.Text.Required),
            ("wrap", SchemaRule.Boolean),
            ("maxLines", SchemaRule.Integer(0, 1_000)),
            ("horizontalAlignment", HorizontalAlignment),
            ("style", SchemaRule.OneOf("default", "heading", "columnHeader"))]),
        ["RichTextBlock"] = Element(
            ("inlines", SchemaRule.ListOrTexts("TextRun").Required),
            ("horizontalAlignment", HorizontalAlignment)),
        ["TextRun"] = Of([
            .. Pairs(StyledText),
            ("italic", SchemaRule.Boolean),
            ("strikethrough", SchemaRule.Boolean),
            ("underline", SchemaRule.Boolean),
            ("highlight", SchemaRule.Boolean),
            ("selectAction", SelectAction)]),
        ["Container"] = Element([.. Pairs(Box), ("items", Elements.Required)]),
        ["ColumnSet"] = Element([
            .. Pairs(Box),
            ("columns", SchemaRule.List("Column", "/column").Required),
            ("horizontalAlignment", HorizontalAlignment)]),
        ["Column"] = Column,
        ["/column"] = Column,
        ["FactSet"] = Element(("facts", SchemaRule.List("/fact").Required)),
        ["/fact"] = Of(("title", SchemaRule.Text.Required), ("value", SchemaRule.Text.Required)),
        ["Image"] = Element(
            ("url", SchemaRule.Text.Required),
            ("altText", SchemaRule.Text),
            ("backgroundColor", SchemaRule.Text),
            ("horizontalAlignment", HorizontalAlignment),
            ("selectAction", SelectAction),
            ("size", SchemaRule.OneOf("Auto", "Stretch", "Small", "Medium", "Large")),
            ("style", SchemaRule.OneOf("default", "person")),
            ("width", SchemaRule.Text)),
        ["ActionSet"] = Element(("actions", Actions.Required)),
        ["Action.OpenUrl"] = Of([.. Pairs(Link), ("title", SchemaRule.Text.Required)]),
        ["Action.OpenUrl/select"] = Link,
        ["Action.ToggleVisibility"] = Action(("targetElements", SchemaRule.Any)),
        ["Action.ShowCard"] = Action(("card", SchemaRule.Object("AdaptiveCard").Required)),
    });

    private static bool IsMention(string text) =>
        text.StartsWith("<at>", StringComparison.Ordinal)
        && text.EndsWith("</at>", StringComparison.Ordinal)
        && text.IndexOf('<', 1) == text.Length - "</at>".Length;

    private static Dictionary<string, SchemaRule> Element(params (string Name, SchemaRule Rule)[] properties) => Of([
        .. properties,
        ("id", SchemaRule.Text),
        ("isVisible", SchemaRule.Boolean),
        ("separator", SchemaRule.Boolean),
        ("spacing", SchemaRule.OneOf("None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding")),
        ("height", SchemaRule.Text),
        ("fallback", SchemaRule.Any),
        ("requires", SchemaRule.Any),
        ("targetWidth", SchemaRule.Text)]);

    private static Dictionary<string, SchemaRule> Action(params (string Name, SchemaRule Rule)[] properties) => Of([
        .. properties,
        ("title", SchemaRule.Text),
        ("id", SchemaRule.Text),
        ("iconUrl", SchemaRule.Text),
        ("style", SchemaRule.OneOf("default", "positive", "destructive")),
        ("tooltip", SchemaRule.Text),
        ("mode", SchemaRule.OneOf("primary", "secondary")),
        ("isEnabled", SchemaRule.Boolean),
        ("fallback", SchemaRule.Any),
        ("requires", SchemaRule.Any)]);

    private static IEnumerable<(string Name, SchemaRule Rule)> Pairs(Dictionary<string, SchemaRule> table) =>
        table.Select(pair => (pair.Key, pair.Value));

    // Where a name is repeated, the last rule wins.
    private static Dictionary<string, SchemaRule> Of(params (string Name, SchemaRule Rule)[] properties) =>
        properties.GroupBy(property => property.Name).ToDictionary(same => same.Key, same => same.Last().Rule);
}
