using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering;

/// <summary>
/// A Scriban context in which whatever an expression writes becomes a token. Bounded: a template that runs away is stopped with an
/// error, never cut in the middle.
/// </summary>
internal sealed class TokenContext : TemplateContext
{
    /// <summary>Characters that one rendering may write, values included. 20 times what a chat message can hold.</summary>
    private const int MaxOutput = 200_000;

    private readonly ValueTokens _tokens;
    private int _written;

    public TokenContext(ScriptObject builtIns, ScriptObject model, ValueTokens tokens, CancellationToken stop)
        : base(builtIns)
    {
        _tokens = tokens;
        LoopLimit = 1000;
        RecursiveLimit = 50;
        LimitToString = MaxOutput;
        OutputLimit = MaxOutput;
        OnStringLimit = ScriptLimitBehavior.Throw;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        // What an event does not carry is empty, also further down: payload.severity.title of an event without a severity.
        EnableRelaxedTargetAccess = true;
        RegexTimeOut = TimeSpan.FromMilliseconds(100);
        CancellationToken = stop;
        PushGlobal(model);
        // What a template assigns lands here and is gone with the rendering.
        PushGlobal(new ScriptObject());
    }

    /// <summary>
    /// An expression without a value still leaves a token, an empty one: <c>**{{ defect.title }}**</c> must not become <c>****</c>, which is a line
    /// across to Markdown.
    /// </summary>
    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        var result = base.Evaluate(scriptNode, aliasReturnedFunction);
        return result is null && EnableOutput && scriptNode is ScriptExpressionStatement { CanOutput: true } ? new PlacedValue("") : result;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        switch (textAsObject)
        {
            case null:
                return this;
            // A capture's value and an include's result are the template's own text.
            case IScriptOutput captured:
                return Write(captured.ToString());
            case TemplateOutput output:
                return Write(output.Text);
            case DateTimeOffset time:
                return Write(_tokens.Add(DateValue.Of(time)));
            case PlacedValue value:
                return Write(_tokens.Add(value));
            default:
                return WriteValue(span, ObjectToString(textAsObject));
        }
    }

    // Text glued together from captures and values may hold tokens: they pass, and what lies between is a value.
    private TemplateContext WriteValue(SourceSpan span, string? text)
    {
        if (string.IsNullOrEmpty(text)) return Write(_tokens.Add(new PlacedValue("")));
        _written += text.Length;
        if (_written > MaxOutput) throw new ScriptRuntimeException(span, $"The template writes more than {MaxOutput} characters.");
        foreach (var (literal, value) in _tokens.Split(text)) Write(value is null ? _tokens.Add(new PlacedValue(TextCleaning.Clean(literal))) : literal);
        return this;
    }
}
