using System.Text.Json.Nodes;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>
/// Adjusts a block after its values are bound: a block with nothing to show is left out, and items beyond Slack's limit go into further
/// blocks. docs.slack.dev/reference/block-kit/blocks
/// </summary>
internal static class SlackTemplateBlocks
{
    public static IEnumerable<JsonObject> Adjust(JsonObject written, JsonObject bound, TemplateLocation location)
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
            case "button":
                // Not when its URL was left out.
                return KeepIf(bound, written.ContainsKey("url") == bound.ContainsKey("url"));
            case "image":
                bound["alt_text"] ??= "Image";
                var isWeb = bound["image_url"]?.ToString().StartsWith("http", StringComparison.Ordinal) == true;
                return KeepIf(bound, isWeb || bound["slack_file"] is JsonObject);
            case "link" when location.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return Link(bound);
            default:
                return [bound];
        }
    }

    /// <summary>Items beyond the limit go into further blocks, which contain nothing else.</summary>
    private static IEnumerable<JsonObject> Split(JsonObject bound, string property, int limit)
    {
        var items = bound[property]!.AsArray();
        var rows = items.Chunk(limit).ToList();
        items.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var block = index == 0 ? bound : new JsonObject { ["type"] = TemplateLocation.TypeOf(bound) };
            block[property] = new JsonArray(rows[index]);
            yield return block;
        }
    }

    private static IEnumerable<JsonObject> Link(JsonObject bound)
    {
        if (bound["url"] is { } url)
        {
            bound["text"] ??= url.DeepClone();
            return [bound];
        }

        // Without a URL it becomes plain text.
        bound["type"] = "text";
        bound.Remove("unsafe");
        return KeepIf(bound, bound.ContainsKey("text"));
    }

    private static IEnumerable<JsonObject> KeepIf(JsonObject bound, bool hasSomethingToShow) => hasSomethingToShow ? [bound] : [];
}
