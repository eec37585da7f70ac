using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>One item of a list.</summary>
/// <param name="Indent">0 for the outermost list.</param>
/// <param name="Number">Its number in an ordered list; null in a bullet list.</param>
/// <param name="Inlines">Its text.</param>
public sealed record ListItem(int Indent, int? Number, IReadOnlyList<MessageInline> Inlines);
