using System.Text.Json;

namespace DefectNotifier.Chat.TextViews;

/// <summary>
/// Shows a Teams message in a terminal, from the same JSON that is sent. It supports the common elements; others are shown as their type in
/// brackets. It never throws, whatever the JSON.
/// </summary>
public static class TeamsTextView
{
    /// <param name="json">UTF-8, the envelope with Adaptive Cards or a card alone.</param>
    /// <returns>Lines that end in <c>\n</c>, without control characters except tabs.</returns>
    public static string Render(ReadOnlyMemory<byte> json) => Read(json).ToString();

    /// <param name="json">UTF-8, the envelope with Adaptive Cards or a card alone.</param>
    /// <returns>The same text with styles.</returns>
    public static MessageText Read(ReadOnlyMemory<byte> json) => TextPage.Read(json, WriteMessage);

    private static void WriteMessage(TextPage page, JsonElement message)
    {
        if (message.Text("text") is { Length: > 0 } text) page.Write(TeamsMarkdownReader.Read(text));
        if (message.Text("type") == "AdaptiveCard") WriteCard(page, message);
        foreach (var attachment in message.Items("attachments")) WriteCard(page, attachment.Child("content"));
    }

    private static void WriteCard(TextPage page, JsonElement card)
    {
        WriteAll(page, card.Items("body"));
        WriteActions(page, card);
    }

    private static void WriteAll(TextPage page, IEnumerable<JsonElement> elements)
    {
        foreach (var element in elements) WriteElement(page, element);
    }

    private static void WriteElement(TextPage page, JsonElement element)
    {
        if (element.Flag("separator")) page.WriteRule();
        var type = element.Text("type");
        switch (type)
        {
            case "TextBlock": WriteText(page, Runs(element), element); break;
            case "RichTextBlock": WriteText(page, Runs(element), element.Items("inlines").FirstOrDefault()); break;
            case "Container": WriteContainer(page, element); break;
            case "ColumnSet": WriteAll(page, element.Items("columns").SelectMany(column => column.Items("items"))); break;
            case "FactSet": WriteFacts(page, element); break;
            case "Table": WriteTable(page, element); break;
            case "ImageSet": WriteAll(page, element.Items("images")); break;
            case "ActionSet": WriteActions(page, element); break;
            default: page.Write(Runs(element)); break;
        }
    }

    private static IEnumerable<TextRun> ReadMarkdown(string markdown, TextStyle style) =>
        TeamsMarkdownReader.Read(markdown).Select(run => run with { Style = run.Style | style });

    /// <param name="page">The page.</param>
    /// <param name="text">The text.</param>
    /// <param name="style">The JSON with the style properties: the element or its first run.</param>
    private static void WriteText(TextPage page, IEnumerable<TextRun> text, JsonElement style)
    {
        if (IsTitle(style)) page.WriteHeading(text);
        else if (style.Flag("isSubtle")) page.Write(text.Select(run => run with { Style = run.Style | TextStyle.Subtle }), "· ");
        else page.Write(text);
    }

    private static void WriteContainer(TextPage page, JsonElement container)
    {
        var items = container.Items("items").ToList();
        var style = items.Count > 0 ? items[0].Items("inlines").Append(items[0]).First() : default;
        var margin = IsCode(style) ? "    " : "│ ";
        if (Is(container, "style", "emphasis") && !IsTitle(style)) page.WriteWithin(margin, () => WriteAll(page, items));
        else page.WriteInTone(ToneOf(container), () => WriteAll(page, items));
    }

    private static TextStyle ToneOf(JsonElement container) => container.Text("style").ToUpperInvariant() switch
    {
        "GOOD" => TextStyle.Good,
        "WARNING" => TextStyle.Warning,
        "ATTENTION" => TextStyle.Attention,
        _ => TextStyle.Plain,
    };

    private static void WriteFacts(TextPage page, JsonElement facts)
    {
        foreach (var fact in facts.Items("facts"))
        {
            var title = ReadMarkdown(fact.Text("title"), TextStyle.Bold);
            page.Write([.. title, new TextRun(": "), .. TeamsMarkdownReader.Read(fact.Text("value"))]);
        }
    }

    private static void WriteActions(TextPage page, JsonElement owner)
    {
        var actions = owner.Items("actions")
            .Select(action => LinkText.Of($"[{action.Text("title")}]", action.Text("url"))).ToList();
        if (actions.Count > 0) page.Write(LinkText.Join(actions));
    }

    private static void WriteTable(TextPage page, JsonElement table)
    {
        foreach (var row in table.Items("rows"))
        {
            page.Write(LinkText.Row(row.Items("cells").Select(IReadOnlyList<TextRun> (cell) =>
                [.. LinkText.Join(cell.Items("items").Select(IReadOnlyList<TextRun> (item) => [.. Runs(item)]))])));
        }
    }

    private static IEnumerable<TextRun> Runs(JsonElement element) => element.Text("type") switch
    {
        "TextBlock" => ReadMarkdown(element.Text("text"), StyleOf(element)),
        "RichTextBlock" => InlinesOf(element),
        "Image" => LinkText.Of($"[image: {element.Text("altText")}]", element.Text("url")),
        var type => [new TextRun($"[{type}]")],
    };

    private static IEnumerable<TextRun> InlinesOf(JsonElement block) => block.Items("inlines").SelectMany(run =>
        run.ValueKind == JsonValueKind.String
            ? [new TextRun(run.AsText())]
            : LinkText.Of([new TextRun(run.Text("text"), StyleOf(run))], run.Child("selectAction").Text("url")));

    private static TextStyle StyleOf(JsonElement style) =>
        (Is(style, "weight", "Bolder") ? TextStyle.Bold : TextStyle.Plain)
        | (style.Flag("italic") ? TextStyle.Italic : TextStyle.Plain)
        | (style.Flag("strikethrough") ? TextStyle.Struck : TextStyle.Plain)
        | (IsCode(style) ? TextStyle.Code : TextStyle.Plain);

    private static bool IsCode(JsonElement style) => Is(style, "fontType", "Monospace");

    private static bool IsTitle(JsonElement style) =>
        Is(style, "weight", "Bolder") && (Is(style, "size", "Large") || Is(style, "size", "ExtraLarge"));

    /// <summary>Adaptive Cards ignore the case of these values.</summary>
    private static bool Is(JsonElement element, string name, string value) =>
        string.Equals(element.Text(name), value, StringComparison.OrdinalIgnoreCase);
}
