using DefectNotifier.Rendering.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// A Scriban context in which whatever an expression writes becomes a token. Bounded: a template that runs away is stopped with an
/// error, never cut in the middle.
/// </summary>
internal sealed class TokenContext : TemplateContext
{
    /// <summary>Characters that one rendering may write, values included. 20 times what a chat message can hold.</summary>
    private const int MaxOutput = 200_000;

    private static readonly object NoValue = new TemplateValue("");

    // A context is mostly tables of Scriban's (21 kB), which hold nothing between two runs. What a run knows and gathers is in its TemplateRun.
    [ThreadStatic]
    private static TokenContext? _spare;

    private TemplateRun _run = null!;

    private TokenContext()
        : base(BuiltIns.Shared)
    {
        LoopLimit = 1000;
        RecursiveLimit = 50;
        LimitToString = MaxOutput;
        OutputLimit = MaxOutput;
        OnStringLimit = ScriptLimitBehavior.Throw;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        // What an event does not carry is empty, also further down: payload.severity.title of an event without a severity.
        EnableRelaxedTargetAccess = true;
        RegexTimeOut = TimeSpan.FromMilliseconds(100);
    }

    public TemplateOptions Options => _run.Options;

    public ChatPlatform Platform => _run.Request.Platform;

    public bool MayNotify => !_run.Request.WithoutMentions;

    /// <summary>What the template writes. A run that fails leaves its context behind half unwound, so that one is not used again.</summary>
    /// <exception cref="ScriptRuntimeException">The template failed or ran away.</exception>
    public static string Render(Template template, TemplateRun run, ScriptObject model, CancellationToken stop)
    {
        // Taken away, in case that a run begins within a run.
        var context = _spare ?? new TokenContext();
        _spare = null;
        var written = context.RenderOnce(template, run, model, stop);
        context.Clear();
        _spare = context;
        return written;
    }

    public void Warn(SourceSpan span, string message) => _run.Warn(span, message);

    /// <summary>What the template of that name writes, with the arguments of the call as <c>$</c>.</summary>
    public string Include(string name, ScriptArray arguments, SourceSpan span)
    {
        if (!_run.Includes.TryGetValue(name, out var template)) throw new ScriptRuntimeException(span, $"There is no template '{name}' to include.");
        if (_run.Including.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ScriptRuntimeException(span, $"'{name}' includes itself: {string.Join(" includes ", _run.Including.Reverse().Append(name))}.");
        _run.Including.Push(name);
        try
        {
            return this.RenderTemplate(template, arguments, CurrentNode);
        }
        finally
        {
            _run.Including.Pop();
        }
    }

    /// <summary>
    /// An expression without a value still leaves a token, an empty one: <c>**{{ defect.title }}**</c> must not become <c>****</c>, which is a line
    /// across to Markdown.
    /// </summary>
    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        if (scriptNode is ScriptRawStatement { Text.Length: > 0 } raw) MapOutput(raw.Span, isLiteral: true);
        var result = base.Evaluate(scriptNode, aliasReturnedFunction);
        if (scriptNode is not null) ValueSizeLimit.Check(result, scriptNode.Span);
        return result is null && EnableOutput && scriptNode is ScriptExpressionStatement { CanOutput: true } ? NoValue : result;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is not null) MapOutput(span, isLiteral: false);
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
                return Write(_run.Tokens.Add(DateValue.Of(time, Options.TimeZone)));
            case TemplateValue value:
                return WriteTyped(span, value);
            default:
                return WriteValue(span, textAsObject);
        }
    }

    private string RenderOnce(Template template, TemplateRun run, ScriptObject model, CancellationToken stop)
    {
        _run = run;
        CancellationToken = stop;
        PushGlobal(model);
        // What a template assigns lands here and is gone with the rendering.
        PushGlobal(new ScriptObject());
        return template.Render(this);
    }

    private void Clear()
    {
        Reset();
        ResetPreviousNewLine();
        CancellationToken = CancellationToken.None;
        _run = null!;
    }

    private TemplateContext WriteTyped(SourceSpan span, TemplateValue value)
    {
        Count(span, value.Text.Length);
        return Write(_run.Tokens.Add(value));
    }

    // Text glued together from captures and values may hold tokens: they pass, and what lies between is a value.
    private TemplateContext WriteValue(SourceSpan span, object written)
    {
        var text = ObjectToString(written);
        if (string.IsNullOrEmpty(text)) return Write(_run.Tokens.Add(new TemplateValue("") { Data = written }));
        Count(span, text.Length);
        if (!ValueTokens.IsIn(text)) return Write(_run.Tokens.Add(new TemplateValue(TextCleaning.Clean(text)) { Data = written }));
        var parts = _run.Tokens.Split(text).ToList();
        if (parts is [{ Value: null }]) return Write(_run.Tokens.Add(new TemplateValue(TextCleaning.Clean(text)) { Data = written }));
        foreach (var (literal, value) in parts) Write(value is null ? _run.Tokens.Add(new TemplateValue(TextCleaning.Clean(literal))) : literal);
        return this;
    }

    private void Count(SourceSpan span, int length)
    {
        _run.Written += length;
        if (_run.Written > MaxOutput) throw new ScriptRuntimeException(span, $"The template writes more than {MaxOutput} characters.");
    }

    // What captures and includes write is mapped as a whole, where it arrives.
    private void MapOutput(SourceSpan span, bool isLiteral)
    {
        if (_run.Map is { } map && OutputCount == 1 && Output is StringBuilderOutput { Builder: var main }) map.Add(main.Length, span, isLiteral);
    }
}
