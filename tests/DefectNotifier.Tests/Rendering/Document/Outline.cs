using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Document;

/// <summary>
/// A document as text, one line per block: <c>h1 Title</c>, <c>p plain {b|bold} {->https://x/|link}</c>, <c>field Label = Value</c>.
/// Line breaks within a text are ⏎.
/// </summary>
internal static class Outline
{
    public static string Of(MessageDocument document) => string.Join('\n', document.Blocks.SelectMany(Lines));

    private static IEnumerable<string> Lines(MessageBlock block) => block switch
    {
        HeadingBlock heading => [$"h{heading.Level} {Of(heading.Inlines)}"],
        ParagraphBlock paragraph => ["p " + Of(paragraph.Inlines)],
        QuoteBlock quote => ["quote " + Of(quote.Inlines)],
        NoteBlock note => ["note " + Of(note.Inlines)],
        CodeBlock code => ["code " + OneLine(code.Text)],
        ListBlock list => list.Items.Select(item =>
            $"{new string(' ', item.Indent * 2)}{(item.Number is { } number ? $"{number}." : "-")} {Of(item.Inlines)}"),
        TableBlock table => table.Rows.Select((row, index) =>
            (table.HasHeading && index == 0 ? "head " : "row ") + string.Join(" | ", row.Cells.Select(Of))),
        FieldsBlock table => table.Fields.Select(field => $"field {Of(field.Label)} = {Of(field.Value)}"),
        ButtonsBlock buttons => buttons.Buttons.Select(button => $"button {OneLine(button.Text)} -> {button.Url}"),
        ImageBlock image => [$"image {OneLine(image.AltText)} -> {image.Url}"],
        DividerBlock => ["rule"],
        _ => throw new ArgumentException(block.GetType().Name, nameof(block)),
    };

    private static string Of(IEnumerable<MessageInline> inlines) => OneLine(string.Concat(inlines.Select(Of)));

    private static string Of(MessageInline run)
    {
        var style = (run.Style.HasFlag(InlineStyle.Bold) ? "b" : "") + (run.Style.HasFlag(InlineStyle.Italic) ? "i" : "")
            + (run.Style.HasFlag(InlineStyle.Strike) ? "s" : "") + (run.Style.HasFlag(InlineStyle.Code) ? "c" : "")
            + (run.Date is null ? "" : "date") + (run.Url is null ? "" : "->" + run.Url)
                + (run.Mention is null ? "" : "@" + run.Mention.Slack);
        return style.Length == 0 ? run.Text : $"{{{style}|{run.Text}}}";
    }

    private static string OneLine(string text) => text.Replace('\n', '⏎');
}
