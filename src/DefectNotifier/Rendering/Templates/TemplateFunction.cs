using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>A helper that needs the run in which it is called.</summary>
/// <param name="name">The name that templates use.</param>
/// <param name="required">The number of arguments that a call must have.</param>
/// <param name="parameters">The names of all parameters.</param>
/// <param name="call">Gets the run, the location of the call and at least the required arguments; others may be missing or null.</param>
internal sealed class TemplateFunction(
    string name, int required, string[] parameters, Func<TokenContext, SourceSpan, ScriptArray, object?> call) : IScriptCustomFunction
{
    public string Name => name;

    public int RequiredParameterCount => required;

    public int ParameterCount => parameters.Length;

    /// <summary>Direct: more arguments than parameters are allowed.</summary>
    public ScriptVarParamKind VarParamKind { get; init; } = ScriptVarParamKind.None;

    public Type ReturnType => typeof(object);

    public ScriptParameterInfo GetParameterInfo(int index)
    {
        var parameter = index < parameters.Length ? parameters[index] : "value";
        return index < required
            ? new ScriptParameterInfo(typeof(object), parameter)
            : new ScriptParameterInfo(typeof(object), parameter, null!);
    }

    public object? Invoke(
        TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        var span = callerContext?.Span ?? context.CurrentSpan;
        var tokens = (TokenContext)context;
        tokens.CheckCall(span, arguments);
        return call(tokens, span, arguments);
    }

    public ValueTask<object?> InvokeAsync(
        TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));
}
