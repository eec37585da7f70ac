using System.Text;
using DefectNotifier.Rendering.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// One run of a template. Each value that an expression writes becomes a token, and the run is limited: a template that exceeds a
/// limit is stopped with an error; its output is never truncated.
/// </summary>
internal sealed class TokenContext : TemplateContext
{
    /// <summary>The characters that one run may write, values included: 20 times the size of a chat message.</summary>
    private const int MaxOutput = 200_000;

    /// <summary>
    /// A normal run takes a few hundredths of a millisecond. The second limit is for one more try: on a busy machine a normal template
    /// can be slow, above all the first one of a process, while code is compiled.
    /// </summary>
    private static readonly TimeSpan[] TimeLimits = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2)];

    private static readonly object NoValue = new TemplateValue("");

    private readonly TemplateSource _template;
    private readonly RenderRequest _request;
    private readonly TemplateStore _templates;
    private readonly Stack<string> _including = new();
    private readonly List<RenderError> _warnings = [];
    private int _valueLength;

    private TokenContext(TemplateSource template, RenderRequest request, TemplateStore templates)
        : base(BuiltIns.Shared)
    {
        _template = template;
        _request = request;
        _templates = templates;
        Map = template.IsJson ? new SourceMap() : null;
        LoopLimit = 1000;
        RecursiveLimit = 50;
        LimitToString = MaxOutput;
        OutputLimit = MaxOutput;
        OnStringLimit = ScriptLimitBehavior.Throw;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        // Members of missing values are empty: payload.severity.title of an event without a severity.
        EnableRelaxedTargetAccess = true;
        RegexTimeOut = TimeSpan.FromMilliseconds(100);
    }

    public TemplateOptions Options => _templates.Options;

    public ChatPlatform Platform => _request.Platform;

    public bool MayNotify => !_request.WithoutMentions;

    /// <summary>The text that the template wrote, with tokens in place of values.</summary>
    public string Text { get; private set; } = "";

    public ValueTokens Tokens { get; } = new();

    /// <summary>Null for Markdown, which cannot have errors.</summary>
    public SourceMap? Map { get; }

    public IReadOnlyList<RenderError> Warnings => _warnings;

    /// <summary>Runs a template; one that exceeds the time limit is run once more with a longer one.</summary>
    /// <exception cref="ScriptRuntimeException">The template failed or exceeded a limit.</exception>
    public static TokenContext Run(
        TemplateSource template, RenderRequest request, TemplateStore templates, QaseOptions qase, TimeProvider time)
    {
        for (var attempt = 0; ; attempt++)
        {
            var run = new TokenContext(template, request, templates);
            run.PushGlobal(new TemplateModel(request, qase));
            // Receives the variables that the template assigns.
            run.PushGlobal(new ScriptObject());
            var parsed = template.Template;
            using var timeout = new CancellationTokenSource(TimeLimits[attempt], time);
            run.CancellationToken = timeout.Token;
            try
            {
                run.Text = parsed.Render(run);
                return run;
            }
            catch (ScriptAbortException) when (attempt < TimeLimits.Length - 1)
            {
            }
        }
    }

    public void Warn(SourceSpan span, string message) => _warnings.Add(ErrorAt(span, message));

    public RenderError ErrorAt(SourceSpan span, string message) => _templates.ErrorAt(span, _template, message);

    /// <summary>The output of an included template: for Markdown only Markdown, for JSON the platform's JSON first.</summary>
    /// <param name="span">The location of the call.</param>
    /// <param name="arguments">The template's name, then the arguments that it sees as <c>$1</c>, <c>$2</c>, ...</param>
    public IScriptOutput Include(SourceSpan span, ScriptArray arguments)
    {
        if (arguments.Count == 0 || arguments[0]?.ToString() is not { Length: > 0 } name)
            throw new ScriptRuntimeException(span, "include needs the name of a template, for example include '_footer'.");
        var included = _templates.FindAll(_request.TemplateSet, name, _template.IsJson ? _request.Platform : null).FirstOrDefault()
            ?? throw new ScriptRuntimeException(span, $"There is no template '{name}' to include.");
        if (_including.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            var cycle = string.Join(" includes ", _including.Reverse().Append(name));
            throw new ScriptRuntimeException(span, $"'{name}' includes itself: {cycle}.");
        }

        _including.Push(name);
        try
        {
            return new StringBuilderOutput(new StringBuilder(this.RenderTemplate(included.Template, arguments, CurrentNode)));
        }
        finally
        {
            _including.Pop();
        }
    }

    /// <summary>
    /// A missing value is written as the token of an empty value: <c>**{{ defect.title }}**</c> must not become <c>****</c>, which is
    /// a horizontal line in Markdown.
    /// </summary>
    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        if (Map is not null && scriptNode is ScriptRawStatement { Text.Length: > 0 } raw) AddToMap(Map, raw.Span, isLiteral: true);
        var result = base.Evaluate(scriptNode, aliasReturnedFunction);
        // Read-only values are our own and not checked.
        if (scriptNode is not null && result is ScriptArray { IsReadOnly: false } or ScriptObject { IsReadOnly: false })
            ValueSizeLimit.Check(result, scriptNode!.Span);
        return result is null && EnableOutput && scriptNode is ScriptExpressionStatement { CanOutput: true } ? NoValue : result;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is null) return this;
        if (Map is not null) AddToMap(Map, span, isLiteral: false);
        // The text of a capture or an include was written by the template: its markup stays markup, and its values are tokens.
        if (textAsObject is IScriptOutput output) return Write(output.ToString());
        var value = textAsObject switch
        {
            TemplateValue made => made,
            DateTimeOffset time => TemplateValue.Of(time, Options.TimeZone),
            _ => new TemplateValue(ObjectToString(textAsObject) ?? "") { Data = textAsObject },
        };
        _valueLength += value.Text.Length;
        if (_valueLength > MaxOutput) throw new ScriptRuntimeException(span, $"The template writes more than {MaxOutput} characters.");
        if (value.Formatted is not null) return Write(Tokens.Add(value));
        // A filter over a capture leaves its tokens in the text: they stay, and the text between them is a value.
        if (ValueTokens.IsIn(value.Text) && Tokens.Split(value.Text).ToList() is var parts && parts is not [{ Value: null }])
        {
            foreach (var (part, token) in parts)
                Write(token is null ? Tokens.Add(new TemplateValue(TextCleaning.Clean(part))) : part);
            return this;
        }

        return Write(Tokens.Add(value with { Text = TextCleaning.Clean(value.Text) }));
    }

    // The output of captures and includes is mapped as a whole, at the place where it is written.
    private void AddToMap(SourceMap map, SourceSpan span, bool isLiteral)
    {
        if (OutputCount == 1 && Output is StringBuilderOutput { Builder: var main }) map.Add(main.Length, span, isLiteral);
    }
}
