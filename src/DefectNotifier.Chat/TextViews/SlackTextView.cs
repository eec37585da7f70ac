using System.Text.Json;

namespace DefectNotifier.Chat.TextViews;

/// <summary>
/// Shows a Slack message in a terminal, from the same JSON that is sent. It supports the common blocks; others are shown as their type in
/// brackets. It never throws, whatever the JSON.
/// </summary>
public static class SlackTextView
{
    /// <param name="json">UTF-8, an object with <c>blocks</c> or <c>text</c>.</param>
    /// <returns>Lines that end in <c>\n</c>, without control characters except tabs.</returns>
    public static string Render(ReadOnlyMemory<byte> json) => Read(json).ToString();

    /// <param name="json">UTF-8, an object with <c>blocks</c> or <c>text</c>.</param>
    /// <returns>The same text with styles.</returns>
    public static MessageText Read(ReadOnlyMemory<byte> json) => TextPage.Read(json, WriteMessage);

    private static void WriteMessage(TextPage page, JsonElement message)
    {
        var blocks = message.Items("blocks").ToList();
        if (blocks.Count == 0 && message.Text("text") is { Length: > 0 } text) page.Write(MrkdwnReader.Read(text));
        foreach (var block in blocks) WriteBlock(page, block);
        foreach (var attachment in message.Items("attachments")) page.WriteWithin("│ ", () => WriteMessage(page, attachment));
    }

    private static void WriteBlock(TextPage page, JsonElement block)
    {
        var type = block.Text("type");
        switch (type)
        {
            case "header": page.WriteHeading(TextOf(block.Child("text"))); break;
            case "section": WriteSection(page, block); break;
            case "rich_text": SlackRichTextView.Write(page, block); break;
            case "context": page.Write(Subtle(Join(block)), "· "); break;
            case "actions": page.Write(Join(block)); break;
            case "image": page.Write(Element(block)); break;
            case "markdown": page.Write(block.Text("text")); break;
            case "divider": page.WriteRule(); break;
            default: page.Write($"[{type}]"); break;
        }
    }

    private static void WriteSection(TextPage page, JsonElement section)
    {
        if (section.Child("text").Text("text").Length > 0) page.Write(TextOf(section.Child("text")));
        foreach (var field in section.Items("fields")) page.Write(Row(field));
        if (section.Child("accessory") is { ValueKind: JsonValueKind.Object } accessory) page.Write(Element(accessory));
    }

    /// <summary>A field whose first line is bold is shown as one line of a table.</summary>
    private static IReadOnlyList<TextRun> Row(JsonElement field)
    {
        var text = field.Text("text");
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var isRow = field.Text("type") == "mrkdwn" && end > 2 && text[0] == '*' && text[end - 1] == '*';
        return isRow
            ? [.. MrkdwnReader.Read(text[..end]), new TextRun(": "), .. MrkdwnReader.Read(text[(end + 1)..])]
            : TextOf(field);
    }

    private static IEnumerable<TextRun> Subtle(IEnumerable<TextRun> runs) =>
        runs.Select(run => run with { Style = run.Style | TextStyle.Subtle });

    private static IEnumerable<TextRun> Join(JsonElement block) => LinkText.Join(block.Items("elements").Select(Element));

    private static IReadOnlyList<TextRun> Element(JsonElement element)
    {
        var type = element.Text("type");
        return type switch
        {
            "mrkdwn" or "plain_text" => TextOf(element),
            "button" => LinkText.Of([new TextRun("["), .. TextOf(element.Child("text")), new TextRun("]")], element.Text("url")),
            "image" => LinkText.Of($"[image: {element.Text("alt_text")}]", element.Text("image_url")),
            _ => [new TextRun($"[{type}]")],
        };
    }

    private static IReadOnlyList<TextRun> TextOf(JsonElement text) =>
        text.Text("type") == "mrkdwn" ? MrkdwnReader.Read(text.Text("text")) : [new TextRun(text.Text("text"))];
}
