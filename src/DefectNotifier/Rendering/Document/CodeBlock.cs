namespace DefectNotifier.Rendering.Document;

/// <summary>Preformatted text, literally.</summary>
public sealed record CodeBlock(string Text) : MessageBlock;
