using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Syntax.Inlines;
using Syntax = Markdig.Syntax;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// Parses the Markdown that a template wrote into blocks and then replaces the tokens with their values. What is empty without a
/// value (a table row, a paragraph) is left out.
/// </summary>
internal sealed class MarkdownReader(ValueTokens tokens)
{
    private static readonly MarkdownCache Documents = new(new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .DisableHtml()
        .Build());

    private readonly InlineReader _inlines = new(tokens);

    public List<MessageBlock> Read(string markdown)
    {
        var document = Documents.Parse(markdown);
        var blocks = new List<MessageBlock>();
        var closing = ClosingFrom(document);
        for (var index = 0; index < document.Count; index++) Read(document[index], index >= closing, blocks);
        return blocks;
    }

    // The index of the closing paragraphs: only at the end do links become buttons and italics become small text.
    private static int ClosingFrom(Syntax.MarkdownDocument document)
    {
        var from = document.Count;
        // Definitions of [links][like-this] are at the end and show nothing.
        while (from > 0 && document[from - 1] is Syntax.LinkReferenceDefinitionGroup) from--;
        while (from > 0 && document[from - 1] is Syntax.ParagraphBlock last && (IsAllItalic(last) || IsAllLinks(last))) from--;
        return from;
    }

    private void Read(Syntax.Block block, bool isClosing, List<MessageBlock> blocks)
    {
        switch (block)
        {
            case Syntax.HeadingBlock heading:
                AddText(blocks, OneLine(_inlines.Read(heading.Inline)), text => new HeadingBlock(heading.Level, text));
                break;
            case Syntax.ParagraphBlock paragraph:
                ReadParagraph(paragraph, isClosing, blocks);
                break;
            case Syntax.QuoteBlock quote:
                AddText(blocks, JoinLines(quote), text => new QuoteBlock(text));
                break;
            case Syntax.CodeBlock code:
                var expanded = tokens.Expand(code.Lines.ToString());
                if (!string.IsNullOrWhiteSpace(expanded)) blocks.Add(new CodeBlock(expanded.TrimEnd()));
                break;
            case Syntax.ListBlock list:
                var items = new List<ListItem>();
                ReadList(list, 0, items);
                if (items.Count > 0) blocks.Add(new ListBlock(items));
                break;
            case Table table:
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

    private void ReadParagraph(Syntax.ParagraphBlock paragraph, bool isClosing, List<MessageBlock> blocks)
    {
        if (paragraph.Inline?.FirstChild is LinkInline { IsImage: true, NextSibling: null } image)
        {
            ReadImage(image, blocks);
        }
        else if (isClosing && IsAllLinks(paragraph))
        {
            ReadButtons(paragraph, blocks);
        }
        else if (isClosing && IsAllItalic(paragraph))
        {
            var text = _inlines.Read(paragraph.Inline).ConvertAll(inline => inline with { Style = inline.Style & ~InlineStyle.Italic });
            AddText(blocks, text, note => new NoteBlock(note));
        }
        else
        {
            AddText(blocks, _inlines.Read(paragraph.Inline), text => new ParagraphBlock(text));
        }
    }

    private void ReadImage(LinkInline image, List<MessageBlock> blocks)
    {
        var alt = TextOf(_inlines.Read(image));
        if (tokens.UrlOf(image.Url) is { } url && url.StartsWith("http", StringComparison.Ordinal))
            blocks.Add(new ImageBlock(url, alt.Length > 0 ? alt : "image"));
        else if (alt.Length > 0)
            blocks.Add(new ParagraphBlock([new MessageInline(alt)]));
    }

    private void ReadButtons(Syntax.ParagraphBlock paragraph, List<MessageBlock> blocks)
    {
        var buttons = new List<LinkButton>();
        foreach (var link in paragraph.Inline!.OfType<LinkInline>())
        {
            var label = TextOf(_inlines.Read(link));
            if (label.Length > 0 && tokens.UrlOf(link.Url) is { } url) buttons.Add(new LinkButton(label, url));
        }

        if (buttons.Count > 0) blocks.Add(new ButtonsBlock(buttons));
    }

    private void ReadList(Syntax.ListBlock list, int indent, List<ListItem> items)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<Syntax.ListItemBlock>())
        {
            var inlines = JoinLines(item.Where(child => child is not Syntax.ListBlock));
            if (HasText(inlines)) items.Add(new ListItem(indent, list.IsOrdered ? number++ : null, inlines));
            foreach (var nested in item.OfType<Syntax.ListBlock>()) ReadList(nested, indent + 1, items);
        }
    }

