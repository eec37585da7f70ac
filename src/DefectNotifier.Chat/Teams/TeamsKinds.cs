using DefectNotifier.Chat.Fitting;
using Properties = System.Collections.Generic.IReadOnlyDictionary<string, DefectNotifier.Chat.Fitting.DraftRule>;

namespace DefectNotifier.Chat.Teams;

/// <summary>What Teams takes where in an Adaptive Card; a card with anything else may be refused or shown with holes. adaptivecards.io/explorer, versions 1.0 to 1.5</summary>
internal static class TeamsKinds
{
    private static readonly DraftRule Place = DraftRule.OneOf("Left", "Center", "Right");
    private static readonly DraftRule Height = DraftRule.OneOf("Top", "Center", "Bottom");
    private static readonly DraftRule Look = DraftRule.OneOf("default", "emphasis", "good", "attention", "warning", "accent");
    private static readonly DraftRule Select = DraftRule.Object("Action.OpenUrl/select", "Action.ToggleVisibility", "Action.Submit", "Action.Execute");
    private static readonly DraftRule Actions = DraftRule.List("Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility", "Action.Submit", "Action.Execute");

    // Those with a table here, and those that are left to Teams to judge.
    private static readonly DraftRule Elements = DraftRule.OpenList("TextBlock", "RichTextBlock", "Container", "ColumnSet", "FactSet", "Image", "ActionSet", "ImageSet", "Table", "Media",
        "Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet", "Badge", "Icon", "CodeBlock", "Carousel", "Rating", "CompoundButton", "ProgressBar", "ProgressRing");

    private static readonly Dictionary<string, DraftRule> Words = Of(
        ("text", DraftRule.Run.Required), ("color", DraftRule.OneOf("Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention")), ("fontType", DraftRule.OneOf("Default", "Monospace")), ("isSubtle", DraftRule.Flag),
        ("size", DraftRule.OneOf("Default", "Small", "Medium", "Large", "ExtraLarge")), ("weight", DraftRule.OneOf("Default", "Lighter", "Bolder")));

    private static readonly Dictionary<string, DraftRule> Box = Of(
        ("style", Look), ("selectAction", Select), ("bleed", DraftRule.Flag), ("minHeight", DraftRule.Text), ("verticalContentAlignment", Height), ("backgroundImage", DraftRule.Any), ("rtl", DraftRule.Flag));

    private static readonly Dictionary<string, DraftRule> Column = Element([.. Pairs(Box), ("items", Elements), ("width", DraftRule.Any)]);

    private static readonly Dictionary<string, DraftRule> Link = Action(("url", DraftRule.Text.Required));

    public static readonly DraftKinds All = new("AdaptiveCard", new Dictionary<string, Properties>
    {
        ["AdaptiveCard"] = Of([.. Pairs(Box), ("$schema", DraftRule.Text), ("version", DraftRule.OneOf("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")), ("body", Elements), ("actions", Actions), ("msteams", DraftRule.Object("/settings")),
            ("fallbackText", DraftRule.Text), ("speak", DraftRule.Text), ("lang", DraftRule.Text), ("metadata", DraftRule.Any), ("refresh", DraftRule.Any), ("authentication", DraftRule.Any)]),
        ["/settings"] = Of(("width", DraftRule.OneOf("Full", "Default")), ("entities", DraftRule.List("mention")), ("*", DraftRule.Any)),
        ["mention"] = Of(("text", DraftRule.Like("a name between <at> and </at>", IsMention).Required), ("mentioned", DraftRule.Object("/person").Required)),
        ["/person"] = Of(("id", DraftRule.Text.Required), ("name", DraftRule.Text.Required), ("*", DraftRule.Any)),
        ["TextBlock"] = Element([.. Pairs(Words), ("text", DraftRule.Text.Required), ("wrap", DraftRule.Flag), ("maxLines", DraftRule.Whole(0, 1_000)), ("horizontalAlignment", Place), ("style", DraftRule.OneOf("default", "heading", "columnHeader"))]),
        ["RichTextBlock"] = Element(("inlines", DraftRule.Mixed("TextRun").Required), ("horizontalAlignment", Place)),
        ["TextRun"] = Of([.. Pairs(Words), ("italic", DraftRule.Flag), ("strikethrough", DraftRule.Flag), ("underline", DraftRule.Flag), ("highlight", DraftRule.Flag), ("selectAction", Select)]),
        ["Container"] = Element([.. Pairs(Box), ("items", Elements.Required)]),
        ["ColumnSet"] = Element([.. Pairs(Box), ("columns", DraftRule.List("Column", "/column").Required), ("horizontalAlignment", Place)]),
        ["Column"] = Column,
        ["/column"] = Column,
        ["FactSet"] = Element(("facts", DraftRule.List("/fact").Required)),
        ["/fact"] = Of(("title", DraftRule.Text.Required), ("value", DraftRule.Text.Required)),
        ["Image"] = Element(("url", DraftRule.Text.Required), ("altText", DraftRule.Text), ("backgroundColor", DraftRule.Text), ("horizontalAlignment", Place), ("selectAction", Select),
            ("size", DraftRule.OneOf("Auto", "Stretch", "Small", "Medium", "Large")), ("style", DraftRule.OneOf("default", "person")), ("width", DraftRule.Text)),
        ["ActionSet"] = Element(("actions", Actions.Required)),
        ["Action.OpenUrl"] = Of([.. Pairs(Link), ("title", DraftRule.Text.Required)]),
        ["Action.OpenUrl/select"] = Link,
        ["Action.ToggleVisibility"] = Action(("targetElements", DraftRule.Any)),
        ["Action.ShowCard"] = Action(("card", DraftRule.Object("AdaptiveCard").Required)),
    });

    private static bool IsMention(string text) => text.StartsWith("<at>", StringComparison.Ordinal) && text.IndexOf('<', 1) == text.Length - "</at>".Length && text.EndsWith("</at>", StringComparison.Ordinal);

    private static Dictionary<string, DraftRule> Element(params (string Name, DraftRule Rule)[] properties) => Of([.. properties,
        ("id", DraftRule.Text), ("isVisible", DraftRule.Flag), ("separator", DraftRule.Flag), ("spacing", DraftRule.OneOf("None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding")), ("height", DraftRule.Text), ("fallback", DraftRule.Any), ("requires", DraftRule.Any),
        ("targetWidth", DraftRule.Text)]);

    private static Dictionary<string, DraftRule> Action(params (string Name, DraftRule Rule)[] properties) => Of([.. properties,
        ("title", DraftRule.Text), ("id", DraftRule.Text), ("iconUrl", DraftRule.Text), ("style", DraftRule.OneOf("default", "positive", "destructive")), ("tooltip", DraftRule.Text), ("mode", DraftRule.OneOf("primary", "secondary")), ("isEnabled", DraftRule.Flag),
        ("fallback", DraftRule.Any), ("requires", DraftRule.Any)]);

    private static IEnumerable<(string Name, DraftRule Rule)> Pairs(Dictionary<string, DraftRule> table) => table.Select(pair => (pair.Key, pair.Value));

    // What stands later counts.
    private static Dictionary<string, DraftRule> Of(params (string Name, DraftRule Rule)[] properties) =>
        properties.GroupBy(property => property.Name).ToDictionary(same => same.Key, same => same.Last().Rule);
}
