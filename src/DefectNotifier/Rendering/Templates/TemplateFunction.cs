using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>A function of ours that templates call, which knows the rendering that it is called in.</summary>
/// <param name="required">How many arguments there must be.</param>
/// <param name="parameters">The names of all.</param>
internal abstract class TemplateFunction(int required, params string[] parameters) : IScriptCustomFunction
{
    public int RequiredParameterCount => required;

    public int ParameterCount => parameters.Length;

    public virtual ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

    public Type ReturnType => typeof(object);

    public ScriptParameterInfo GetParameterInfo(int index)
    {
        var name = index < parameters.Length ? parameters[index] : "value";
        return index < required ? new ScriptParameterInfo(typeof(object), name) : new ScriptParameterInfo(typeof(object), name, null!);
    }

    public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        Call((TokenContext)context, callerContext?.Span ?? context.CurrentSpan, arguments);

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));

    /// <param name="context">The rendering.</param>
    /// <param name="span">Where in the template the call is.</param>
    /// <param name="arguments">The required ones at least; ones left out may be missing or null.</param>
    protected abstract object? Call(TokenContext context, SourceSpan span, ScriptArray arguments);

    /// <summary>An argument's text; null for one that is missing, null or empty.</summary>
    protected static string? Text(ScriptArray arguments, int index) => index < arguments.Count && arguments[index]?.ToString() is { Length: > 0 } text ? text : null;
}
