using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>A document as plain text: whole, with one line per block and the heading first, or as one line for a notification.</summary>
internal static class PlainText
{
    /// <summary>Longer than any phone shows; a heading of this length is not cut.</summary>
    private const int MaxHeading = 200;

    public static string Read(MessageDocument document) => string.Join('\n', Lines(document));

    /// <summary>
    /// One short line, as a phone shows it: the heading, plus project and severity where the heading does not contain them.
    /// </summary>
    public static string Summary(MessageDocument document) => Summary(Lines(document).FirstOrDefault() ?? "", document.Labels);

    /// <param name="heading">The most important text of the message; cut when long.</param>
    /// <param name="labels">Added where the heading does not contain them.</param>
    public static string Summary(string heading, IEnumerable<string> labels)
    {
        var line = Graphemes.Cut(heading.ReplaceLineEndings(" ").Trim(), MaxHeading);
        var missing = labels.Where(label => !line.Contains(label, StringComparison.OrdinalIgnoreCase));
        return string.Join(" · ", missing.Prepend(line).Where(part => part.Length > 0));
    }

    /// <summary>
    /// At most <paramref name="limit"/> UTF-16 units of such a text. A short last line is kept and the text before it cut: the last line is
    /// about the whole message, for example that it may be a repeat.
    /// </summary>
    public static string Cut(string text, int limit)
    {
        var lastLine = text[(text.LastIndexOf('\n') + 1)..];
        return text.Length <= limit || lastLine.Length >= limit / 4
            ? Graphemes.Cut(text, limit)
            : $"{Graphemes.Cut(text[..^(lastLine.Length + 1)], limit - lastLine.Length - 1)}\n{lastLine}";
    }

    /// <summary>
    /// Such a text without the line of its buttons, for a message in which the same links follow the text. The first line always stays.
    /// </summary>
    public static string WithoutButtons(string text, IReadOnlyList<LinkButton> links)
    {
        if (links.Count == 0) return text;
        var labels = LineOf(links);
        return string.Join('\n', text.Split('\n').Where((line, number) => number == 0 || line != labels));
    }

    private static string LineOf(IEnumerable<LinkButton> buttons) => string.Join("; ", buttons.Select(button => button.Text));

    /// <summary>One line for each block with text, the first heading first.</summary>
    private static IEnumerable<string> Lines(MessageDocument document)
    {
        var heading = document.Blocks.FirstOrDefault(block => block is HeadingBlock);
        foreach (var block in document.Blocks.OrderBy(block => ReferenceEquals(block, heading) ? 0 : 1))
        {
            var text = block switch
            {
                TextBlock running => InlineText.Read(running.Inlines),
                CodeBlock code => code.Text,
                ListBlock list => string.Join("; ", list.Items.Select(item => InlineText.Read(item.Inlines))),
                TableBlock table => string.Join("; ", table.Rows.Select(row => string.Join(" · ", row.Cells.Select(InlineText.Read)
                    .Where(cell => cell.Length > 0)))),
                FieldsBlock table => string.Join("; ", table.Fields.Select(field =>
                    $"{InlineText.Read(field.Label)}: {InlineText.Read(field.Value)}")),
                ButtonsBlock buttons => LineOf(buttons.Buttons),
                ImageBlock image => image.AltText,
                _ => "",
            };
            var line = text.ReplaceLineEndings(" ").Trim();
            if (line.Length > 0) yield return line;
        }
    }
}
