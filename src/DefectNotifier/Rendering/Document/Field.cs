using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A row of a two-column table.</summary>
public sealed record Field(IReadOnlyList<MessageInline> Label, IReadOnlyList<MessageInline> Value);
