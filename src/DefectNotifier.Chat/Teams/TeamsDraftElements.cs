using System.Text.Json.Nodes;
using DefectNotifier.Chat.Fitting;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// What Teams refuses or shows as a hole in an element whose values are placed: what shows nothing is left out, what can't be right is a fault. Elements that it
/// does not know pass. adaptivecards.io/explorer
/// </summary>
internal static class TeamsDraftElements
{
    public static IEnumerable<JsonObject> Finish(JsonObject written, JsonObject placed, DraftPlace place)
    {
        // An action within an action or element that leads nowhere is no action.
        if (placed["selectAction"] is JsonObject select && DraftPlace.TypeOf(select).Length == 0) placed.Remove("selectAction");
        switch (DraftPlace.TypeOf(placed))
        {
            case "TextBlock":
                return Keep(placed, HasText(placed, "text"));
            case "TextRun":
                // A run of spaces keeps words apart.
                return Keep(placed, placed["text"] is JsonValue run && run.TryGetValue<string>(out var words) && words.Length > 0);
            case "RichTextBlock":
                return Keep(placed, RequireItems(placed, "inlines", place).Count > 0);
            case "FactSet":
                return Keep(placed, RequireItems(placed, "facts", place).Count > 0);
            case "Container":
                return Keep(placed, RequireItems(placed, "items", place).Count > 0);
            case "ColumnSet":
                return Keep(placed, RequireItems(placed, "columns", place).Count > 0);
            case "ActionSet":
                return Split(placed, place);
            case "Image":
                // Teams loads pictures over https only.
                if (!placed.ContainsKey("altText")) placed["altText"] = "Image";
                return Keep(placed, placed["url"]?.ToString() is { } address && (address.StartsWith("https:", StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal)));
            case "Action.OpenUrl":
                return Keep(placed, placed.ContainsKey("url") && (place.Property == "selectAction" || HasText(placed, "title")));
            case "Action.Submit" or "Action.Execute":
                throw new DraftException(place.Path, "a webhook has nobody to answer Action.Submit or Action.Execute; use Action.OpenUrl.");
            case "" when IsInList(place) && placed.Count == 0:
                return [];
            case "" when IsInList(place):
                throw new DraftException(place.Path, "has no type.");
            case "" when place is { OwnerType: "FactSet", Property: "facts" }:
                return Keep(placed, HasText(placed, "title") && HasText(placed, "value"));
            default:
                return [placed];
        }
    }

    /// <summary>A row holds as many actions as Teams shows; more go into further rows.</summary>
    private static IEnumerable<JsonObject> Split(JsonObject placed, DraftPlace place)
    {
        var actions = RequireItems(placed, "actions", place);
        var rows = actions.Chunk(TeamsLimits.Actions).ToList();
        actions.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var row = index == 0 ? placed : new JsonObject { ["type"] = "ActionSet" };
            row["actions"] = new JsonArray(rows[index]);
            yield return row;
        }
    }

    public static JsonArray RequireItems(JsonObject placed, string property, DraftPlace place) => placed[property] switch
    {
        null => [],
        JsonArray items when items.All(item => item is JsonObject || (property == "inlines" && item is JsonValue)) => items,
        _ => throw new DraftException($"{place.Path}.{property}", "is not a list of objects."),
    };

    private static bool IsInList(DraftPlace place) => place.Property is "body" or "items" or "actions" && place.Path.EndsWith(']');

    private static bool HasText(JsonObject map, string property) =>
        map[property] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text);

    private static IEnumerable<JsonObject> Keep(JsonObject placed, bool hasSomethingToShow) => hasSomethingToShow ? [placed] : [];
}
