using System.Text.Json.Nodes;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What becomes of a block whose values are placed: what shows nothing is left out, what is too many goes into another block of the kind.
/// docs.slack.dev/reference/block-kit/blocks
/// </summary>
internal static class SlackTemplateBlocks
{
    public static IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, SchemaPlace place)
    {
        switch (SchemaPlace.TypeOf(placed))
        {
            case "mrkdwn":
                // Slack would make links and mentions of a value's own words.
                if (JsonTemplate.HasValue(written["text"]?.ToString() ?? "")) placed["verbatim"] = true;
                return [placed];
            case "section":
                return placed["fields"] is null ? [placed] : Split(placed, "fields", SlackLimits.FieldsPerSection);
            case "context":
                return Split(placed, "elements", 10);
            case "actions":
                return Split(placed, "elements", SlackLimits.ButtonsPerBlock);
            case "button":
                // One that leads nowhere any more.
                return Keep(placed, written.ContainsKey("url") == placed.ContainsKey("url"));
            case "image":
                placed["alt_text"] ??= "Image";
                return Keep(placed, placed["image_url"]?.ToString().StartsWith("http", StringComparison.Ordinal) == true || placed["slack_file"] is JsonObject);
            case "link" when place.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return Link(placed);
            default:
                return [placed];
        }
    }

    /// <summary>The items beyond a limit go into further blocks, which have nothing else.</summary>
    private static IEnumerable<JsonObject> Split(JsonObject placed, string property, int limit)
    {
        var items = placed[property]!.AsArray();
        var rows = items.Chunk(limit).ToList();
        items.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var block = index == 0 ? placed : new JsonObject { ["type"] = SchemaPlace.TypeOf(placed) };
            block[property] = new JsonArray(rows[index]);
            yield return block;
        }
    }

    private static IEnumerable<JsonObject> Link(JsonObject placed)
    {
        if (placed["url"] is { } url)
        {
            placed["text"] ??= url.DeepClone();
            return [placed];
        }

        // What can't be linked to is words.
        placed["type"] = "text";
        placed.Remove("unsafe");
        return Keep(placed, placed.ContainsKey("text"));
    }

    private static IEnumerable<JsonObject> Keep(JsonObject placed, bool hasSomethingToShow) => hasSomethingToShow ? [placed] : [];
}
