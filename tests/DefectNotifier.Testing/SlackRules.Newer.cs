using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>The blocks that Slack added in 2025 and 2026, which only JSON templates use.</summary>
public static partial class SlackRules
{
    private static void CheckCard(RuleFindings findings, JsonElement card, string path)
    {
        findings.OnlyKnows(card, path, "type", "hero_image", "icon", "title", "subtitle", "body", "actions", "block_id");
        foreach (var (name, limit) in (ReadOnlySpan<(string, int)>)[("title", 150), ("subtitle", 150), ("body", 200)])
            if (card.TryGetProperty(name, out var text)) CheckTextObject(findings, text, $"{path}/{name}", limit, "mrkdwn");
        foreach (var name in (ReadOnlySpan<string>)["hero_image", "icon"])
            if (card.TryGetProperty(name, out var image)) CheckContextElement(findings, image, $"{path}/{name}");
        if (!card.TryGetProperty("actions", out _)) return;
        foreach (var (button, at) in findings.Items(card, path, "actions", 1, 3)) CheckButton(findings, button, at);
    }

    private static void CheckCarousel(RuleFindings findings, JsonElement carousel, string path)
    {
        findings.OnlyKnows(carousel, path, "type", "elements", "block_id");
        foreach (var (card, at) in findings.Items(carousel, path, "elements", 1, 10)) CheckCard(findings, card, at);
    }

    private static void CheckContainer(RuleFindings findings, JsonElement container, string path)
    {
        findings.OnlyKnows(
            container, path, "type", "title", "rich_text_title", "subtitle", "child_blocks", "width", "icon", "is_collapsible",
            "default_collapsed", "has_header_divider", "block_id");
        if (container.TryGetProperty("title", out var title)) CheckTextObject(findings, title, $"{path}/title", 150, "plain_text");
        else CheckBlock(findings, container.GetProperty("rich_text_title"), $"{path}/rich_text_title");
        if (container.TryGetProperty("subtitle", out var subtitle))
            CheckTextObject(findings, subtitle, $"{path}/subtitle", 150, "plain_text", "mrkdwn");
        foreach (var (block, at) in findings.Items(container, path, "child_blocks", 1, 10)) CheckBlock(findings, block, at);
    }

    private static void CheckDataTable(RuleFindings findings, JsonElement table, string path)
    {
        findings.OnlyKnows(table, path, "type", "rows", "caption", "page_size", "row_header_column_index", "block_id");
        findings.Text(table, path, "caption", 20_000);
        CheckRows(findings, table, path, 2, 201);
        var widths = table.GetProperty("rows").EnumerateArray().Select(row => row.GetArrayLength()).Distinct().Count();
        findings.Require(widths == 1, path, "rows of different lengths");
    }

    private static void CheckTable(RuleFindings findings, JsonElement table, string path)
    {
        findings.OnlyKnows(table, path, "type", "rows", "column_settings", "block_id");
        CheckRows(findings, table, path, 1, 100);
        if (!table.TryGetProperty("column_settings", out _)) return;
        foreach (var (column, at) in findings.Items(table, path, "column_settings", 1, 20))
            findings.OnlyKnows(column, at, "align", "is_wrapped");
    }

    private static void CheckRows(RuleFindings findings, JsonElement table, string path, int min, int max)
    {
        foreach (var (row, at) in findings.Items(table, path, "rows", min, max))
        {
            findings.Require(row.GetArrayLength() is >= 1 and <= 20, at, $"{row.GetArrayLength()} cells");
            foreach (var cell in row.EnumerateArray()) CheckCell(findings, cell, at);
        }
    }

    private static void CheckCell(RuleFindings findings, JsonElement cell, string path)
    {
        var type = findings.Text(cell, path, "type", 20);
        if (type == "rich_text")
        {
            CheckBlock(findings, cell, path);
            return;
        }

        findings.Choice(cell, path, "type", "raw_text", "raw_number");
        findings.OnlyKnows(cell, path, type == "raw_number" ? ["type", "text", "value"] : ["type", "text"]);
        findings.Text(cell, path, "text", 10_000);
        if (type == "raw_number")
            findings.Require(cell.GetProperty("value").ValueKind == JsonValueKind.Number, path, "'value' is not a number");
    }
}
