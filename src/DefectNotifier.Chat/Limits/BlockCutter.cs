using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Measures and cuts the text and the items of each kind of block.</summary>
internal static class BlockCutter
{
    public static int MaxText(MessageBlock block) => block switch
    {
        TextBlock text => InlineText.Length(text.Inlines),
        CodeBlock code => code.Text.Length,
        ListBlock list => list.Items.Max(item => InlineText.Length(item.Inlines)),
        TableBlock table => table.Rows.SelectMany(row => row.Cells).Max(InlineText.Length),
        FieldsBlock table => table.Fields.Max(field => Math.Max(InlineText.Length(field.Label), InlineText.Length(field.Value))),
        ButtonsBlock buttons => buttons.Buttons.Max(button => button.Text.Length),
        ImageBlock image => image.AltText.Length,
        _ => 0,
    };

    public static int ItemCount(MessageBlock block) => block switch
    {
        ListBlock list => list.Items.Count,
        TableBlock table => table.Rows.Count,
        FieldsBlock table => table.Fields.Count,
        ButtonsBlock buttons => buttons.Buttons.Count,
        _ => 0,
    };

    public static MessageBlock Cut(MessageBlock block, SizeBudget budget)
    {
        if (MaxText(block) <= budget.Characters && ItemCount(block) <= budget.Items) return block;
        return block switch
        {
            TextBlock text => text with { Inlines = InlineText.Cut(text.Inlines, budget.Characters) },
            CodeBlock code => new CodeBlock(Graphemes.Cut(code.Text, budget.Characters)),
            ListBlock list => new ListBlock([.. list.Items.Take(budget.Items)
                .Select(item => item with { Inlines = InlineText.Cut(item.Inlines, budget.Characters) })]),
            TableBlock table => table with
            {
                Rows = [.. table.Rows.Take(budget.Items)
                    .Select(row => new TableRow([.. row.Cells.Select(cell => InlineText.Cut(cell, budget.Characters))]))],
            },
            FieldsBlock table => new FieldsBlock([.. table.Fields.Take(budget.Items)
                .Select(field => new Field(
                    InlineText.Cut(field.Label, budget.Characters), InlineText.Cut(field.Value, budget.Characters)))]),
            ButtonsBlock buttons => new ButtonsBlock([.. buttons.Buttons.Take(budget.Items)
                .Select(button => button with { Text = Graphemes.Cut(button.Text, budget.Characters) })]),
            ImageBlock image => image with { AltText = Graphemes.Cut(image.AltText, budget.Characters) },
            _ => block,
        };
    }
}

/// <summary>How much of a document is kept.</summary>
/// <param name="Characters">The maximum length of one text: a paragraph, a list item, one side of a table row. In UTF-16 units.</param>
/// <param name="Items">The maximum number of items in a list, table or row of buttons.</param>
/// <param name="Blocks">The number of blocks.</param>
internal sealed record SizeBudget(int Characters, int Items, int Blocks);
