using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>One block of a <see cref="MessageDocument"/>. A formatter handles every kind of block in this file.</summary>
public abstract record MessageBlock;

/// <summary>A block of running text.</summary>
public abstract record TextBlock(IReadOnlyList<MessageInline> Inlines) : MessageBlock;

/// <summary>A heading. Level 1 is the title of the message; deeper levels are bold lines.</summary>
public sealed record HeadingBlock(int Level, IReadOnlyList<MessageInline> Inlines) : TextBlock(Inlines);

/// <summary>A paragraph. Its text contains line breaks as <c>\n</c>.</summary>
public sealed record ParagraphBlock(IReadOnlyList<MessageInline> Inlines) : TextBlock(Inlines);

/// <summary>Quoted text; its paragraphs are joined with line breaks.</summary>
public sealed record QuoteBlock(IReadOnlyList<MessageInline> Inlines) : TextBlock(Inlines);

/// <summary>Small text at the end.</summary>
public sealed record NoteBlock(IReadOnlyList<MessageInline> Inlines) : TextBlock(Inlines);

/// <summary>Preformatted text.</summary>
public sealed record CodeBlock(string Text) : MessageBlock;

/// <summary>A list with its nested lists, flattened in reading order.</summary>
public sealed record ListBlock(IReadOnlyList<ListItem> Items) : MessageBlock;

/// <param name="Indent">0 for the outermost list.</param>
/// <param name="Number">Its number in an ordered list; null in a bullet list.</param>
/// <param name="Inlines">Its text.</param>
public sealed record ListItem(int Indent, int? Number, IReadOnlyList<MessageInline> Inlines);

/// <summary>
/// A table with a heading or with other than two columns. Every row has as many cells as the first; an empty cell has no text.
/// </summary>
/// <param name="Rows">At least one besides the heading.</param>
/// <param name="HasHeading">True when the first row is the heading.</param>
public sealed record TableBlock(IReadOnlyList<TableRow> Rows, bool HasHeading) : MessageBlock;

/// <summary>A row of a table.</summary>
public sealed record TableRow(IReadOnlyList<IReadOnlyList<MessageInline>> Cells);

/// <summary>A two-column table without a heading: fields in Slack, a fact set in Teams.</summary>
public sealed record FieldsBlock(IReadOnlyList<Field> Fields) : MessageBlock;

/// <summary>A row of a two-column table.</summary>
public sealed record Field(IReadOnlyList<MessageInline> Label, IReadOnlyList<MessageInline> Value);

/// <summary>A row of buttons, from a paragraph at the end that contains only links.</summary>
public sealed record ButtonsBlock(IReadOnlyList<LinkButton> Buttons) : MessageBlock;

/// <summary>A button that opens an address. <paramref name="Url"/> has been checked by <see cref="SafeUrl"/>.</summary>
public sealed record LinkButton(string Text, string Url);

/// <summary>An image on its own line. <paramref name="Url"/> has been checked by <see cref="SafeUrl"/> and is http or https.</summary>
public sealed record ImageBlock(string Url, string AltText) : MessageBlock;

/// <summary>A horizontal line.</summary>
public sealed record DividerBlock : MessageBlock;
