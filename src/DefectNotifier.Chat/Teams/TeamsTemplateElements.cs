using System.Text.Json.Nodes;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// What becomes of an element whose values are placed: what shows nothing is left out, what is too many goes into another element of the kind.
/// adaptivecards.io/explorer
/// </summary>
internal static class TeamsTemplateElements
{
    public static IEnumerable<JsonObject> Finish(JsonObject placed, SchemaPlace place)
    {
        switch (SchemaPlace.TypeOf(placed))
        {
            case "ActionSet":
                return Split(placed);
            case "Image":
                // Teams loads pictures over https only.
                placed["altText"] ??= "Image";
                return placed["url"]!.ToString() is var address && (address.StartsWith("https:", StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal)) ? [placed] : [];
            case "Action.Submit" or "Action.Execute":
                throw new JsonTemplateException(place.Path, "a webhook has nobody to response Action.Submit or Action.Execute; use Action.OpenUrl.");
            default:
                return [placed];
        }
    }

    /// <summary>A row holds as many actions as Teams shows; more go into further rows.</summary>
    private static IEnumerable<JsonObject> Split(JsonObject placed)
    {
        var actions = placed["actions"]!.AsArray();
        var rows = actions.Chunk(TeamsLimits.Actions).ToList();
        actions.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var row = index == 0 ? placed : new JsonObject { ["type"] = "ActionSet" };
            row["actions"] = new JsonArray(rows[index]);
            yield return row;
        }
    }
}
