using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering;

/// <summary><c>include '_footer'</c>: as Scriban's own, but what the included template wrote keeps its markup.</summary>
internal sealed class IncludeTemplate : IScriptCustomFunction
{
    public int RequiredParameterCount => 1;

    public int ParameterCount => 1;

    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.Direct;

    public Type ReturnType => typeof(object);

    public ScriptParameterInfo GetParameterInfo(int index) =>
        index == 0 ? new ScriptParameterInfo(typeof(string), "template_name") : new ScriptParameterInfo(typeof(object), "value");

    public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        var span = callerContext?.Span ?? context.CurrentSpan;
        if (arguments.Count == 0) throw new ScriptRuntimeException(span, "include needs the name of a template, for example include '_footer'.");
        var name = context.ObjectToString(arguments[0]) ?? "";
        return context.CachedTemplates.TryGetValue(name, out var template)
            ? new TemplateOutput(context.RenderTemplate(template, arguments, callerContext))
            : throw new ScriptRuntimeException(span, $"There is no template '{name}' to include.");
    }

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));
}
