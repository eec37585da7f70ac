using System.Text.Json;
using System.Text.RegularExpressions;

namespace DefectNotifier.Testing;

/// <summary>
/// Checks a message against Slack's rules, independent of the code that writes messages: from Slack's documentation
/// (docs.slack.dev/reference/block-kit) and from measured limits. It knows only the blocks that DefectNotifier writes.
/// </summary>
public static partial class SlackRules
{
    private static readonly string[] Schemes = ["http", "https", "mailto"];

    /// <returns>Violations, each with the path of the element; empty for a valid message.</returns>
    public static IReadOnlyList<string> Check(JsonElement message)
    {
        var findings = new RuleFindings();
        findings.OnlyKnows(message, "", "text", "blocks", "unfurl_links", "unfurl_media");
        // Slack splits a text of more than about 4,000 characters into two messages.
        findings.Text(message, "", "text", 3_000);
        foreach (var flag in new[] { "unfurl_links", "unfurl_media" })
            findings.Require(
                message.TryGetProperty(flag, out var unfurl) && unfurl.ValueKind == JsonValueKind.False, "", $"'{flag}' is not false");
        foreach (var (block, path) in findings.Items(message, "", "blocks", 1, 50)) CheckBlock(findings, block, path);
        var tables = message.TryGetProperty("blocks", out var all) ? all.EnumerateArray().Count(IsTable) : 0;
        findings.Require(tables <= 1, "/blocks", $"{tables} tables, more than 1");
        CheckUnique(findings, message, "action_id");
        CheckUnique(findings, message, "block_id");
        var total = JsonStrings.In(message)
            .Where(text => text.Name is "text" or "alt_text" or "fallback" && text.Path != "/text")
            .Sum(text => text.Value.Length);
        findings.Require(total <= 9_500, "/blocks", $"{total} characters in all, more than 9500");
        if (message.TryGetProperty("blocks", out var blocks))
        {
            // Slack counts a JSON escape as one character. The longest message that was accepted had 15,561.
            var json = Escape().Replace(blocks.GetRawText(), "?").Length;
            findings.Require(json <= 15_561, "/blocks", $"{json} characters of JSON, more than 15561");
        }

        return findings.All;
    }

    /// <summary>A text with U+FFFC in place of each invalid date that shows a markup character as it is.</summary>
    public static string WithoutLiterals(string mrkdwn) => Literal().Replace(mrkdwn, "\uFFFC");

