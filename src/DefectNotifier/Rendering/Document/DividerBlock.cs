namespace DefectNotifier.Rendering.Document;

/// <summary>A line across.</summary>
public sealed record DividerBlock : MessageBlock;
