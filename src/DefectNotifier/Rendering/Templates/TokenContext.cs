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

    private static readonly object NoValue = new TemplateValue("");

    private readonly StoredTemplate _template;
    private readonly RenderRequest _request;
    private readonly TemplateStore _templates;
    private readonly IReadOnlyDictionary<string, Template> _includes;
    private readonly Stack<string> _including = new();
    private readonly List<RenderError> _warnings = [];
    private int _valueLength;

    public TokenContext(StoredTemplate template, RenderRequest request, TemplateStore templates, ScriptObject functions)
        : base(functions)
    {
        _template = template;
        _request = request;
        _templates = templates;
        // Parses the templates on their first use, before the time limit of the run starts.
        _includes = templates.Includes(request.TemplateSet, template.IsJson ? request.Platform : null);
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

    /// <exception cref="ScriptRuntimeException">The template failed or exceeded a limit.</exception>
    public void Run(ScriptObject model, CancellationToken timeout)
    {
        CancellationToken = timeout;
        PushGlobal(model);
        // Receives the variables that the template assigns.
        PushGlobal(new ScriptObject());
        Text = _template.Template.Render(this);
    }

    public void Warn(SourceSpan span, string message) => _warnings.Add(ErrorAt(span, message));

    public RenderError ErrorAt(SourceSpan span, string message) => _templates.ErrorAt(span, _template, message);

    /// <summary>The output of an included template. It sees the arguments of the call as <c>$</c>.</summary>
    public IScriptOutput Include(string name, ScriptArray arguments, SourceSpan span)
    {
        if (!_includes.TryGetValue(name, out var template))
            throw new ScriptRuntimeException(span, $"There is no template '{name}' to include.");
        if (_including.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            var cycle = string.Join(" includes ", _including.Reverse().Append(name));
            throw new ScriptRuntimeException(span, $"'{name}' includes itself: {cycle}.");
        }

        _including.Push(name);
        try
        {
            return new StringBuilderOutput(new StringBuilder(this.RenderTemplate(template, arguments, CurrentNode)));
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
        if (scriptNode is ScriptRawStatement { Text.Length: > 0 } raw) AddToMap(raw.Span, isLiteral: true);
        var result = base.Evaluate(scriptNode, aliasReturnedFunction);
        if (scriptNode is not null) ValueSizeLimit.Check(result, scriptNode.Span);
        return result is null && EnableOutput && scriptNode is ScriptExpressionStatement { CanOutput: true } ? NoValue : result;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is null) return this;
        AddToMap(span, isLiteral: false);
        return textAsObject switch
        {
            // The text of a capture or an include was written by the template: its markup stays markup, and its values are tokens.
            IScriptOutput output => Write(output.ToString()),
            DateTimeOffset time => WriteToken(span, TemplateValue.Of(time, Options.TimeZone)),
            TemplateValue value => WriteToken(span, value),
            _ => WriteValue(span, textAsObject),
        };
    }

    private TemplateContext WriteValue(SourceSpan span, object value)
    {
        var text = ObjectToString(value) ?? "";
        // A filter over a capture leaves its tokens in the text: they stay, and the text between them is a value.
        if (ValueTokens.IsIn(text) && Tokens.Split(text).ToList() is var parts && parts is not [{ Value: null }])
        {
            CountLength(span, text.Length);
            foreach (var (part, token) in parts)
                Write(token is null ? Tokens.Add(new TemplateValue(TextCleaning.Clean(part))) : part);
            return this;
        }

        return WriteToken(span, new TemplateValue(TextCleaning.Clean(text)) { Data = value });
    }

    private TemplateContext WriteToken(SourceSpan span, TemplateValue value)
    {
        CountLength(span, value.Text.Length);
        return Write(Tokens.Add(value));
    }

    private void CountLength(SourceSpan span, int length)
    {
        _valueLength += length;
        if (_valueLength > MaxOutput) throw new ScriptRuntimeException(span, $"The template writes more than {MaxOutput} characters.");
    }

    // The output of captures and includes is mapped as a whole, at the place where it is written.
    private void AddToMap(SourceSpan span, bool isLiteral)
    {
        if (Map is not null && OutputCount == 1 && Output is StringBuilderOutput { Builder: var main })
            Map.Add(main.Length, span, isLiteral);
    }
}
