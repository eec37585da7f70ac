using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>Quoted text; its paragraphs are joined with line breaks.</summary>
public sealed record QuoteBlock(IReadOnlyList<MessageInline> Inlines) : MessageBlock;
