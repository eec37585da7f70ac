namespace DefectNotifier.Rendering;

/// <summary>Small print.</summary>
public sealed record NoteBlock(IReadOnlyList<MessageInline> Inlines) : MessageBlock;
