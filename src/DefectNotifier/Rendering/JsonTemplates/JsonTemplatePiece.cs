using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>A piece of a text in a JSON template.</summary>
/// <param name="Inline">The piece.</param>
/// <param name="IsValue">True: a value, which must be shown as it is. False: the author's own words and markup.</param>
public sealed record JsonTemplatePiece(MessageInline Inline, bool IsValue);
