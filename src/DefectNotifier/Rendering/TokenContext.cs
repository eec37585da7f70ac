using System.Text;
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
    private readonly RenderRequest _request;
    private readonly Stack<string> _including = new();
    private readonly List<RenderFault> _warnings = [];
    private StringBuilder? _main;
    private int _written;

    public TokenContext(RenderRequest request, TemplateOptions options, ScriptObject model, ValueTokens tokens, CancellationToken stop)
        : base(BuiltIns.Shared)
    {
        _tokens = tokens;
        _request = request;
        Options = options;
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

    public TemplateOptions Options { get; }

    public ChatPlatform Platform => _request.Platform;

    public bool MayNotify => !_request.WithoutMentions;

    public IReadOnlyList<RenderFault> Warnings => _warnings;

    public OutputMap Map { get; } = new();

    public void Warn(SourceSpan span, string message) =>
        _warnings.Add(new RenderFault(span.FileName ?? "", span.Start.Line + 1, span.Start.Column + 1, message));

    /// <summary>What the template writes, with the arguments of the call as <c>$</c>.</summary>
    public string Include(string name, Template template, ScriptArray arguments, SourceSpan span)
    {
        if (_including.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ScriptRuntimeException(span, $"'{name}' includes itself: {string.Join(" includes ", _including.Reverse().Append(name))}.");
        _including.Push(name);
        try
        {
            return this.RenderTemplate(template, arguments, CurrentNode);
        }
        finally
        {
            _including.Pop();
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
        if (scriptNode is not null) NestingGuard.Check(result, scriptNode.Span);
        return result is null && EnableOutput && scriptNode is ScriptExpressionStatement { CanOutput: true } ? new PlacedValue("") : result;
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
                return Write(_tokens.Add(DateValue.Of(time, Options.TimeZone)));
            case PlacedValue value:
                return WriteTyped(span, value);
            default:
                return WriteValue(span, textAsObject);
        }
    }

    private TemplateContext WriteTyped(SourceSpan span, PlacedValue value)
    {
        Count(span, value.Text.Length);
        return Write(_tokens.Add(value));
    }

    // Text glued together from captures and values may hold tokens: they pass, and what lies between is a value.
    private TemplateContext WriteValue(SourceSpan span, object written)
    {
        var text = ObjectToString(written);
        if (string.IsNullOrEmpty(text)) return Write(_tokens.Add(new PlacedValue("") { Data = written }));
        Count(span, text.Length);
        var parts = _tokens.Split(text).ToList();
        if (parts is [{ Value: null }]) return Write(_tokens.Add(new PlacedValue(TextCleaning.Clean(text)) { Data = written }));
        foreach (var (literal, value) in parts) Write(value is null ? _tokens.Add(new PlacedValue(TextCleaning.Clean(literal))) : literal);
        return this;
    }

    private void Count(SourceSpan span, int length)
    {
        _written += length;
        if (_written > MaxOutput) throw new ScriptRuntimeException(span, $"The template writes more than {MaxOutput} characters.");
    }

    // What captures and includes write is mapped as a whole, where it arrives.
    private void MapOutput(SourceSpan span, bool isLiteral)
    {
        if (_including.Count == 0 && Output is StringBuilderOutput { Builder: var main } && main == (_main ??= main)) Map.Add(main.Length, span, isLiteral);
    }
}
