using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// A function whose calls are limited. A chain of functions over a list (<c>list | array.each @string.escape</c>) is evaluated in one step,
/// so the run is checked before each call, too.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="isSearch">
/// True for a function that searches one text in another: its time grows with the product of their lengths, up to half a minute for the
/// longest texts, and it cannot be interrupted.
/// </param>
internal sealed class GuardedFunction(IScriptCustomFunction function, bool isSearch = false) : IScriptCustomFunction
{
    /// <summary>Maximum product of both lengths: a search for 2,500 characters in 20,000 takes about 0.1 s.</summary>
    private const long MaxSearch = 50_000_000;

    public int RequiredParameterCount => function.RequiredParameterCount;

    public int ParameterCount => function.ParameterCount;

    public ScriptVarParamKind VarParamKind => function.VarParamKind;

    public Type ReturnType => function.ReturnType;

    public ScriptParameterInfo GetParameterInfo(int index) => function.GetParameterInfo(index);

    public object? Invoke(
        TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        var span = callerContext?.Span ?? context.CurrentSpan;
        ((TokenContext)context).CheckCall(span, arguments);
        if (isSearch && arguments is [string text, string searched, ..] && (long)text.Length * searched.Length > MaxSearch)
            throw new ScriptRuntimeException(span, "These texts are too long to search one in the other.");
        return function.Invoke(context, callerContext!, arguments, blockStatement);
    }

    public ValueTask<object?> InvokeAsync(
        TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));
}
