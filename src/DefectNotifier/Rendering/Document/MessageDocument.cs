using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A message that is not yet in a platform's format: blocks of literal text, with the values in place.</summary>
/// <param name="Blocks">In reading order; may be empty.</param>
/// <param name="Style">For platforms that colour messages.</param>
public sealed record MessageDocument(IReadOnlyList<MessageBlock> Blocks, MessageStyle Style)
{
    /// <summary>Shown after the heading in one-line notifications: the project and the severity.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The defect's page, linked when the message had to be shortened. Null: there is none.</summary>
    public string? Link { get; init; }
}
