using System.Text.Json.Nodes;
using DefectNotifier.Chat.Fitting;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What Slack refuses in a block whose values are placed: what shows nothing is left out, what is too many goes into another block of the kind, what can't be
/// right is a fault. Blocks that it does not know pass. docs.slack.dev/reference/block-kit/blocks
/// </summary>
internal static class SlackDraftBlocks
{
    public static IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, DraftPlace place)
    {
        switch (DraftPlace.TypeOf(placed))
        {
            case "plain_text":
                placed.Remove("verbatim");
                return Keep(placed, HasText(placed));
            case "mrkdwn":
                placed.Remove("emoji");
                // Slack would make links and mentions of a value's own words.
                if (JsonDraft.HasValue(written["text"]?.ToString() ?? "")) placed["verbatim"] = true;
                return Keep(placed, HasText(placed));
            case "header":
                return Keep(placed, RequireText(placed, "text", place, "plain_text"));
            case "section":
                return Section(placed, place);
            case "context":
                return Split(placed, "elements", 10, place);
            case "actions":
                return Split(placed, "elements", SlackLimits.ButtonsPerBlock, place);
            case "button":
                return Keep(placed, RequireText(placed, "text", place, "plain_text") && written.ContainsKey("url") == placed.ContainsKey("url"));
            case "image":
                if (TextOf(placed, "alt_text") is null) placed["alt_text"] = "Image";
                return Keep(placed, TextOf(placed, "image_url")?.StartsWith("http", StringComparison.Ordinal) == true || placed.ContainsKey("slack_file"));
            case "rich_text":
            case "rich_text_section" or "rich_text_quote" or "rich_text_preformatted":
                return Keep(placed, RequireItems(placed, "elements", place).Count > 0);
            case "rich_text_list":
                if (placed["style"] is not JsonValue) throw new DraftException($"{place.Path}.style", "is missing; 'bullet' or 'ordered'.");
                return Keep(placed, RequireItems(placed, "elements", place).Count > 0);
            case "text" when place.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return Keep(placed, TextOf(placed, "text", blankIsText: true) is not null);
            case "link" when place.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return Link(placed);
            case "user" when place.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return RequireId(placed, "user_id", place);
            case "usergroup" when place.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return RequireId(placed, "usergroup_id", place);
            case "broadcast" when place.OwnerType.StartsWith("rich_text", StringComparison.Ordinal):
                return RequireId(placed, "range", place);
            default:
                return [placed];
        }
    }

    private static IEnumerable<JsonObject> RequireId(JsonObject placed, string property, DraftPlace place) => TextOf(placed, property) is { } id && id.All(char.IsAsciiLetterOrDigit)
        ? [placed]
        : throw new DraftException($"{place.Path}.{property}", "is no id.");

    private static IEnumerable<JsonObject> Section(JsonObject placed, DraftPlace place)
    {
        if (placed.ContainsKey("text") && !RequireText(placed, "text", place, "plain_text", "mrkdwn")) placed.Remove("text");
        if (placed.ContainsKey("fields") && RequireItems(placed, "fields", place) is { Count: 0 }) placed.Remove("fields");
        if (!placed.ContainsKey("fields")) return Keep(placed, placed.ContainsKey("text"));
        foreach (var field in placed["fields"]!.AsArray())
            if (field is not JsonObject text || DraftPlace.TypeOf(text) is not ("plain_text" or "mrkdwn")) throw new DraftException($"{place.Path}.fields", "holds something that is no text object.");
        return Split(placed, "fields", SlackLimits.FieldsPerSection, place);
    }

    /// <summary>The items beyond a limit go into further blocks, which have nothing else.</summary>
    private static IEnumerable<JsonObject> Split(JsonObject placed, string property, int limit, DraftPlace place)
    {
        var items = RequireItems(placed, property, place);
        if (items.Count == 0) yield break;
        var rows = items.Chunk(limit).ToList();
        items.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var block = index == 0 ? placed : new JsonObject { ["type"] = DraftPlace.TypeOf(placed) };
            block[property] = new JsonArray(rows[index]);
            yield return block;
        }
    }

    private static IEnumerable<JsonObject> Link(JsonObject placed)
    {
        if (TextOf(placed, "text") is null) placed.Remove("text");
        if (TextOf(placed, "url") is { } url)
        {
            placed["text"] ??= url;
            return [placed];
        }

        placed["type"] = "text";
        return Keep(placed, placed.ContainsKey("text"));
    }

    private static bool RequireText(JsonObject placed, string property, DraftPlace place, params string[] types)
    {
        if (placed[property] is null) return false;
        return placed[property] is JsonObject text && types.Contains(DraftPlace.TypeOf(text))
            ? HasText(text)
            : throw new DraftException($"{place.Path}.{property}", $"is no text object of type {string.Join(" or ", types)}.");
    }

    private static JsonArray RequireItems(JsonObject placed, string property, DraftPlace place)
    {
        if (placed[property] is not JsonArray items) throw new DraftException($"{place.Path}.{property}", "is not a list.");
        return items.Any(item => item is not JsonObject) ? throw new DraftException($"{place.Path}.{property}", "holds something that is no object.") : items;
    }

    private static bool HasText(JsonObject text) => TextOf(text, "text") is not null;

    private static string? TextOf(JsonObject map, string property, bool blankIsText = false) =>
        map[property] is JsonValue value && value.TryGetValue<string>(out var text) && (blankIsText ? text.Length > 0 : !string.IsNullOrWhiteSpace(text)) ? text : null;

    private static IEnumerable<JsonObject> Keep(JsonObject placed, bool hasSomethingToShow) => hasSomethingToShow ? [placed] : [];
}
