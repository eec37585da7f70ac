using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Limits;

/// <summary>A document in plain words, one line a block, its heading first: what a notification shows and a screen reader says.</summary>
internal static class PlainText
{
    public static string Read(MessageDocument document)
    {
        var heading = document.Blocks.FirstOrDefault(block => block is HeadingBlock);
        var rest = document.Blocks.Where(block => !ReferenceEquals(block, heading));
        var blocks = heading is null ? rest : rest.Prepend(heading);
        return string.Join('\n', blocks.Select(Line).Where(line => line.Length > 0));
    }

    /// <summary>
    /// At most <paramref name="limit"/> UTF-16 units of such a text, cut before its last line where that is short: there stands what holds for the whole
    /// message, above all that it may be a repeat.
    /// </summary>
    public static string Cut(string text, int limit)
    {
        var lastLine = text[(text.LastIndexOf('\n') + 1)..];
        return text.Length <= limit || lastLine.Length >= limit / 4
            ? GraphemeText.Cut(text, limit)
            : $"{GraphemeText.Cut(text[..^(lastLine.Length + 1)], limit - lastLine.Length - 1)}\n{lastLine}";
    }

    /// <summary>A block's words on one line; empty for one without any.</summary>
    public static string Line(MessageBlock block) => OneLine(block switch
    {
        HeadingBlock heading => InlineText.Read(heading.Inlines),
        ParagraphBlock paragraph => InlineText.Read(paragraph.Inlines),
        QuoteBlock quote => InlineText.Read(quote.Inlines),
        NoteBlock note => InlineText.Read(note.Inlines),
        CodeBlock code => code.Text,
        ListBlock list => string.Join("; ", list.Items.Select(item => InlineText.Read(item.Inlines))),
        FieldsBlock table => string.Join("; ", table.Fields.Select(field => $"{InlineText.Read(field.Label)}: {InlineText.Read(field.Value)}")),
        ButtonsBlock buttons => string.Join("; ", buttons.Buttons.Select(button => button.Text)),
        ImageBlock image => image.AltText,
        _ => "",
    });

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
