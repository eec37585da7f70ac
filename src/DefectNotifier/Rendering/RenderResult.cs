namespace DefectNotifier.Rendering;

/// <summary>A message, always; and the fault of the template when the built-in one had to stand in.</summary>
public sealed record RenderResult(ChatMessage Message, RenderFault? Fault);
