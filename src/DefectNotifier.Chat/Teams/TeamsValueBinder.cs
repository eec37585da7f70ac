using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Puts the values of an Adaptive Card template into their places: Markdown-escaped in TextBlocks and facts, as they are in TextRuns and elsewhere,
/// percent-encoded in addresses. Neither who is mentioned nor what kind of element something is can come from a value.
/// </summary>
/// <param name="template">The template's JSON.</param>
/// <param name="cap">The longest value, in UTF-16 units.</param>
internal sealed partial class TeamsValueBinder(JsonTemplate template, int cap) : ValueBinder(template, TeamsSchema.All, cap)
{
    private readonly TeamsMarkdownPlacer _markdown = new(template, cap);
    // The author's own mentions.
    private HashSet<string> _meant = [];

    /// <summary>Who is mentioned by values, each once: the card must say whom their names mean.</summary>
    public IEnumerable<Mention> Mentions => _markdown.Mentions.Distinct();

    /// <summary>The card with its values.</summary>
    public JsonObject? PlaceCard(JsonObject card, SchemaPlace place)
    {
        // Whom the card names has to be known before its texts, wherever it says so.
        var entities = Place(card["msteams"], place.Of(card, "msteams")) is [JsonObject settings] ? settings["entities"] : null;
        _meant = [.. TemplateJson.Texts(entities).Where(text => text.Name == "text").Select(text => text.Text)];
        return Place(card, place) is [JsonObject placed] ? placed : null;
    }

    protected override IReadOnlyList<JsonNode?> PlaceObject(JsonObject map, SchemaPlace place)
    {
        var isRun = place is { OwnerType: "RichTextBlock", Property: "inlines" } && SchemaPlace.TypeOf(map) == "TextRun";
        return isRun && map["text"] is JsonValue value && value.TryGetValue<string>(out var text) && JsonTemplate.HasValue(text) ? Runs(map, text, place) : base.PlaceObject(map, place);
    }

    protected override IReadOnlyList<JsonNode?> PlaceText(string text, SchemaPlace place)
    {
        var hasValue = JsonTemplate.HasValue(text);
        if (hasValue && place.Property == "type") throw new JsonTemplateException(place.Path, "a value can't say what something is; write the type in the template.");
        if (hasValue && place.IsWithin("msteams")) throw new JsonTemplateException(place.Path, "a value can't say who is mentioned; use the helper mention in a TextBlock.");
        if (IsAddress(place)) return PlaceAddress(text, hasValue, place);
        if (IsMarkdown(place)) return One(At().Replace(hasValue ? _markdown.Place(text) : text, at => Named(at.Value, place)));
        var words = TeamsText.Literal(Words(text));
        return place is { OwnerType: "RichTextBlock", Property: "inlines" } && words.Length == 0 ? [] : One(words);
    }

    protected override IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, SchemaPlace place) => TeamsTemplateElements.Finish(placed, place);

    /// <summary>A run for each link and each style that a value brings along; the rest as the author wrote it.</summary>
    private List<JsonNode?> Runs(JsonObject map, string text, SchemaPlace place)
    {
        var runs = new List<JsonNode?>();
        foreach (var same in Joined(Split(text).Select(piece => piece.Inline)))
        {
            var bare = map.DeepClone().AsObject();
            bare["text"] = " ";
            if (base.PlaceObject(bare, place) is not [JsonObject run]) continue;
            run["text"] = TeamsText.Literal(same.Text);
            if (same.Style.HasFlag(InlineStyle.Bold)) run["weight"] = "Bolder";
            if (same.Style.HasFlag(InlineStyle.Italic)) run["italic"] = true;
            if (same.Style.HasFlag(InlineStyle.Strike)) run["strikethrough"] = true;
            if (same.Style.HasFlag(InlineStyle.Code)) run["fontType"] = "Monospace";
            if (same.Url is { } url) run["selectAction"] = new JsonObject { ["type"] = "Action.OpenUrl", ["url"] = url };
            runs.Add(run);
        }

        return runs;
    }

    // A TextRun knows neither dates nor mentions: they are words there.
    private static IReadOnlyList<MessageInline> Joined(IEnumerable<MessageInline> pieces) =>
        InlineText.Normalize([.. pieces.Select(piece => piece with { Date = null, Mention = null })]);

    // A mention of somebody of whom the card does not say who it is could cost the whole message.
    private string Named(string at, SchemaPlace place)
    {
        if (_meant.Contains(at) || _markdown.Mentions.Any(mention => TeamsText.AtOf(mention) == at)) return at;
        Template.Warn(place.Path, "mentions somebody who is not in msteams.entities, so nobody is notified.");
        return string.Concat("@", at.AsSpan("<at>".Length, at.Length - "<at></at>".Length));
    }

    [GeneratedRegex("<at>[^<]*</at>", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex At();

    private static bool IsAddress(SchemaPlace place) =>
        place.Property == "url" || place.Property.EndsWith("Url", StringComparison.Ordinal) || place.Property == "backgroundImage";

    private static bool IsMarkdown(SchemaPlace place) => place is { OwnerType: "TextBlock", Property: "text" }
        || place is { Outer: { OwnerType: "FactSet", Property: "facts" }, Property: "title" or "value" };

    private IReadOnlyList<JsonNode?> PlaceAddress(string text, bool hasValue, SchemaPlace place)
    {
        if (Template.UrlOf(text) is { } url) return One(hasValue || !IsWellFormed(text) ? url : text);
        // The designer's own pictures: they hold no value and lead nowhere.
        if (!hasValue && text.StartsWith("data:image/", StringComparison.Ordinal)) return One(text);
        // No address where one may be missing; what can't do without goes with it.
        if (Words(text).Trim().Length > 0) Template.Warn(place.Path, "is no http, https or mailto address, so it was left out.");
        return [];
    }
}
