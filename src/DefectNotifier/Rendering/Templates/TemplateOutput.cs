namespace DefectNotifier.Rendering.Templates;

/// <summary>Text that a template wrote itself (an include's result): markup stays markup, values in it are tokens already.</summary>
internal sealed record TemplateOutput(string Text)
{
    public override string ToString() => Text;
}
