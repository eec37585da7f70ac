using DefectNotifier.Events;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// Makes any document valid for both platforms: no empty texts (Slack rejects them), no lone surrogates, no URL that fails
/// <see cref="SafeUrl"/>, and at least one line of text. A valid document looks the same afterwards.
/// </summary>
internal static class DocumentNormalizer
{
    /// <summary>Slack's maximum indent of a rich_text_list. Deeper lists are unreadable on a phone anyway.</summary>
    private const int MaxIndent = 8;

    /// <summary>Shown in place of an empty cell or list item.</summary>
    private static readonly IReadOnlyList<MessageInline> Placeholder = [new MessageInline("–")];

    private static readonly IReadOnlyList<MessageInline> Empty = [];

    public static MessageDocument Normalize(MessageDocument document)
    {
        var blocks = document.Blocks.Select(Normalize).OfType<MessageBlock>().ToList();
        if (blocks.TrueForAll(block => block is DividerBlock))
            blocks.Add(new ParagraphBlock([new MessageInline("(empty message)")]));

        return document with { Blocks = blocks };
    }

    private static MessageBlock? Normalize(MessageBlock block) => block switch
    {
        TextBlock text => InlineText.Normalize(text.Inlines) is { Count: > 0 } runs ? text with { Inlines = runs } : null,
        CodeBlock code => VisibleText.IsIn(code.Text) ? new CodeBlock(Graphemes.ReplaceLoneSurrogates(code.Text)) : null,
        ListBlock list => list.Items.Count == 0 ? null : new ListBlock([.. list.Items.Select(Normalize)]),
        TableBlock table => Normalize(table),
        FieldsBlock table =>
            table.Fields.Select(Normalize).OfType<Field>().ToList() is { Count: > 0 } fields ? new FieldsBlock(fields) : null,
        ButtonsBlock row =>
            row.Buttons.Select(Normalize).OfType<LinkButton>().ToList() is { Count: > 0 } buttons ? new ButtonsBlock(buttons) : null,
        ImageBlock image => Normalize(image),
        DividerBlock => block,
        _ => null,
    };

    private static ListItem Normalize(ListItem item)
    {
        var runs = InlineText.Normalize(item.Inlines);
        return item with { Indent = Math.Clamp(item.Indent, 0, MaxIndent), Inlines = runs.Count > 0 ? runs : Placeholder };
    }

    private static TableBlock? Normalize(TableBlock table)
    {
        var columns = table.Rows.Select(row => row.Cells.Count).DefaultIfEmpty().Max();
        var rows = table.Rows.Select(row => row.Cells.Select(InlineText.Normalize))
            .Select(cells => new TableRow([.. cells.Concat(Enumerable.Repeat(Empty, columns)).Take(columns)]))
            .ToList();
        return rows.Exists(row => row.Cells.Any(cell => cell.Count > 0)) ? table with { Rows = rows } : null;
    }

    private static Field? Normalize(Field field)
    {
        var label = InlineText.Normalize(field.Label);
        var value = InlineText.Normalize(field.Value);
        if (label.Count + value.Count == 0) return null;
        return new Field(label.Count > 0 ? label : Placeholder, value.Count > 0 ? value : Placeholder);
    }

    private static LinkButton? Normalize(LinkButton button)
    {
        if (!SafeUrl.TryCreate(button.Url, out var url)) return null;
        var text = Graphemes.ReplaceLoneSurrogates(button.Text);
        return new LinkButton(VisibleText.IsIn(text) ? text : "Open", url);
    }

    private static MessageBlock Normalize(ImageBlock image)
    {
        var alt = Graphemes.ReplaceLoneSurrogates(image.AltText);
        if (!VisibleText.IsIn(alt)) alt = "Image";
        var isWeb = SafeUrl.TryCreate(image.Url, out var url) && !url.StartsWith("mailto:", StringComparison.Ordinal);
        return isWeb ? new ImageBlock(url!, alt) : new NoteBlock([new MessageInline(alt)]);
    }
}
