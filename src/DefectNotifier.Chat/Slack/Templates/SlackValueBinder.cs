using System.Text.Json.Nodes;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Events;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>
/// Puts the values into a Slack JSON template: literally in <c>plain_text</c>, <c>rich_text</c> and unknown properties, escaped in mrkdwn,
/// percent-encoded in URLs. A value cannot set who is mentioned or the type of a block.
/// </summary>
/// <param name="template">The template's JSON.</param>
/// <param name="maxValue">The maximum length of a value, in UTF-16 units.</param>
/// <param name="isUnlimited">True: nothing is cut to the limit of its location.</param>
internal sealed class SlackValueBinder(JsonTemplate template, int maxValue, bool isUnlimited)
    : ValueBinder(template, SlackSchema.All, maxValue)
{
    private const string WordJoiner = "\u2060";

    /// <summary>Properties that identify who is notified or asked.</summary>
    private static readonly string[] Identities = ["user_id", "usergroup_id", "channel_id", "team_id", "range"];

    /// <summary>A card needs one of them.</summary>
    private static readonly string[] CardParts = ["hero_image", "title", "body", "actions"];

    private readonly MrkdwnBinder _mrkdwn = new(template, maxValue);
    private readonly List<string> _cut = [];

    /// <summary>
    /// The paths of the texts that were longer than their location allows. Invisible values such as ids are not included.
    /// </summary>
    public IReadOnlyList<string> Cut => _cut;

    protected override IReadOnlyList<JsonNode?> BindObject(JsonObject map, TemplateLocation location)
    {
        var isRun = location.OwnerType is "rich_text_section" or "rich_text_quote" && TemplateLocation.TypeOf(map) == "text";
        if (!isRun || TextWithValue(map) is not { } written)
        {
            var bound = base.BindObject(map, location);
            // A row without one of its cells would move the others.
            var isCell = location is { OwnerType: "table" or "data_table", Property: "rows" };
            return isCell && bound.Count == 0 ? [SlackTables.BlankCell()] : bound;
        }

        var text = (map["style"] as JsonObject)?["code"] is null ? Shortcodes.Expand(written) : written;
        if (!VisibleText.IsIn(PlainTextOf(text))) return [];

        // The template's run becomes several: one for each link and style that a value contains.
        var bare = map.DeepClone().AsObject();
        bare["text"] = " ";
        var style = base.BindObject(bare, location) is [JsonObject own] ? own["style"] as JsonObject : null;
        return [.. Split(text).Where(piece => piece.Inline.Text.Length > 0).Select(piece => RunOf(piece.Inline, style))];
    }

    protected override IReadOnlyList<JsonNode?> BindText(string text, TemplateLocation location)
    {
        var hasValue = JsonTemplate.HasValue(text);
        if (hasValue) CheckValueAllowed(location);
        if (IsUrl(location.Property)) return BindUrl(text, hasValue, location);
        if (IsMrkdwn(location)) return One(BindMrkdwn(text, hasValue, location));
        var plain = PlainTextOf(NeedsEmoji(location) ? Shortcodes.Expand(text) : text);
        var mayShowEmoji = location is { OwnerType: "plain_text", Property: "text" } && location.Owner!["emoji"]?.ToJsonString() != "false";
        // An invisible character keeps a :name: of a value from becoming an emoji.
        if (hasValue && mayShowEmoji) plain = Mrkdwn.EmojiCode().Replace(plain, ":" + WordJoiner);
        return One(Graphemes.Cut(plain, LimitOf(plain.Length, location)));
    }

    // docs.slack.dev/reference/block-kit/blocks
    protected override IEnumerable<JsonObject> Adjust(JsonObject written, JsonObject bound, TemplateLocation location)
    {
        switch (TemplateLocation.TypeOf(bound))
        {
            case "mrkdwn":
                // Without verbatim Slack would detect links and mentions in a value.
                if (JsonTemplate.HasValue(written["text"]?.ToString() ?? "")) bound["verbatim"] = true;
                return [bound];
            case "section":
                return bound["fields"] is null ? [bound] : Split(bound, "fields", SlackLimits.FieldsPerSection);
            case "context":
                return Split(bound, "elements", SlackLimits.ContextElements);
            case "actions":
                return Split(bound, "elements", SlackLimits.ButtonsPerBlock);
            case "context_actions":
                return Split(bound, "elements", SlackLimits.ContextActions);
            case "carousel":
                return Split(bound, "elements", SlackLimits.CarouselCards);
            case "card":
                Limit(bound, "actions", SlackLimits.CardActions, location);
                if (!CardParts.Any(written.ContainsKey))
                    throw new JsonTemplateException(location.Path, $"lacks {string.Join(" or ", CardParts.Select(part => $"'{part}'"))}.");
                return CardParts.Any(bound.ContainsKey) ? [bound] : [];
            case "container":
                Limit(bound, "child_blocks", SlackLimits.ContainerBlocks, location);
                return [bound];
            case "table":
                Limit(bound, "rows", SlackLimits.TableRows, location);
                return SlackTables.IsComplete(bound, minRows: 1, location) ? [bound] : [];
            case "data_table":
                Limit(bound, "rows", SlackLimits.DataTableRows, location);
                return SlackTables.IsComplete(bound, minRows: 2, location) ? [bound] : [];
            case "button":
                // Not when its URL was left out.
                return written.ContainsKey("url") == bound.ContainsKey("url") ? [bound] : [];
            case "image":
                bound["alt_text"] ??= "Image";
                if (Template.IsFile(bound["image_url"]?.ToString())) return LinkInsteadOf(bound, location);
                var isWeb = bound["image_url"]?.ToString().StartsWith("http", StringComparison.Ordinal) == true;
                return isWeb || bound["slack_file"] is JsonObject ? [bound] : [];
            case "link" when location.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                if (bound["url"] is { } url)
                {
                    bound["text"] ??= url.DeepClone();
                    return [bound];
                }

                // Without a URL it becomes plain text.
                bound["type"] = "text";
                bound.Remove("unsafe");
                return bound.ContainsKey("text") ? [bound] : [];
            default:
                return [bound];
        }
    }

    private void Limit(JsonObject bound, string property, int limit, TemplateLocation location)
    {
        if (bound[property] is not JsonArray items || items.Count <= limit) return;
        Template.Warn($"{location.Path}.{property}", $"has {items.Count} elements, but Slack accepts {limit}; the others were left out.");
        while (items.Count > limit) items.RemoveAt(limit);
    }

    private static void CheckValueAllowed(TemplateLocation location)
    {
        if (location.Property == "type")
            throw new JsonTemplateException(location.Path, "a value can't set a type; write the type in the template.");

        if (Identities.Contains(location.Property))
            throw new JsonTemplateException(location.Path, "a value can't set who is mentioned; use the helper mention in a text.");

        if (location is { OwnerType: "markdown", Property: "text" })
        {
            throw new JsonTemplateException(
                location.Path, "Slack's markdown block can't show a value literally; use section or rich_text.");
        }
    }

    private static JsonObject RunOf(MessageInline piece, JsonObject? style)
    {
        var run = JsonNode.Parse(SlackRichText.WriteRun(piece))!.AsObject();
        if (style is not null && TemplateLocation.TypeOf(run) != "date") run["style"] = Merge(style, run["style"] as JsonObject);
        return run;
    }

    private static JsonObject Merge(JsonObject authors, JsonObject? values)
    {
        var merged = authors.DeepClone().AsObject();
        foreach (var (key, value) in values ?? []) merged[key] = value?.DeepClone();
        return merged;
    }

    // A text may stand in place of an image, except beside a section.
    private static IEnumerable<JsonObject> LinkInsteadOf(JsonObject image, TemplateLocation location)
    {
        var text = new JsonObject
        {
            ["type"] = "mrkdwn",
            ["text"] = Mrkdwn.Link(image["image_url"]!.ToString(), image["alt_text"]!.ToString()),
            ["verbatim"] = true,
        };
        return location.Property switch
        {
            "elements" => [text],
            "blocks" or "child_blocks" => [new JsonObject { ["type"] = "section", ["text"] = text }],
            _ => [],
        };
    }

    // Everywhere else Slack reads shortcodes itself, also those of the workspace.
    private static bool NeedsEmoji(TemplateLocation location) =>
        location is { OwnerType: "text" or "link" or "raw_text", Property: "text" }
        && location.Outer?.OwnerType != "rich_text_preformatted"
        && (location.Owner!["style"] as JsonObject)?["code"] is null;

    private static bool IsUrl(string property) =>
        property is "url" or "author_icon" or "footer_icon"
        || property.EndsWith("_url", StringComparison.Ordinal)
        || property.EndsWith("_link", StringComparison.Ordinal);

    // In attachments Slack interprets every text as mrkdwn, or at least its & < >.
    private static bool IsMrkdwn(TemplateLocation location) =>
        location is { OwnerType: "mrkdwn", Property: "text" }
        || location is { Path: "$.text" }
        || (location.IsWithin("attachments") && !location.IsWithin("blocks")
            && location.Property is "text" or "pretext" or "fallback" or "value" or "title" or "footer" or "author_name");

    private string BindMrkdwn(string text, bool hasValue, TemplateLocation location)
    {
        var whole = hasValue ? ShownMarkup(_mrkdwn.Bind(text, int.MaxValue, warning => Template.Warn(location.Path, warning))) : text;
        var limit = LimitOf(whole.Length, location);
        return whole.Length <= limit ? whole : _mrkdwn.Bind(text, limit, _ => { });
    }

    private int LimitOf(int length, TemplateLocation location)
    {
        var limit = isUnlimited ? int.MaxValue : SlackTemplateLimits.Of(location);
        if (length > limit && location.Property == "text") _cut.Add(location.Path);
        return limit;
    }
}