    private void ReadTable(Table table, List<MessageBlock> blocks)
    {
        var fields = new List<Field>();
        foreach (var row in table.OfType<TableRow>())
        {
            var (label, value) = ReadRow(row);
            if (HasText(value)) fields.Add(new Field(Trimmed(label), Trimmed(value)));
        }

        if (fields.Count > 0) blocks.Add(new FieldsBlock(fields));
    }

    // With more than two columns, the first is the label and the others are joined as the value.
    private (List<MessageInline> Label, List<MessageInline> Value) ReadRow(TableRow row)
    {
        List<MessageInline> label = [];
        List<MessageInline> value = [];
        for (var column = 0; column < row.Count; column++)
        {
            var cell = JoinLines((TableCell)row[column]);
            if (column == 0) label = cell;
            else if (HasText(cell) && value.Count == 0) value = cell;
            else if (HasText(cell)) value.AddRange([new MessageInline(" · "), .. cell]);
        }

        return (label, value);
    }

    // The text of several blocks, with a line break between them.
    private List<MessageInline> JoinLines(IEnumerable<Syntax.Block> blocks)
    {
        var inlines = new List<MessageInline>();
        foreach (var block in blocks)
        {
            var text = block switch
            {
                Syntax.ContainerBlock container => JoinLines(container),
                Syntax.LeafBlock { Inline: { } inline } => _inlines.Read(inline),
                Syntax.LeafBlock code => [new MessageInline(tokens.Expand(code.Lines.ToString()), InlineStyle.Code)],
                _ => [],
            };
            if (!HasText(text)) continue;
            if (inlines.Count > 0) inlines.Add(new MessageInline("\n"));
            inlines.AddRange(text);
        }

        return inlines;
    }

    private static void AddText(
        List<MessageBlock> blocks, List<MessageInline> inlines, Func<IReadOnlyList<MessageInline>, MessageBlock> create)
    {
        if (HasText(inlines)) blocks.Add(create(Trimmed(inlines)));
    }

    private static List<MessageInline> OneLine(List<MessageInline> inlines) => inlines.ConvertAll(
        inline => inline.Text.Contains('\n') ? inline with { Text = inline.Text.Replace('\n', ' ') } : inline);

    private static string TextOf(List<MessageInline> inlines) => string.Concat(inlines.Select(inline => inline.Text)).Trim();

    private static bool HasText(List<MessageInline> inlines) => inlines.Exists(HasText);

    private static bool HasText(MessageInline inline) => !string.IsNullOrWhiteSpace(inline.Text);

    private static List<MessageInline> Trimmed(List<MessageInline> inlines)
    {
        var from = inlines.FindIndex(HasText);
        var to = inlines.FindLastIndex(HasText);
        if (from < 0) return [];
        var trimmed = inlines[from..(to + 1)];
        trimmed[0] = trimmed[0] with { Text = trimmed[0].Text.TrimStart() };
        trimmed[^1] = trimmed[^1] with { Text = trimmed[^1].Text.TrimEnd() };
        return trimmed;
    }

    private static bool IsAllItalic(Syntax.ParagraphBlock paragraph) =>
        paragraph.Inline?.FirstChild is EmphasisInline { DelimiterCount: 1, DelimiterChar: '*' or '_', NextSibling: null };

    private static bool IsAllLinks(Syntax.ParagraphBlock paragraph) =>
        paragraph.Inline is not null
        && paragraph.Inline.Any(inline => inline is LinkInline { IsImage: false })
        && paragraph.Inline.All(inline => inline is LinkInline { IsImage: false } or LineBreakInline
            || (inline is LiteralInline literal && literal.Content.AsSpan().Trim(" ·|,").IsEmpty));
}
