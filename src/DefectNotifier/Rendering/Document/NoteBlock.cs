using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>Small print.</summary>
public sealed record NoteBlock(IReadOnlyList<MessageInline> Inlines) : MessageBlock;