    [GeneratedRegex(@"<!date\^00000000\^\{_\}\|(?:[*_~`]|&gt;)>")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\\(?:u[0-9A-Fa-f]{4}|.)")]
    private static partial Regex Escape();

    private static void CheckBlock(RuleFindings findings, JsonElement block, string path)
    {
        var type = findings.Text(block, path, "type", 255);
        switch (type)
        {
            case "header":
                findings.OnlyKnows(block, path, "type", "text", "level", "block_id");
                if (block.TryGetProperty("level", out var level))
                    findings.Require(level.GetInt32() is >= 1 and <= 4, path, $"'level' is {level}");
                CheckTextObject(findings, block.GetProperty("text"), $"{path}/text", 150, "plain_text");
                break;
            case "section":
                findings.OnlyKnows(block, path, "type", "text", "fields", "block_id");
                CheckSection(findings, block, path);
                break;
            case "context":
                findings.OnlyKnows(block, path, "type", "elements", "block_id");
                foreach (var (item, at) in findings.Items(block, path, "elements", 1, 10)) CheckContextElement(findings, item, at);
                break;
            case "actions":
                findings.OnlyKnows(block, path, "type", "elements", "block_id");
                foreach (var (item, at) in findings.Items(block, path, "elements", 1, 25)) CheckButton(findings, item, at);
                break;
            case "image":
                findings.OnlyKnows(block, path, "type", "image_url", "alt_text", "title", "block_id");
                findings.Address(block, path, "image_url", 3_000, "http", "https");
                findings.Text(block, path, "alt_text", 2_000);
                break;
            case "rich_text":
                findings.OnlyKnows(block, path, "type", "elements", "block_id");
                foreach (var (item, at) in findings.Items(block, path, "elements", 1, int.MaxValue)) CheckRichText(findings, item, at);
                break;
            case "table": CheckTable(findings, block, path); break;
            case "data_table": CheckDataTable(findings, block, path); break;
            case "card": CheckCard(findings, block, path); break;
            case "carousel": CheckCarousel(findings, block, path); break;
            case "container": CheckContainer(findings, block, path); break;
            case "divider":
                findings.OnlyKnows(block, path, "type", "block_id");
                break;
            default:
                findings.Add(path, $"unknown block type '{type}'");
                break;
        }
    }

    private static bool IsTable(JsonElement block) => block.TryGetProperty("type", out var type) && type.ValueEquals("table");

    private static void CheckContextElement(RuleFindings findings, JsonElement item, string path)
    {
        if (!item.TryGetProperty("type", out var type) || !type.ValueEquals("image"))
        {
            CheckTextObject(findings, item, path, 3_000, "plain_text", "mrkdwn");
            return;
        }

        findings.OnlyKnows(item, path, "type", "image_url", "alt_text");
        findings.Address(item, path, "image_url", 3_000, "http", "https");
        findings.Text(item, path, "alt_text", 2_000);
    }

    private static void CheckSection(RuleFindings findings, JsonElement block, string path)
    {
        var hasText = block.TryGetProperty("text", out var text);
        findings.Require(hasText || block.TryGetProperty("fields", out _), path, "neither 'text' nor 'fields'");
        if (hasText) CheckTextObject(findings, text, $"{path}/text", 3_000, "plain_text", "mrkdwn");
        if (!block.TryGetProperty("fields", out _)) return;
        foreach (var (field, at) in findings.Items(block, path, "fields", 1, 10))
            CheckTextObject(findings, field, at, 2_000, "plain_text", "mrkdwn");
    }

    private static void CheckButton(RuleFindings findings, JsonElement button, string path)
    {
        findings.Choice(button, path, "type", "button");
        findings.OnlyKnows(button, path, "type", "text", "url", "action_id", "value", "style");
        CheckTextObject(findings, button.GetProperty("text"), $"{path}/text", 75, "plain_text");
        findings.Address(button, path, "url", 3_000, Schemes);
        findings.Text(button, path, "action_id", 255);
    }

    private static void CheckTextObject(RuleFindings findings, JsonElement text, string path, int limit, params string[] types)
    {
        var type = findings.Text(text, path, "type", 20);
        findings.Require(types.Contains(type), path, $"text object of type '{type}'");
        findings.Text(text, path, "text", limit);
        // emoji is only for plain_text and verbatim only for mrkdwn; Slack rejects the other combinations.
        findings.OnlyKnows(text, path, "type", "text", type == "mrkdwn" ? "verbatim" : "emoji");
    }

    private static void CheckRichText(RuleFindings findings, JsonElement element, string path)
    {
        var type = findings.Text(element, path, "type", 255);
        if (type == "rich_text_list")
        {
            findings.OnlyKnows(element, path, "type", "style", "indent", "offset", "border", "elements");
            findings.Require(element.TryGetProperty("style", out _), path, "'style' is missing");
            findings.Choice(element, path, "style", "bullet", "ordered");
            if (element.TryGetProperty("indent", out var indent))
                findings.Require(indent.GetInt32() is >= 0 and <= 8, path, $"'indent' is {indent}");

            if (element.TryGetProperty("offset", out var offset)) findings.Require(offset.GetInt32() >= 0, path, $"'offset' is {offset}");
            foreach (var (item, at) in findings.Items(element, path, "elements", 1, int.MaxValue))
            {
                findings.Require(item.GetProperty("type").GetString() == "rich_text_section", at, "a list holds sections only");
                CheckRichText(findings, item, at);
            }

            return;
        }

        findings.Require(
            type is "rich_text_section" or "rich_text_quote" or "rich_text_preformatted", path, $"unknown element type '{type}'");
        findings.OnlyKnows(element, path, "type", "elements", "border");
        foreach (var (run, at) in findings.Items(element, path, "elements", 1, int.MaxValue)) CheckRun(findings, run, at);
    }

    private static void CheckRun(RuleFindings findings, JsonElement run, string path)
    {
        var type = findings.Text(run, path, "type", 20);
        switch (type)
        {
            case "text":
                findings.OnlyKnows(run, path, "type", "text", "style");
                findings.Text(run, path, "text", int.MaxValue);
                break;
            case "link":
                findings.OnlyKnows(run, path, "type", "url", "text", "style");
                findings.Address(run, path, "url", 3_000, Schemes);
                findings.Text(run, path, "text", int.MaxValue);
                break;
            case "date":
                findings.OnlyKnows(run, path, "type", "timestamp", "format", "url", "fallback");
                findings.Require(run.GetProperty("timestamp").GetInt64() >= 0, path, "'timestamp' is before 1970");
                findings.Text(run, path, "format", 255);
                findings.Text(run, path, "fallback", int.MaxValue);
                if (run.TryGetProperty("url", out _)) findings.Address(run, path, "url", 3_000, Schemes);
                break;
            case "user":
                CheckId(findings, run, path, "user_id", 'U', 'W');
                break;
            case "usergroup":
                CheckId(findings, run, path, "usergroup_id", 'S');
                break;
            case "broadcast":
                findings.OnlyKnows(run, path, "type", "range", "style");
                findings.Choice(run, path, "range", "here", "channel", "everyone");
                break;
            default:
                findings.Add(path, $"unknown run type '{type}'");
                break;
        }

        if (run.TryGetProperty("style", out var style)) findings.OnlyKnows(style, $"{path}/style", "bold", "italic", "strike", "code");
    }

    private static void CheckId(RuleFindings findings, JsonElement run, string path, string name, params char[] first)
    {
        findings.OnlyKnows(run, path, "type", name, "style");
        var id = findings.Text(run, path, name, 50);
        findings.Require(id.Length > 2 && first.Contains(id[0]) && id.All(char.IsAsciiLetterOrDigit), path, $"'{name}' is '{id}'");
    }

    private static void CheckUnique(RuleFindings findings, JsonElement message, string name)
    {
        var groups = JsonStrings.In(message).Where(text => text.Name == name).GroupBy(text => text.Value);
        foreach (var group in groups.Where(group => group.Count() > 1))
            findings.Add(group.Last().Path, $"'{name}' is used {group.Count()} times");
    }
}
