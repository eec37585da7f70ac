using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A heading. Level 1 is the message's own; deeper ones are bold lines.</summary>
public sealed record HeadingBlock(int Level, IReadOnlyList<MessageInline> Inlines) : MessageBlock;
