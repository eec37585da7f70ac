using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Limits;

/// <summary>A document as plain text: whole, with one line per block and the heading first, or as one line for a notification.</summary>
internal static class PlainText
{
    /// <summary>Longer than any phone shows; a heading of this length is not cut.</summary>
    private const int MaxHeading = 200;

    public static string Read(MessageDocument document)
    {
        var heading = document.Blocks.FirstOrDefault(block => block is HeadingBlock);
        var rest = document.Blocks.Where(block => !ReferenceEquals(block, heading));
        var blocks = heading is null ? rest : rest.Prepend(heading);
        return string.Join('\n', blocks.Select(Line).Where(line => line.Length > 0));
    }

    /// <summary>
    /// One short line, as a phone shows it: the heading, plus project and severity where the heading does not contain them.
    /// </summary>
    public static string Summary(MessageDocument document)
    {
        var text = FirstLine(document.Blocks.Where(block => block is HeadingBlock))
            ?? FirstLine(document.Blocks.Where(block => block is not HeadingBlock));
        return Summary(text ?? "", document.Labels);
    }

    /// <param name="heading">The most important text of the message; cut when long.</param>
    /// <param name="labels">Added where the heading does not contain them.</param>
    public static string Summary(string heading, IEnumerable<string> labels)
    {
        var line = GraphemeText.Cut(heading.ReplaceLineEndings(" ").Trim(), MaxHeading);
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
            ? GraphemeText.Cut(text, limit)
            : $"{GraphemeText.Cut(text[..^(lastLine.Length + 1)], limit - lastLine.Length - 1)}\n{lastLine}";
    }

    private static string? FirstLine(IEnumerable<MessageBlock> blocks) => blocks.Select(Line).FirstOrDefault(line => line.Length > 0);

    /// <summary>A block's text on one line; empty for a block without text.</summary>
    private static string Line(MessageBlock block) => OneLine(block switch
    {
        HeadingBlock heading => InlineText.Read(heading.Inlines),
        ParagraphBlock paragraph => InlineText.Read(paragraph.Inlines),
        QuoteBlock quote => InlineText.Read(quote.Inlines),
        NoteBlock note => InlineText.Read(note.Inlines),
        CodeBlock code => code.Text,
        ListBlock list => string.Join("; ", list.Items.Select(item => InlineText.Read(item.Inlines))),
        FieldsBlock table => string.Join("; ", table.Fields.Select(field =>
            $"{InlineText.Read(field.Label)}: {InlineText.Read(field.Value)}")),
        ButtonsBlock buttons => string.Join("; ", buttons.Buttons.Select(button => button.Text)),
        ImageBlock image => image.AltText,
        _ => "",
    });

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
