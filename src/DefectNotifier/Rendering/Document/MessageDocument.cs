using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A message before it is any platform's: blocks in reading order, values already placed as literal text.</summary>
/// <param name="Blocks">In reading order; may be empty.</param>
/// <param name="Style">The mood, for platforms that colour it.</param>
public sealed record MessageDocument(IReadOnlyList<MessageBlock> Blocks, MessageStyle Style)
{
    /// <summary>What a notification of one line says beside the heading: the project, the severity.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where the whole can be read when the message had to be shortened. Null: nowhere.</summary>
    public string? Link { get; init; }
}
