using System.Text.Json.Nodes;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Puts the values of a Slack JSON template into their places: as they are in <c>plain_text</c>, <c>rich_text</c> and what it does not know, escaped in mrkdwn,
/// percent-encoded in addresses. Neither who is mentioned nor what kind of block something is can come from a value.
/// </summary>
/// <param name="template">The template's JSON.</param>
/// <param name="cap">The longest value, in UTF-16 units.</param>
/// <param name="isWhole">True: nothing is cut to the limit of its place.</param>
internal sealed class SlackValueBinder(JsonTemplate template, int cap, bool isWhole) : ValueBinder(template, SlackSchema.All, cap)
{
    /// <summary>What says who is notified, or is asked.</summary>
    private static readonly string[] Identities = ["user_id", "usergroup_id", "channel_id", "team_id", "range"];

    private readonly MrkdwnPlacer _mrkdwn = new(template, cap);
    private readonly List<string> _cut = [];

    /// <summary>The paths of the texts that were longer than their places allow. What nobody reads, such as ids, is not among them.</summary>
    public IReadOnlyList<string> Cut => _cut;

    protected override IReadOnlyList<JsonNode?> PlaceObject(JsonObject map, SchemaPlace place)
    {
        var isRun = place.OwnerType is "rich_text_section" or "rich_text_quote" && SchemaPlace.TypeOf(map) == "text";
        if (!isRun || map["text"] is not JsonValue value || !value.TryGetValue<string>(out var text) || !JsonTemplate.HasValue(text)) return base.PlaceObject(map, place);
        var bare = map.DeepClone().AsObject();
        bare["text"] = " ";
        var style = base.PlaceObject(bare, place) is [JsonObject own] ? own["style"] as JsonObject : null;
        return [.. Split(text).Where(piece => piece.Inline.Text.Length > 0).Select(piece => Run(piece.Inline, style))];
    }

    protected override IReadOnlyList<JsonNode?> PlaceText(string text, SchemaPlace place)
    {
        var hasValue = JsonTemplate.HasValue(text);
        if (hasValue && place.Property == "type") throw new JsonTemplateException(place.Path, "a value can't say what something is; write the type in the template.");
        if (hasValue && Identities.Contains(place.Property)) throw new JsonTemplateException(place.Path, "a value can't say who is mentioned; use the helper mention in a text.");
        if (hasValue && place is { OwnerType: "markdown", Property: "text" })
            throw new JsonTemplateException(place.Path, "Slack's markdown block has no way to show a value as it is; use section or rich_text.");
        if (IsAddress(place.Property)) return PlaceAddress(text, hasValue, place);
        if (IsMrkdwn(place)) return One(PlaceMrkdwn(text, hasValue, place));
        var words = Words(text);
        if (hasValue && place is { OwnerType: "plain_text", Property: "text" } && place.Owner!["emoji"]?.ToJsonString() != "false") words = SlackWords.WithoutEmojiCodes(words);
        return One(GraphemeText.Cut(words, Limit(words.Length, place)));
    }

    protected override IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, SchemaPlace place) => SlackTemplateBlocks.Finish(written, placed, place);

    private static JsonObject Run(MessageInline piece, JsonObject? style)
    {
        var run = JsonNode.Parse(SlackRichText.WriteRun(piece))!.AsObject();
        if (style is not null && SchemaPlace.TypeOf(run) != "date") run["style"] = Merged(style, run["style"] as JsonObject);
        return run;
    }

    private static JsonObject Merged(JsonObject own, JsonObject? values)
    {
        var merged = own.DeepClone().AsObject();
        foreach (var (key, value) in values ?? []) merged[key] = value?.DeepClone();
        return merged;
    }

    private static bool IsAddress(string property) => property == "url" || property.EndsWith("_url", StringComparison.Ordinal)
        || property.EndsWith("_link", StringComparison.Ordinal) || property is "author_icon" or "footer_icon";

    // In attachments every text is mrkdwn or at least unescaped as such.
    private static bool IsMrkdwn(SchemaPlace place) =>
        place is { OwnerType: "mrkdwn", Property: "text" } || place is { Path: "$.text" }
        || (place.IsWithin("attachments") && !place.IsWithin("blocks") && place.Property is "text" or "pretext" or "fallback" or "value" or "title" or "footer" or "author_name");

    private IReadOnlyList<JsonNode?> PlaceAddress(string text, bool hasValue, SchemaPlace place)
    {
        if (Template.UrlOf(text) is { } url) return One(hasValue || !IsWellFormed(text) ? url : text);
        // No address where one may be missing; what can't do without goes with it.
        if (Words(text).Trim().Length > 0) Template.Warn(place.Path, "is no http, https or mailto address, so it was left out.");
        return [];
    }

    private string PlaceMrkdwn(string text, bool hasValue, SchemaPlace place)
    {
        var whole = hasValue ? _mrkdwn.Place(text, int.MaxValue, message => Template.Warn(place.Path, message)) : text;
        var limit = Limit(whole.Length, place);
        return whole.Length <= limit ? whole : _mrkdwn.Place(text, limit, _ => { });
    }

    private int Limit(int length, SchemaPlace place)
    {
        var limit = isWhole ? int.MaxValue : SlackTemplateLimits.Of(place);
        if (length > limit && place.Property == "text") _cut.Add(place.Path);
        return limit;
    }
}
