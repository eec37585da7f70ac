using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Document;

/// <summary>The structure of a document without its text: counts of the kinds of blocks, text styles and addresses.</summary>
internal static class Structure
{
    public static Dictionary<string, int> Of(MessageDocument document) =>
        document.Blocks.SelectMany(Parts).GroupBy(part => part, StringComparer.Ordinal)
            .ToDictionary(part => part.Key, part => part.Count(), StringComparer.Ordinal);

    /// <summary>All text in one line.</summary>
    public static string TextOf(MessageDocument document) =>
        string.Join(" ¶ ", document.Blocks.SelectMany(Texts).Select(runs => string.Concat(runs.Select(run => run.Text))))
            .Replace('\n', ' ');

    private static IEnumerable<string> Parts(MessageBlock block)
    {
        yield return block is HeadingBlock heading ? $"heading {heading.Level}" : block.GetType().Name;
        if (block is ButtonsBlock buttons) foreach (var button in buttons.Buttons) yield return "button " + WithoutProject(button.Url);
        if (block is ImageBlock image) yield return "image " + image.Url;
        if (block is FieldsBlock table) foreach (var _ in table.Fields) yield return "field";
        if (block is TableBlock grid) foreach (var row in grid.Rows) yield return $"row {row.Cells.Count}";
        if (block is ListBlock list) foreach (var item in list.Items) yield return $"item {item.Indent}";
        foreach (var run in Texts(block).SelectMany(runs => runs)
            .Where(run => run.Style != InlineStyle.None || run.Url is not null || run.Date is not null))
            yield return $"run {run.Style} {WithoutProject(run.Url)} {run.Date}";
    }

    private static IEnumerable<IReadOnlyList<MessageInline>> Texts(MessageBlock block) => block switch
    {
        HeadingBlock heading => [heading.Inlines],
        ParagraphBlock paragraph => [paragraph.Inlines],
        QuoteBlock quote => [quote.Inlines],
        NoteBlock note => [note.Inlines],
        ListBlock list => list.Items.Select(item => item.Inlines),
        TableBlock table => table.Rows.SelectMany(row => row.Cells),
        FieldsBlock table => table.Fields.SelectMany(field => new[] { field.Label, field.Value }),
        CodeBlock code => [[new MessageInline(code.Text)]],
        _ => [],
    };

    // The project code is the only part of an address that comes from outside.
    private static string? WithoutProject(string? url)
    {
        if (url is null) return null;
        var uri = new Uri(url);
        return uri.Segments switch
        {
            ["/", "defect/", _, "view/", var id] => $"{uri.Scheme}://{uri.Authority}/defect/*/view/{id}{uri.Query}{uri.Fragment}",
            ["/", "case/", var id] => $"{uri.Scheme}://{uri.Authority}/case/*{id[id.LastIndexOf('-')..]}{uri.Query}{uri.Fragment}",
            _ => url,
        };
    }
}
