using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Limits;

/// <summary>Knows where the text and the items of each kind of block are, to measure and to cut them.</summary>
internal static class BlockCutter
{
    public static int MaxText(MessageBlock block) => block switch
    {
        HeadingBlock heading => InlineText.Length(heading.Inlines),
        ParagraphBlock paragraph => InlineText.Length(paragraph.Inlines),
        QuoteBlock quote => InlineText.Length(quote.Inlines),
        NoteBlock note => InlineText.Length(note.Inlines),
        CodeBlock code => code.Text.Length,
        ListBlock list => list.Items.Max(item => InlineText.Length(item.Inlines)),
        FieldsBlock table => table.Fields.Max(field => Math.Max(InlineText.Length(field.Label), InlineText.Length(field.Value))),
        ButtonsBlock buttons => buttons.Buttons.Max(button => button.Text.Length),
        ImageBlock image => image.AltText.Length,
        _ => 0,
    };

    public static int ItemCount(MessageBlock block) => block switch
    {
        ListBlock list => list.Items.Count,
        FieldsBlock table => table.Fields.Count,
        ButtonsBlock buttons => buttons.Buttons.Count,
        _ => 0,
    };

    public static MessageBlock Cut(MessageBlock block, SizeCaps caps)
    {
        if (MaxText(block) <= caps.Characters && ItemCount(block) <= caps.Items) return block;
        return block switch
        {
            HeadingBlock heading => heading with { Inlines = InlineText.Cut(heading.Inlines, caps.Characters) },
            ParagraphBlock paragraph => new ParagraphBlock(InlineText.Cut(paragraph.Inlines, caps.Characters)),
            QuoteBlock quote => new QuoteBlock(InlineText.Cut(quote.Inlines, caps.Characters)),
            NoteBlock note => new NoteBlock(InlineText.Cut(note.Inlines, caps.Characters)),
            CodeBlock code => new CodeBlock(GraphemeText.Cut(code.Text, caps.Characters)),
            ListBlock list => new ListBlock([.. list.Items.Take(caps.Items)
                .Select(item => item with { Inlines = InlineText.Cut(item.Inlines, caps.Characters) })]),
            FieldsBlock table => new FieldsBlock([.. table.Fields.Take(caps.Items)
                .Select(field => new Field(InlineText.Cut(field.Label, caps.Characters), InlineText.Cut(field.Value, caps.Characters)))]),
            ButtonsBlock buttons => new ButtonsBlock([.. buttons.Buttons.Take(caps.Items)
                .Select(button => button with { Text = GraphemeText.Cut(button.Text, caps.Characters) })]),
            ImageBlock image => image with { AltText = GraphemeText.Cut(image.AltText, caps.Characters) },
            _ => block,
        };
    }
}
