namespace DefectNotifier.Rendering.Document;

/// <summary>A closing paragraph of links only.</summary>
public sealed record ButtonsBlock(IReadOnlyList<LinkButton> Buttons) : MessageBlock;
