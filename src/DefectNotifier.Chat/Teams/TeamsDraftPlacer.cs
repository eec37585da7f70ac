using System.Text.Json.Nodes;
using DefectNotifier.Chat.Fitting;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Puts the values of an Adaptive Card template into their places: Markdown-escaped in TextBlocks and facts, as they are in TextRuns and elsewhere,
/// percent-encoded in addresses. Neither who is mentioned nor what kind of element something is can come from a value.
/// </summary>
internal sealed class TeamsDraftPlacer(JsonDraft draft, int cap) : DraftPlacer(draft, cap)
{
    private readonly TeamsMarkdownPlacer _markdown = new(draft, cap);

    /// <summary>Who is mentioned, each once: the card must say whom their names mean.</summary>
    public IEnumerable<Mention> Mentions => _markdown.Mentions.Distinct();

    protected override IReadOnlyList<JsonNode?> PlaceObject(JsonObject map, DraftPlace place)
    {
        var isRun = place is { OwnerType: "RichTextBlock", Property: "inlines" } && DraftPlace.TypeOf(map) == "TextRun";
        return isRun && map["text"] is JsonValue value && value.TryGetValue<string>(out var text) && JsonDraft.HasValue(text) ? Runs(map, text, place) : base.PlaceObject(map, place);
    }

    protected override IReadOnlyList<JsonNode?> PlaceText(string text, DraftPlace place)
    {
        var hasValue = JsonDraft.HasValue(text);
        if (hasValue && place.Property == "type") throw new DraftException(place.Path, "a value can't say what something is; write the type in the template.");
        if (hasValue && place.IsWithin("msteams")) throw new DraftException(place.Path, "a value can't say who is mentioned; use the helper mention in a TextBlock.");
        if (IsAddress(place)) return PlaceAddress(text, hasValue, place);
        if (IsMarkdown(place)) return One(hasValue ? _markdown.Place(text) : text);
        var words = TeamsText.Literal(Words(text));
        return place is { OwnerType: "RichTextBlock", Property: "inlines" } && words.Length == 0 ? [] : One(words);
    }

    protected override IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, DraftPlace place)
    {
        RemoveBlank(placed, "url", "altText", "id");
        return TeamsDraftElements.Finish(written, placed, place);
    }

    /// <summary>A run for each link and each style that a value brings along; the rest as the author wrote it.</summary>
    private List<JsonNode?> Runs(JsonObject map, string text, DraftPlace place)
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

    private static bool IsAddress(DraftPlace place) =>
        place.Property == "url" || place.Property.EndsWith("Url", StringComparison.Ordinal) || place.Property == "backgroundImage";

    private static bool IsMarkdown(DraftPlace place) => place is { OwnerType: "TextBlock", Property: "text" }
        || place is { Outer: { OwnerType: "FactSet", Property: "facts" }, Property: "title" or "value" };

    private IReadOnlyList<JsonNode?> PlaceAddress(string text, bool hasValue, DraftPlace place)
    {
        if (Draft.UrlOf(text) is { } url) return One(hasValue ? url : text);
        // The designer's own pictures: they hold no value and lead nowhere.
        if (!hasValue && text.StartsWith("data:image/", StringComparison.Ordinal)) return One(text);
        // No address where one may be missing; what can't do without goes with it.
        if (Words(text).Trim().Length > 0) Draft.Remark(place.Path, "is no http, https or mailto address, so it was left out.");
        return [];
    }
}
