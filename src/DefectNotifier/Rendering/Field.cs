namespace DefectNotifier.Rendering;

/// <summary>A row of a two-column table.</summary>
public sealed record Field(IReadOnlyList<MessageInline> Label, IReadOnlyList<MessageInline> Value);
