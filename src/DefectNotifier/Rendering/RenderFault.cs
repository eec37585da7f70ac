namespace DefectNotifier.Rendering;

/// <summary>What is wrong with a template, and where.</summary>
/// <param name="Template">The template's name, for example <c>finance/defect.created.sbn</c>.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
/// <param name="Column">From 1; 0 when unknown.</param>
/// <param name="Message">What is wrong.</param>
public sealed record RenderFault(string Template, int Line, int Column, string Message)
{
    public override string ToString() => $"{Template}({Line},{Column}): {Message}";
}
