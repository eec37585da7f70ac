using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax.Inlines;
using Syntax = Markdig.Syntax;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// Reads the Markdown that a template wrote into blocks, and only then puts the values in. What has become empty (a table row
/// without a value, a paragraph of nothing) is left out.
/// </summary>
internal sealed class MarkdownReader(ValueTokens tokens)
{
    private static readonly ParsedMarkdown Documents = new(new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
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

    // The last paragraphs: only there are links buttons and is italic small print.
    private static int ClosingFrom(Syntax.MarkdownDocument document)
    {
        var from = document.Count;
        // The addresses of [links][like-this] stand at the end and show nothing.
        while (from > 0 && document[from - 1] is Syntax.LinkReferenceDefinitionGroup) from--;
        while (from > 0 && document[from - 1] is Syntax.ParagraphBlock paragraph && (IsAllItalic(paragraph) || IsAllLinks(paragraph))) from--;
        return from;
    }

    private void Read(Syntax.Block block, bool isClosing, List<MessageBlock> blocks)
    {
        switch (block)
        {
            case Syntax.HeadingBlock heading:
                AddText(blocks, OneLine(_inlines.Read(heading.Inline)), inlines => new HeadingBlock(heading.Level, inlines));
                break;
            case Syntax.ParagraphBlock paragraph:
                ReadParagraph(paragraph, isClosing, blocks);
                break;
            case Syntax.QuoteBlock quote:
                AddText(blocks, Joined(quote), inlines => new QuoteBlock(inlines));
                break;
            case Syntax.CodeBlock code:
                if (tokens.Expand(code.Lines.ToString()) is { } text && !string.IsNullOrWhiteSpace(text)) blocks.Add(new CodeBlock(text.TrimEnd()));
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
            return;
        }

        var inlines = _inlines.Read(paragraph.Inline);
        if (isClosing && IsAllItalic(paragraph))
        {
            AddText(blocks, inlines.ConvertAll(inline => inline with { Style = inline.Style & ~InlineStyle.Italic }), note => new NoteBlock(note));
            return;
        }

        if (isClosing && IsAllLinks(paragraph))
        {
            // Two runs of one link (a label with a bold part) are one button.
            var buttons = ButtonsOf(paragraph);
            if (buttons.Count > 0) blocks.Add(new ButtonsBlock(buttons));
            return;
        }

        AddText(blocks, inlines, text => new ParagraphBlock(text));
    }

    private List<LinkButton> ButtonsOf(Syntax.ParagraphBlock paragraph)
    {
        var buttons = new List<LinkButton>();
        foreach (var link in paragraph.Inline!.OfType<LinkInline>())
        {
            var label = TextOf(_inlines.ReadOne(link));
            if (label.Length > 0 && _inlines.UrlOf(link.Url) is { } url) buttons.Add(new LinkButton(label, url));
        }

        return buttons;
    }

    private void ReadImage(LinkInline image, List<MessageBlock> blocks)
    {
        var alt = TextOf(_inlines.Read(image));
        if (_inlines.UrlOf(image.Url) is { } url && url.StartsWith("http", StringComparison.Ordinal)) blocks.Add(new ImageBlock(url, alt.Length > 0 ? alt : "image"));
        else if (alt.Length > 0) blocks.Add(new ParagraphBlock([new MessageInline(alt)]));
    }

    private void ReadList(Syntax.ListBlock list, int indent, List<ListItem> items)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<Syntax.ListItemBlock>())
        {
            var inlines = Joined(item, child => child is not Syntax.ListBlock);
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

    // More than two columns: the first names the row, the others share its value.
    private (List<MessageInline> Label, List<MessageInline> Value) ReadRow(TableRow row)
    {
        List<MessageInline> label = [];
        List<MessageInline> value = [];
        for (var column = 0; column < row.Count; column++)
        {
            var cell = Joined((TableCell)row[column]);
            if (column == 0) label = cell;
            else if (HasText(cell) && value.Count == 0) value = cell;
            else if (HasText(cell)) value.AddRange([new MessageInline(" · "), .. cell]);
        }

        return (label, value);
    }

    // The text of a container's paragraphs, a line break between them.
    private List<MessageInline> Joined(Syntax.ContainerBlock container, Func<Syntax.Block, bool>? take = null)
    {
        var inlines = new List<MessageInline>();
        foreach (var child in container)
            if (take is null || take(child)) Join(child, inlines);
        return inlines;
    }

    private void Join(Syntax.Block block, List<MessageInline> inlines)
    {
        if (block is Syntax.ContainerBlock container)
        {
            foreach (var child in container) Join(child, inlines);
        }
        else if (block is Syntax.LeafBlock leaf)
        {
            var text = leaf.Inline is null ? [new MessageInline(tokens.Expand(leaf.Lines.ToString()), InlineStyle.Code)] : _inlines.Read(leaf.Inline);
            if (!HasText(text)) return;
            if (inlines.Count > 0) inlines.Add(new MessageInline("\n"));
            inlines.AddRange(text);
        }
    }

    private static void AddText(List<MessageBlock> blocks, List<MessageInline> inlines, Func<IReadOnlyList<MessageInline>, MessageBlock> make)
    {
        if (HasText(inlines)) blocks.Add(make(Trimmed(inlines)));
    }

    private static List<MessageInline> OneLine(List<MessageInline> inlines) =>
        inlines.ConvertAll(inline => inline.Text.Contains('\n') ? inline with { Text = inline.Text.Replace('\n', ' ') } : inline);

    private static string TextOf(List<MessageInline> inlines) => (inlines is [var only] ? only.Text : string.Concat(inlines.Select(inline => inline.Text))).Trim();

    private static bool HasText(List<MessageInline> inlines) => inlines.Exists(HasText);

    private static bool HasText(MessageInline inline) => !string.IsNullOrWhiteSpace(inline.Text);

    private static List<MessageInline> Trimmed(List<MessageInline> inlines)
    {
        var from = inlines.FindIndex(HasText);
        var to = inlines.FindLastIndex(HasText);
        if (from < 0) return [];
        var trimmed = to - from + 1 == inlines.Count ? inlines : inlines[from..(to + 1)];
        if (char.IsWhiteSpace(trimmed[0].Text[0])) trimmed[0] = trimmed[0] with { Text = trimmed[0].Text.TrimStart() };
        if (char.IsWhiteSpace(trimmed[^1].Text[^1])) trimmed[^1] = trimmed[^1] with { Text = trimmed[^1].Text.TrimEnd() };
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
