using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DefectNotifier.Testing;

/// <summary>
/// Checks a message against the rules of Teams and of Workflows webhooks, independent of the code that writes messages: from the Adaptive
/// Cards schema 1.2 (adaptivecards.io/explorer) and Microsoft's documentation of webhooks.
/// </summary>
public static partial class TeamsRules
{
    private static readonly string[] Common = ["type", "id", "isVisible", "separator", "spacing", "height", "fallback", "requires"];
    private static readonly string[] Sizes = ["Default", "Small", "Medium", "Large", "ExtraLarge"];
    private static readonly string[] Colors = ["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"];

    /// <returns>Violations, each with the path of the element; empty for a valid message.</returns>
    public static IReadOnlyList<string> Check(JsonElement message)
    {
        var findings = new RuleFindings();
        var size = Encoding.UTF8.GetByteCount(message.GetRawText());
        findings.Require(size <= 20_480, "", $"{size} bytes, more than 20480");
        // Teams stores the card as a JSON string and counts its bytes: 24,000 of the 28,672 may be ours.
        var stored = size + message.GetRawText().Count(character => character is '"' or '\\');
        findings.Require(stored <= 24_000, "", $"{stored} bytes when stored, more than 24000");
        findings.OnlyKnows(message, "", "type", "summary", "attachments");
        findings.Text(message, "", "summary", 150);
        findings.Require(findings.Text(message, "", "type", 20) == "message", "", "'type' is not 'message'");
        foreach (var (attachment, path) in findings.Items(message, "", "attachments", 1, 1)) CheckAttachment(findings, attachment, path);
        return findings.All;
    }

    private static void CheckAttachment(RuleFindings findings, JsonElement attachment, string path)
    {
        findings.OnlyKnows(attachment, path, "contentType", "contentUrl", "content");
        var contentType = findings.Text(attachment, path, "contentType", 100);
        findings.Require(contentType == "application/vnd.microsoft.card.adaptive", path, $"'contentType' is '{contentType}'");
        var hasUrl = attachment.TryGetProperty("contentUrl", out var contentUrl);
        findings.Require(hasUrl && contentUrl.ValueKind == JsonValueKind.Null, path, "'contentUrl' is not null");
        if (attachment.TryGetProperty("content", out var card)) CheckCard(findings, card, $"{path}/content");
        else findings.Add(path, "'content' is missing");
    }

    private static void CheckCard(RuleFindings findings, JsonElement card, string path)
    {
        findings.OnlyKnows(card, path, "$schema", "type", "version", "msteams", "fallbackText", "body", "actions");
        if (card.TryGetProperty("actions", out _)) CheckActions(findings, card, path);
        findings.Require(findings.Text(card, path, "type", 20) == "AdaptiveCard", path, "'type' is not 'AdaptiveCard'");
        var hasTable = card.GetRawText().Contains("\"type\":\"Table\"", StringComparison.Ordinal);
        var version = findings.Text(card, path, "version", 5);
        findings.Require(version is "1.0" or "1.1" or "1.2" || (hasTable && version == "1.5"), path, $"'version' is {version}");
        findings.Text(card, path, "fallbackText", int.MaxValue);
        foreach (var (element, at) in findings.Items(card, path, "body", 1, int.MaxValue)) CheckElement(findings, element, at);
        CheckMentions(findings, card, path);
    }

