namespace DefectNotifier.Rendering.Document;

/// <summary>A list with its nested lists, flattened in reading order.</summary>
public sealed record ListBlock(IReadOnlyList<ListItem> Items) : MessageBlock;
