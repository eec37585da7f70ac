using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A paragraph; line breaks are <c>\n</c> within its runs.</summary>
public sealed record ParagraphBlock(IReadOnlyList<MessageInline> Inlines) : MessageBlock;
