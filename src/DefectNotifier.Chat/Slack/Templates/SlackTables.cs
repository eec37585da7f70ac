using System.Text.Json.Nodes;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Rendering.JsonTemplates;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>What Slack requires of the rows of a <c>table</c> or a <c>data_table</c> in a JSON template.</summary>
internal static class SlackTables
{
    /// <summary>In place of a cell whose value is missing: Slack accepts no empty text.</summary>
    public static JsonNode BlankCell() => new JsonObject { ["type"] = "raw_text", ["text"] = " " };

    /// <summary>False for a table that has too few rows to show, for example because a list of values is empty.</summary>
    /// <exception cref="JsonTemplateException">A row has too many cells, or not as many as the first one.</exception>
    public static bool IsComplete(JsonObject table, int minRows, TemplateLocation location)
    {
        var rows = table["rows"]!.AsArray();
        if (rows.Count < minRows) return false;
        var columns = rows[0]!.AsArray().Count;
        for (var row = 0; row < rows.Count; row++)
        {
            var cells = rows[row]!.AsArray().Count;
            var path = $"{location.Path}.rows[{row}]";
            if (cells is 0 or > SlackLimits.TableColumns)
                throw new JsonTemplateException(path, $"has {cells} cells; Slack accepts 1 to {SlackLimits.TableColumns}.");
            if (cells != columns) throw new JsonTemplateException(path, $"has {cells} cells, but the first row has {columns}.");
        }

        return true;
    }
}
