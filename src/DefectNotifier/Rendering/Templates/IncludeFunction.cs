using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary><c>include '_footer'</c>: as Scriban's own, but what the included template wrote keeps its markup, and one that includes itself is told as such.</summary>
internal sealed class IncludeFunction() : TemplateFunction(0, "template_name")
{
    // More than the name may be given: the included template sees it as $1, $2, ...
    public override ScriptVarParamKind VarParamKind => ScriptVarParamKind.Direct;

    protected override object? Call(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (Text(arguments, 0) is not { } name) throw new ScriptRuntimeException(span, "include needs the name of a template, for example include '_footer'.");
        return new TemplateOutput(context.Include(name, arguments, span));
    }
}
