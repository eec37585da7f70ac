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
            case "card": WriteCard(page, block); break;
            case "carousel": foreach (var card in block.Items("elements")) WriteCard(page, card); break;
            case "container": WriteContainer(page, block); break;
            case "table" or "data_table": WriteTable(page, block); break;
            case "divider": page.WriteRule(); break;
            default: page.Write($"[{type}]"); break;
        }
    }

    private static void WriteCard(TextPage page, JsonElement card)
    {
        var parts = new[] { card.Child("title"), card.Child("subtitle"), card.Child("body") };
        foreach (var part in parts.Where(part => part.Text("text").Length > 0)) page.Write(TextOf(part));
        if (card.Child("hero_image") is { ValueKind: JsonValueKind.Object } image) page.Write(Element(image));
        var actions = card.Items("actions").Select(Element).ToList();
        if (actions.Count > 0) page.Write(LinkText.Join(actions));
    }

    private static void WriteContainer(TextPage page, JsonElement container)
    {
        if (container.Child("rich_text_title") is { ValueKind: JsonValueKind.Object } title) SlackRichTextView.Write(page, title);
        else if (container.Child("title").Text("text") is { Length: > 0 } plain) page.Write(plain, style: TextStyle.Bold);
        if (container.Child("subtitle").Text("text").Length > 0) page.Write(TextOf(container.Child("subtitle")));
        foreach (var block in container.Items("child_blocks")) WriteBlock(page, block);
    }

    private static void WriteTable(TextPage page, JsonElement table)
    {
        if (table.Text("caption") is { Length: > 0 } caption) page.Write(caption, style: TextStyle.Bold);
        foreach (var row in table.Items("rows").Where(row => row.ValueKind == JsonValueKind.Array))
        {
            page.Write(LinkText.Row(row.EnumerateArray().Select(IReadOnlyList<TextRun> (cell) => cell.Text("type") == "rich_text"
                ? [.. cell.Items("elements").SelectMany(SlackRichTextView.Runs)]
                : [new TextRun(cell.Text("text"))])));
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
