namespace DefectNotifier.Rendering;

/// <summary>A line across.</summary>
public sealed record DividerBlock : MessageBlock;