    /// <summary>
    /// A mention is <c>&lt;at&gt;Name&lt;/at&gt;</c> in a Markdown text plus an entity with the same text; neither may be missing.
    /// </summary>
    private static void CheckMentions(RuleFindings findings, JsonElement card, string path)
    {
        var texts = JsonStrings.In(card, path).Where(text =>
            text.Path.Contains("/facts/", StringComparison.Ordinal)
            || (text.Name == "text"
                && !text.Path.Contains("/inlines/", StringComparison.Ordinal)
                && !text.Path.Contains("/msteams/", StringComparison.Ordinal)));
        var used = texts.SelectMany(text => At().Matches(text.Value).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        if (card.TryGetProperty("msteams", out var settings) && settings.TryGetProperty("entities", out _))
        {
            foreach (var (entity, at) in findings.Items(settings, $"{path}/msteams", "entities", 1, 100))
            {
                findings.Choice(entity, at, "type", "mention");
                declared.Add(findings.Text(entity, at, "text", 200));
                findings.Text(entity.GetProperty("mentioned"), at, "id", 300);
                findings.Text(entity.GetProperty("mentioned"), at, "name", 200);
            }
        }

        foreach (var text in used.Except(declared)) findings.Add(path, $"{text} has no entity");
        foreach (var text in declared.Except(used)) findings.Add(path, $"the entity {text} is not in any text");
    }

    [GeneratedRegex("<at>[^<]*</at>")]
    private static partial Regex At();

    private static void CheckElement(RuleFindings findings, JsonElement element, string path)
    {
        var type = findings.Text(element, path, "type", 50);
        findings.Flag(element, path, "separator");
        findings.Choice(element, path, "spacing", "None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding");
        switch (type)
        {
            case "TextBlock":
                findings.OnlyKnows(
                    element,
                    path,
                    [.. Common, "text", "color", "fontType", "horizontalAlignment", "isSubtle", "maxLines", "size", "weight", "wrap"]);
                findings.Text(element, path, "text", int.MaxValue);
                findings.Require(
                    element.TryGetProperty("wrap", out var wrap) && wrap.ValueKind == JsonValueKind.True, path, "'wrap' is not true");
                break;
            case "RichTextBlock":
                findings.OnlyKnows(element, path, [.. Common, "inlines", "horizontalAlignment"]);
                foreach (var (run, at) in findings.Items(element, path, "inlines", 1, int.MaxValue))
                {
                    if (run.ValueKind != JsonValueKind.String) CheckRun(findings, run, at);
                }

                break;
            case "Container":
                findings.OnlyKnows(
                    element, path, [.. Common, "items", "selectAction", "style", "verticalContentAlignment", "bleed", "minHeight"]);
                findings.Choice(element, path, "style", "default", "emphasis", "good", "attention", "warning", "accent");
                foreach (var (item, at) in findings.Items(element, path, "items", 1, int.MaxValue)) CheckElement(findings, item, at);
                break;
            case "ColumnSet":
                findings.OnlyKnows(
                    element, path, [.. Common, "columns", "selectAction", "style", "bleed", "horizontalAlignment", "minHeight"]);
                foreach (var (column, at) in findings.Items(element, path, "columns", 1, int.MaxValue))
                {
                    // An empty column is allowed: it separates others.
                    if (!column.TryGetProperty("items", out _)) continue;
                    foreach (var (item, inside) in findings.Items(column, at, "items", 0, int.MaxValue))
                        CheckElement(findings, item, inside);
                }

                break;
            case "Table":
                findings.OnlyKnows(element, path, [.. Common, "columns", "rows", "firstRowAsHeaders"]);
                findings.Flag(element, path, "firstRowAsHeaders");
                CheckRows(findings, element, path);
                break;
            case "FactSet":
                findings.OnlyKnows(element, path, [.. Common, "facts"]);
                foreach (var (fact, at) in findings.Items(element, path, "facts", 1, int.MaxValue)) CheckFact(findings, fact, at);
                break;
            case "Image":
                findings.OnlyKnows(
                    element,
                    path,
                    [.. Common, "url", "altText", "backgroundColor", "horizontalAlignment", "selectAction", "size", "style", "width"]);
                findings.Address(element, path, "url", int.MaxValue, "https");
                findings.Text(element, path, "altText", int.MaxValue);
                break;
            case "ActionSet":
                findings.OnlyKnows(element, path, [.. Common, "actions"]);
                CheckActions(findings, element, path);
                break;
            default:
                findings.Add(path, $"unknown element type '{type}'");
                break;
        }
    }

    private static void CheckRows(RuleFindings findings, JsonElement table, string path)
    {
        var columns = findings.Items(table, path, "columns", 1, int.MaxValue).Count();
        foreach (var (row, at) in findings.Items(table, path, "rows", 1, int.MaxValue))
        {
            findings.Choice(row, at, "type", "TableRow");
            foreach (var (cell, inside) in findings.Items(row, at, "cells", columns, columns))
            {
                findings.Choice(cell, inside, "type", "TableCell");
                foreach (var (item, deepest) in findings.Items(cell, inside, "items", 0, int.MaxValue))
                    CheckElement(findings, item, deepest);
            }
        }
    }

    private static void CheckFact(RuleFindings findings, JsonElement fact, string path)
    {
        findings.OnlyKnows(fact, path, "title", "value");
        CheckNoFunction(findings, findings.Text(fact, path, "title", int.MaxValue), path);
        CheckNoFunction(findings, findings.Text(fact, path, "value", int.MaxValue), path);
    }

    private static void CheckRun(RuleFindings findings, JsonElement run, string path)
    {
        // underline needs version 1.3.
        findings.OnlyKnows(
            run,
            path,
            ["type", "text", "color", "fontType", "highlight", "isSubtle", "italic", "selectAction", "size", "strikethrough", "weight"]);
        findings.Require(findings.Text(run, path, "type", 20) == "TextRun", path, "'type' is not 'TextRun'");
        var text = findings.Text(run, path, "text", int.MaxValue);
        CheckNoFunction(findings, text, path);
        findings.Require(!text.Contains("](", StringComparison.Ordinal), path, "'text' may be a link on iPhones");
        findings.Choice(run, path, "size", Sizes);
        findings.Choice(run, path, "color", Colors);
        findings.Choice(run, path, "weight", "Default", "Lighter", "Bolder");
        findings.Choice(run, path, "fontType", "Default", "Monospace");
        foreach (var flag in new[] { "highlight", "isSubtle", "italic", "strikethrough" }) findings.Flag(run, path, flag);
        if (run.TryGetProperty("selectAction", out var action)) CheckAction(findings, action, $"{path}/selectAction", hasTitle: false);
    }

    private static void CheckActions(RuleFindings findings, JsonElement owner, string path)
    {
        foreach (var (action, at) in findings.Items(owner, path, "actions", 1, 6)) CheckAction(findings, action, at, hasTitle: true);
    }

    private static void CheckAction(RuleFindings findings, JsonElement action, string path, bool hasTitle)
    {
        // A webhook has no bot that could receive Submit or Execute.
        findings.OnlyKnows(action, path, "type", "title", "url");
        findings.Require(findings.Text(action, path, "type", 50) == "Action.OpenUrl", path, "not an Action.OpenUrl");
        findings.Address(action, path, "url", int.MaxValue, "http", "https", "mailto");
        if (hasTitle) CheckNoFunction(findings, findings.Text(action, path, "title", int.MaxValue), path);
    }

    /// <summary>The Adaptive Cards SDK would replace it with a date in any property.</summary>
    private static void CheckNoFunction(RuleFindings findings, string text, string path) => findings.Require(
        !text.Contains("{{DATE(", StringComparison.OrdinalIgnoreCase) && !text.Contains("{{TIME(", StringComparison.OrdinalIgnoreCase),
        path,
        "a date function");
}
