using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering;

/// <summary><c>time | date</c>, shown in the reader's own zone where the platform can, or <c>time | date 'yyyy-MM-dd'</c>, plain text in UTC.</summary>
internal sealed class DateFunction : IScriptCustomFunction
{
    public int RequiredParameterCount => 1;

    public int ParameterCount => 2;

    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

    public Type ReturnType => typeof(object);

    public ScriptParameterInfo GetParameterInfo(int index) =>
        index == 0 ? new ScriptParameterInfo(typeof(object), "time") : new ScriptParameterInfo(typeof(string), "format", null!);

    public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        if (arguments[0] is not DateTimeOffset time) return arguments[0];
        if (arguments.Count < 2 || arguments[1] is not string { Length: > 0 } format) return DateValue.Of(time);
        try
        {
            return DateValue.Of(time, format);
        }
        catch (FormatException fault)
        {
            throw new ScriptRuntimeException(callerContext?.Span ?? context.CurrentSpan, $"'{format}' is not a date format; try 'yyyy-MM-dd HH:mm'.", fault);
        }
    }

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));
}
