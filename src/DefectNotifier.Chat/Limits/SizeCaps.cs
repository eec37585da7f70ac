namespace DefectNotifier.Chat.Limits;

/// <summary>How much of a document is kept.</summary>
/// <param name="Characters">The longest text: of a paragraph, a list item, one side of a table row, ... In UTF-16 units.</param>
/// <param name="Items">The longest list, table or row of buttons.</param>
/// <param name="Blocks">How many blocks.</param>
internal sealed record SizeCaps(int Characters, int Items, int Blocks);
