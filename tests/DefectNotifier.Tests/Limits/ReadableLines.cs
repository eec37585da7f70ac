using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Limits;

/// <summary>
/// The lines of a document that a reader must find in the message, with lone surrogates replaced and any blanks as one space.
/// </summary>
internal static partial class ReadableLines
{
    public static IEnumerable<string> Of(MessageDocument document) => document.Blocks.SelectMany(Texts)
        .SelectMany(text => text.Split('\n'))
        .Select(line => line.Replace("\uD83D ", "\uFFFD ", StringComparison.Ordinal))
        .Select(line => line.Replace("\uDE00 o", "\uFFFD o", StringComparison.Ordinal))
        .Select(line => Collapse(line).Trim())
        .Where(line => line.Length > 0);

    public static string Collapse(string text) => Blanks().Replace(text, " ");

    [GeneratedRegex(@"[ \t\u00A0]+")]
    private static partial Regex Blanks();

    private static IEnumerable<string> Texts(MessageBlock block) => block switch
    {
        HeadingBlock heading => Texts(heading.Inlines),
        ParagraphBlock paragraph => Texts(paragraph.Inlines),
        QuoteBlock quote => Texts(quote.Inlines),
        NoteBlock note => Texts(note.Inlines),
        CodeBlock code => [code.Text],
        ListBlock list => list.Items.SelectMany(item => Texts(item.Inlines)),
        TableBlock table => table.Rows.SelectMany(row => row.Cells).SelectMany(Texts),
        FieldsBlock table => table.Fields.SelectMany(field => Texts(field.Label).Concat(Texts(field.Value))),
        ButtonsBlock buttons => buttons.Buttons.Select(button => button.Text),
        ImageBlock image => [image.AltText],
        _ => [],
    };

    private static IEnumerable<string> Texts(IEnumerable<MessageInline> runs) => runs.Select(run => run.Text);
}
