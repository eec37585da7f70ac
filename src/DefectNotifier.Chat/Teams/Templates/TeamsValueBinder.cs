using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Events;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Templates;

/// <summary>
/// Puts the values into an Adaptive Card template: escaped as Markdown in TextBlocks and facts, literally in TextRuns and elsewhere,
/// percent-encoded in URLs. A value cannot set who is mentioned or the type of an element.
/// </summary>
/// <param name="template">The template's JSON.</param>
/// <param name="maxValue">The maximum length of a value, in UTF-16 units.</param>
internal sealed partial class TeamsValueBinder(JsonTemplate template, int maxValue) : ValueBinder(template, TeamsSchema.All, maxValue)
{
    private readonly TeamsMarkdownBinder _markdown = new(template, maxValue);

    // The texts of the mentions that the card itself declares.
    private HashSet<string> _declaredMentions = [];

    /// <summary>The mentions in values, each once: the card must declare them.</summary>
    public IEnumerable<Mention> Mentions => _markdown.Mentions.Distinct();

    /// <summary>The card with its values; null when it has nothing to show.</summary>
    public JsonObject? BindCard(JsonObject card, TemplateLocation location)
    {
        // The declared mentions must be known before any text is bound.
        var entities = Bind(card["msteams"], location.Of(card, "msteams")) is [JsonObject settings] ? settings["entities"] : null;
        _declaredMentions = [.. TemplateJson.Texts(entities).Where(text => text.Name == "text").Select(text => text.Text)];
        return Bind(card, location) is [JsonObject bound] ? bound : null;
    }

    protected override IReadOnlyList<JsonNode?> BindObject(JsonObject map, TemplateLocation location)
    {
        var isRun = location is { OwnerType: "RichTextBlock", Property: "inlines" } && TemplateLocation.TypeOf(map) == "TextRun";
        return isRun && TextWithValue(map) is { } text ? BindRuns(map, text, location) : base.BindObject(map, location);
    }

    protected override IReadOnlyList<JsonNode?> BindText(string text, TemplateLocation location)
    {
        var hasValue = JsonTemplate.HasValue(text);
        if (hasValue && location.Property == "type")
            throw new JsonTemplateException(location.Path, "a value can't set a type; write the type in the template.");

        if (hasValue && location.IsWithin("msteams"))
            throw new JsonTemplateException(location.Path, "a value can't set who is mentioned; use the helper mention in a TextBlock.");

        if (IsUrl(location))
        {
            // Images that the card designer embeds: they contain no value and link to nothing.
            return !hasValue && text.StartsWith("data:image/", StringComparison.Ordinal) ? One(text) : BindUrl(text, hasValue, location);
        }

        if (!(location is { OwnerType: "TextRun" } && IsCode(location.Owner!))) text = Shortcodes.Expand(text);
        if (IsMarkdown(location))
            return One(At().Replace(hasValue ? ShownMarkup(_markdown.Bind(text)) : text, at => CheckMention(at.Value, location)));

        var plain = PlainTextOf(text);
        if (location is { OwnerType: "TextRun", Property: "text" }) return One(TeamsText.TextRun(plain, IsCode(location.Owner!)));
        if (location is not { OwnerType: "RichTextBlock", Property: "inlines" }) return One(TeamsText.Literal(plain));
        // The author's own text may be the space between two runs.
        var isShown = hasValue ? VisibleText.IsIn(plain) : plain.Length > 0;
        return isShown ? One(TeamsText.TextRun(plain, isCode: false)) : [];
    }

    // adaptivecards.io/explorer
    protected override IEnumerable<JsonObject> Adjust(JsonObject written, JsonObject bound, TemplateLocation location)
    {
        switch (TemplateLocation.TypeOf(bound))
        {
            case "ActionSet":
                return Split(bound, "actions", TeamsLimits.Actions);
            case "Image":
                // Teams loads images over https only.
                bound["altText"] ??= "Image";
                var url = bound["url"]!.ToString();
                if (Template.IsFile(url)) return LinkInsteadOf(url, bound["altText"]!.ToString(), location);
                var isLoadable = url.StartsWith("https:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal);
                return isLoadable ? [bound] : [];
            case "Action.Submit" or "Action.Execute":
                Template.Warn(
                    location.Path, "a webhook can't receive Action.Submit or Action.Execute, so it was left out; use Action.OpenUrl.");
                return [];
            default:
                return [bound];
        }
    }

    // A text may stand in place of an image, except in an ImageSet.
    private static IEnumerable<JsonObject> LinkInsteadOf(string url, string text, TemplateLocation location)
    {
        if (location.Property == "images") yield break;
        yield return new JsonObject
        {
            ["type"] = "TextBlock",
            ["text"] = TeamsText.ToMarkdown([new MessageInline(text) { Url = url }]),
            ["wrap"] = true,
        };
    }

    /// <summary>One run for each link and style that a value contains; other properties are the author's.</summary>
    private List<JsonNode?> BindRuns(JsonObject map, string text, TemplateLocation location)
    {
        var runs = new List<JsonNode?>();
        var shown = IsCode(map) ? text : Shortcodes.Expand(text);
        foreach (var inline in Normalize(Split(shown).Select(piece => piece.Inline)))
        {
            var bare = map.DeepClone().AsObject();
            bare["text"] = " ";
            if (base.BindObject(bare, location) is not [JsonObject run]) continue;
            if (inline.Style.HasFlag(InlineStyle.Code)) run["fontType"] = "Monospace";
            run["text"] = TeamsText.TextRun(inline.Text, IsCode(run));
            if (inline.Style.HasFlag(InlineStyle.Bold)) run["weight"] = "Bolder";
            if (inline.Style.HasFlag(InlineStyle.Italic)) run["italic"] = true;
            if (inline.Style.HasFlag(InlineStyle.Strike)) run["strikethrough"] = true;
            if (inline.Url is { } url) run["selectAction"] = new JsonObject { ["type"] = "Action.OpenUrl", ["url"] = url };
            runs.Add(run);
        }

        return runs;
    }

    private static bool IsCode(JsonObject run) =>
        string.Equals(run["fontType"]?.ToString(), "Monospace", StringComparison.OrdinalIgnoreCase);

    // A TextRun supports neither dates nor mentions, so they become plain text.
    private static IReadOnlyList<MessageInline> Normalize(IEnumerable<MessageInline> pieces) =>
        InlineText.Normalize([.. pieces.Select(piece => piece with { Date = null, Mention = null })]);

    // A mention that the card does not declare could make Teams reject the whole message.
    private string CheckMention(string at, TemplateLocation location)
    {
        if (_declaredMentions.Contains(at) || _markdown.Mentions.Any(mention => TeamsText.AtOf(mention) == at)) return at;
        Template.Warn(location.Path, "mentions a name that is not in msteams.entities, so no one is notified.");
        return string.Concat("@", at.AsSpan("<at>".Length, at.Length - "<at></at>".Length));
    }

    private static bool IsUrl(TemplateLocation location) =>
        location.Property is "url" or "backgroundImage" || location.Property.EndsWith("Url", StringComparison.Ordinal);

    private static bool IsMarkdown(TemplateLocation location) =>
        location is { OwnerType: "TextBlock", Property: "text" }
        || location is { Outer: { OwnerType: "FactSet", Property: "facts" }, Property: "title" or "value" };

    [GeneratedRegex("<at>[^<]*</at>", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex At();
}
