using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary><c>defect.severity | severity_colour</c>: the colour in the platform's own words.</summary>
internal sealed class SeverityColourFunction() : TemplateFunction(1, "severity")
{
    protected override object? Call(TokenContext context, SourceSpan span, ScriptArray arguments) =>
        SeverityStyle.Colour(Severity.Parse(Text(arguments, 0)), context.Platform);
}
