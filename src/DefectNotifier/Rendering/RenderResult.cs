using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Rendering;

/// <summary>A message, always; and the error of the template when another one had to stand in.</summary>
public sealed record RenderResult(ChatMessage Message, RenderError? Error)
{
    /// <summary>What did no harm and is surely not meant: a mention of nobody, a part of a JSON template that was left out.</summary>
    public IReadOnlyList<RenderError> Warnings { get; init; } = [];
}
