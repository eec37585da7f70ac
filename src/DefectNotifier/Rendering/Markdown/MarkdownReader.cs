using System.Buffers;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Syntax.Inlines;
using Syntax = Markdig.Syntax;
using Tables = Markdig.Extensions.Tables;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// Parses the Markdown that a template wrote into blocks and then replaces the tokens with their values. What is empty without a
/// value (a table row, a paragraph) is left out.
/// </summary>
internal sealed class MarkdownReader(ValueTokens tokens)
{
    private static readonly MarkdownCache Documents = new(Pipeline());

    /// <summary>Ten times the number in the largest message. Markdig's time grows with the square of this number.</summary>
    private const int MaxMarks = 5_000;

    /// <summary>Maximum number of table cells. Markdig adds empty cells to each row up to the length of the longest row.</summary>
    private const long MaxCells = 50_000;

    private const string IndentStep = "    ";

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]>|\n");

    private readonly InlineReader _inlines = new(tokens);

    /// <exception cref="InvalidOperationException">The text is larger than a message can be.</exception>
    public List<MessageBlock> Read(string markdown)
    {
        if (markdown.AsSpan().CountAny(Marks) > MaxMarks || CellsOf(markdown) > MaxCells)
            throw new InvalidOperationException("The template writes more lines and Markdown characters than a message can show.");
        var document = Documents.Parse(markdown);
        // Only in the closing paragraphs do links become buttons and italics become small text. Definitions of [links][like-this] are at
        // the end and show nothing.
        var closing = document.Count;
        while (closing > 0 && document[closing - 1] is Syntax.LinkReferenceDefinitionGroup) closing--;
        while (closing > 0 && document[closing - 1] is Syntax.ParagraphBlock last && (IsAllItalic(last) || IsAllLinks(last))) closing--;
        var blocks = new List<MessageBlock>();
        for (var index = 0; index < document.Count; index++) Read(document[index], index >= closing, blocks);
        return blocks;
    }

    private static MarkdownPipeline Pipeline()
    {
        var builder = new MarkdownPipelineBuilder().UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).DisableHtml();
        builder.InlineParsers.Insert(0, new BareLinkParser());
        builder.InlineParsers.Insert(0, new ShortcodeParser());
        return builder.Build();
    }

    private static long CellsOf(ReadOnlySpan<char> markdown)
    {
        var (rows, columns) = (0, 0);
        foreach (var line in markdown.EnumerateLines())
        {
            rows++;
            columns = Math.Max(columns, line.Count('|'));
        }

        return (long)rows * columns;
    }

    private void Read(Syntax.Block block, bool isClosing, List<MessageBlock> blocks)
    {
        switch (block)
        {
            case Syntax.HeadingBlock heading:
                var title = Trimmed(_inlines.Read(heading.Inline))
                    .ConvertAll(inline => inline.Text.Contains('\n') ? inline with { Text = inline.Text.Replace('\n', ' ') } : inline);
                if (title.Count > 0) blocks.Add(new HeadingBlock(heading.Level, title));
                break;
            case Syntax.ParagraphBlock { Inline.FirstChild: LinkInline { IsImage: true, NextSibling: null } image }:
                ReadImage(image, blocks);
                break;
            case Syntax.ParagraphBlock paragraph when isClosing && IsAllLinks(paragraph):
                ReadButtons(paragraph, blocks);
                break;
            case Syntax.ParagraphBlock paragraph:
                var text = Trimmed(_inlines.Read(paragraph.Inline));
                if (text.Count == 0) break;
                blocks.Add(isClosing && IsAllItalic(paragraph)
                    ? new NoteBlock(text.ConvertAll(inline => inline with { Style = inline.Style & ~InlineStyle.Italic }))
                    : new ParagraphBlock(text));
                break;
            case Syntax.QuoteBlock quote:
                var quoted = Trimmed(JoinLines(quote));
                if (quoted.Count > 0) blocks.Add(new QuoteBlock(quoted));
                break;
            case Syntax.CodeBlock code:
                var expanded = tokens.Expand(code.Lines.ToString());
                if (VisibleText.IsIn(expanded)) blocks.Add(new CodeBlock(expanded.TrimEnd()));
                break;
            case Syntax.ListBlock list:
                var items = new List<ListItem>();
                ReadList(list, 0, items);
                if (items.Count > 0) blocks.Add(new ListBlock(items));
                break;
            case Tables.Table table:
                ReadTable(table, blocks);
                break;
            case Syntax.ThematicBreakBlock:
                blocks.Add(new DividerBlock());
                break;
            case Syntax.ContainerBlock container:
                foreach (var child in container) Read(child, false, blocks);
                break;
        }
    }

    private void ReadImage(LinkInline image, List<MessageBlock> blocks)
    {
        var alt = TextOf(image);
        var url = tokens.UrlOf(image.Url) is { } address && address.StartsWith("http", StringComparison.Ordinal) ? address : null;
        var hasText = VisibleText.IsIn(alt);
        if (url is not null && !tokens.Files.Contains(url)) blocks.Add(new ImageBlock(url, hasText ? alt : "image"));
        else if (hasText || url is not null) blocks.Add(new ParagraphBlock([new MessageInline(hasText ? alt : url!) { Url = url }]));
    }

    private void ReadButtons(Syntax.ParagraphBlock paragraph, List<MessageBlock> blocks)
    {
        var buttons = new List<LinkButton>();
        foreach (var link in paragraph.Inline!.OfType<LinkInline>())
        {
            var label = TextOf(link);
            if (VisibleText.IsIn(label) && tokens.UrlOf(link.Url) is { } url) buttons.Add(new LinkButton(label, url));
        }

        if (buttons.Count > 0) blocks.Add(new ButtonsBlock(buttons));
    }

    private void ReadList(Syntax.ListBlock list, int indent, List<ListItem> items)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<Syntax.ListItemBlock>())
        {
            var inlines = JoinLines(item.Where(child => child is not Syntax.ListBlock));
            if (inlines.Count > 0) items.Add(new ListItem(indent, list.IsOrdered ? number++ : null, inlines));
            foreach (var nested in item.OfType<Syntax.ListBlock>()) ReadList(nested, indent + 1, items);
        }
    }

    // A row without values is left out, and so is a table without other rows.
    private void ReadTable(Tables.Table table, List<MessageBlock> blocks)
    {
        var rows = table.OfType<Tables.TableRow>().ToList();
        var columns = rows.Max(row => row.Count);
        TableRow? heading = null;
        var shown = new List<TableRow>();
        foreach (var row in rows)
        {
            var cells = row.OfType<Tables.TableCell>().Select(IReadOnlyList<MessageInline> (cell) => Trimmed(JoinLines(cell))).ToList();
            while (cells.Count < columns) cells.Add([]);
            if (row.IsHeader) heading = cells.Exists(cell => cell.Count > 0) ? new TableRow(cells) : null;
            else if (cells.Skip(columns > 1 ? 1 : 0).Any(cell => cell.Count > 0)) shown.Add(new TableRow(cells));
        }

        if (shown.Count == 0) return;
        if (heading is null && columns == 2) blocks.Add(new FieldsBlock(shown.ConvertAll(row => new Field(row.Cells[0], row.Cells[1]))));
        else blocks.Add(new TableBlock(heading is null ? shown : [heading, .. shown], heading is not null));
    }

    // The text of several blocks, with a line break between them; empty when no block has any.
    private List<MessageInline> JoinLines(IEnumerable<Syntax.Block> blocks)
    {
        var inlines = new List<MessageInline>();
        foreach (var block in blocks)
        {
            var text = block switch
            {
                Syntax.ListBlock list => JoinItems(list),
                Tables.TableRow row => JoinCells(row),
                Syntax.ContainerBlock container => JoinLines(container),
                Syntax.LeafBlock { Inline: { } inline } => _inlines.Read(inline),
                Syntax.LeafBlock code => [new MessageInline(tokens.Expand(code.Lines.ToString()), InlineStyle.Code)],
                _ => [],
            };
            if (!text.Exists(HasText)) continue;
            if (inlines.Count > 0) inlines.Add(new MessageInline("\n"));
            inlines.AddRange(text);
        }

        return inlines;
    }

    // A row of a table inside a quote or a list.
    private List<MessageInline> JoinCells(Tables.TableRow row)
    {
        var inlines = new List<MessageInline>();
        foreach (var cell in row.OfType<Tables.TableCell>().Select(JoinLines).Where(cell => cell.Count > 0))
        {
            if (inlines.Count > 0) inlines.Add(new MessageInline(" · "));
            inlines.AddRange(cell);
        }

        return inlines;
    }

    // A list inside a quote, with its marks as text.
    private List<MessageInline> JoinItems(Syntax.ListBlock list)
    {
        var items = new List<ListItem>();
        ReadList(list, 0, items);
        var inlines = new List<MessageInline>();
        foreach (var item in items)
        {
            var mark = string.Concat(Enumerable.Repeat(IndentStep, item.Indent)) + (item.Number is { } number ? $"{number}. " : "• ");
            inlines.Add(new MessageInline(inlines.Count == 0 ? mark : "\n" + mark));
            inlines.AddRange(item.Inlines);
        }

        return MessageInline.Join(inlines);
    }

    private string TextOf(LinkInline link) => string.Concat(_inlines.Read(link).Select(inline => inline.Text)).Trim();

    // Without white space at both ends; empty when nothing is visible.
    private static List<MessageInline> Trimmed(List<MessageInline> inlines)
    {
        var from = inlines.FindIndex(HasText);
        if (from < 0) return [];
        var trimmed = inlines[from..(inlines.FindLastIndex(HasText) + 1)];
        if (char.IsWhiteSpace(trimmed[0].Text[0])) trimmed[0] = trimmed[0] with { Text = trimmed[0].Text.TrimStart() };
        if (char.IsWhiteSpace(trimmed[^1].Text[^1])) trimmed[^1] = trimmed[^1] with { Text = trimmed[^1].Text.TrimEnd() };
        return trimmed;
    }

    private static bool HasText(MessageInline inline) => VisibleText.IsIn(inline.Text);

    private static bool IsAllItalic(Syntax.ParagraphBlock paragraph) =>
        paragraph.Inline?.FirstChild is EmphasisInline { DelimiterCount: 1, DelimiterChar: '*' or '_', NextSibling: null };

    private static bool IsAllLinks(Syntax.ParagraphBlock paragraph) =>
        paragraph.Inline is not null
        && paragraph.Inline.Any(inline => inline is LinkInline { IsImage: false })
        && paragraph.Inline.All(inline => inline is LinkInline { IsImage: false } or LineBreakInline
            || (inline is LiteralInline literal && literal.Content.AsSpan().Trim(" ·|,").IsEmpty));
}
