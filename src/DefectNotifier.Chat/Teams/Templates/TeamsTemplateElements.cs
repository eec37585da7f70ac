using System.Text.Json.Nodes;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Teams.Templates;

/// <summary>
/// Adjusts an element after its values are bound: an element with nothing to show is left out, and actions beyond Teams' limit go into
/// further elements. adaptivecards.io/explorer
/// </summary>
internal static class TeamsTemplateElements
{
    public static IEnumerable<JsonObject> Adjust(JsonObject bound, TemplateLocation location)
    {
        switch (TemplateLocation.TypeOf(bound))
        {
            case "ActionSet":
                return Split(bound);
            case "Image":
                // Teams loads images over https only.
                bound["altText"] ??= "Image";
                var url = bound["url"]!.ToString();
                var isLoadable = url.StartsWith("https:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal);
                return isLoadable ? [bound] : [];
            case "Action.Submit" or "Action.Execute":
                throw new JsonTemplateException(
                    location.Path, "a webhook can't receive Action.Submit or Action.Execute; use Action.OpenUrl.");
            default:
                return [bound];
        }
    }

    /// <summary>A row holds as many actions as Teams shows; the rest goes into further rows.</summary>
    private static IEnumerable<JsonObject> Split(JsonObject bound)
    {
        var actions = bound["actions"]!.AsArray();
        var rows = actions.Chunk(TeamsLimits.Actions).ToList();
        actions.Clear();
        for (var index = 0; index < rows.Count; index++)
        {
            var row = index == 0 ? bound : new JsonObject { ["type"] = "ActionSet" };
            row["actions"] = new JsonArray(rows[index]);
            yield return row;
        }
    }
}
