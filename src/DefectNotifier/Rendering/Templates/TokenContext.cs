using System.Text;
using DefectNotifier.Rendering.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The Scriban context of a run. Each value that an expression writes becomes a token, and the run is limited: a template that exceeds
/// a limit is stopped with an error; its output is never truncated.
/// </summary>
internal sealed class TokenContext : TemplateContext
{
    /// <summary>
    /// Maximum length of the output of a run, with its values, and of each intermediate text: 20 times the size of a chat message.
    /// </summary>
    public const int MaxOutput = 200_000;

    /// <summary>
    /// Maximum depth of expressions and statements inside each other. A greater depth could overflow the stack, which ends the process:
    /// At each call Scriban catches the error and throws it again, which uses more of the stack.
    /// </summary>
    private const int MaxDepth = 150;

    private static readonly object NoValue = new TemplateValue("");

    // A context consists of tables of Scriban (21 kB, a quarter of what a message allocates) that are empty between two runs.
    [ThreadStatic]
    private static TokenContext? _spare;

    private readonly ValueSizeLimit _sizes = new();
    private int _depth;

    private TokenContext()
        : base(BuiltIns.Shared)
    {
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

    /// <summary>The run that uses this context now.</summary>
    public TemplateRun Run { get; private set; } = null!;

    /// <summary>The text that the template writes, with tokens in place of values.</summary>
    /// <exception cref="ScriptRuntimeException">The template failed or exceeded a limit.</exception>
    public static string Render(TemplateRun run, TemplateModel model, CancellationToken timeout)
    {
        // Used again only after a run without an error: after a failed run it still contains variables and outputs.
        var context = _spare ?? new TokenContext();
        _spare = null;
        context.Run = run;
        context.CancellationToken = timeout;
        context.PushGlobal(model);
        // Receives the variables that the template assigns.
        context.PushGlobal(new ScriptObject());
        var text = run.Template.Template.Render(context);
        context.Reset();
        context.ResetPreviousNewLine();
        context._sizes.Reset();
        context.Run = null!;
        _spare = context;
        return text;
    }

    /// <summary>The output of an included template: for Markdown only Markdown, for JSON the platform's JSON first.</summary>
    /// <param name="span">The location of the call.</param>
    /// <param name="arguments">The template's name, then the arguments that it sees as <c>$1</c>, <c>$2</c>, ...</param>
    public IScriptOutput Include(SourceSpan span, ScriptArray arguments)
    {
        if (arguments.Count == 0 || arguments[0]?.ToString() is not { Length: > 0 } name)
            throw new ScriptRuntimeException(span, "include needs the name of a template, for example include '_footer'.");
        var included = Run.FindIncluded(name)
            ?? throw new ScriptRuntimeException(span, $"There is no template '{name}' to include.");
        if (Run.Including.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            var cycle = string.Join(" includes ", Run.Including.Reverse().Append(name));
            throw new ScriptRuntimeException(span, $"'{name}' includes itself: {cycle}.");
        }

        Run.Including.Push(name);
        try
        {
            return new StringBuilderOutput(new StringBuilder(this.RenderTemplate(included.Template, arguments, CurrentNode)));
        }
        finally
        {
            Run.Including.Pop();
        }
    }

    /// <summary>Stops a run that exceeds its time or its memory.</summary>
    public void CheckResources(SourceSpan span)
    {
        CheckAbort();
        Run.CheckMemory(span);
    }

    /// <summary>The same, and stops a run whose texts are too long for a function.</summary>
    public void CheckCall(SourceSpan span, ScriptArray arguments)
    {
        CheckResources(span);
        foreach (var argument in arguments)
            if (argument is string) _sizes.Check(argument, span);
    }

    /// <summary>
    /// Every expression is evaluated here, so this is where the run is limited: before each step, and by the size of each result. A single
    /// step creates at most a few times as much data as its inputs contain.
    /// A missing value is written as the token of an empty value: <c>**{{ defect.title }}**</c> must not become <c>****</c>, which is
    /// a horizontal line in Markdown.
    /// </summary>
    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        if (scriptNode is null) return null;
        CheckResources(scriptNode.Span);
        if (_depth == MaxDepth)
            throw new ScriptRuntimeException(scriptNode.Span, "This is nested too deeply. Use shorter expressions and fewer calls.");
        if (Run.Map is not null && scriptNode is ScriptRawStatement { Text.Length: > 0 } raw) AddToMap(Run.Map, raw.Span, isLiteral: true);
        _depth++;
        var result = base.Evaluate(scriptNode, aliasReturnedFunction);
        // A ScriptRange is a chain of enumerators. Reading a chain of thousands would overflow the stack.
        if (result is ScriptRange chain) result = new ScriptArray(chain);
        _depth--;
        // Inside $"..." Scriban would write lists and objects without a limit.
        if (scriptNode is ScriptInterpolatedExpression && result is not string) result = ObjectToString(result);
        _sizes.Check(result, scriptNode.Span);
        return result is null && EnableOutput && scriptNode is ScriptExpressionStatement { CanOutput: true } ? NoValue : result;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is null) return this;
        if (Run.Map is not null) AddToMap(Run.Map, span, isLiteral: false);
        // The text of a capture or an include was written by the template: its markup stays markup, and its values are tokens.
        if (textAsObject is IScriptOutput output) return Write(output.ToString());
        var value = textAsObject switch
        {
            TemplateValue made => made,
            DateTimeOffset time => TemplateValue.Of(time, Run.TimeZone),
            _ => new TemplateValue(ObjectToString(textAsObject) ?? "") { Data = textAsObject },
        };
        Run.ValueLength += value.Text.Length;
        if (Run.ValueLength > MaxOutput) throw new ScriptRuntimeException(span, $"The template writes more than {MaxOutput} characters.");
        if (value.Formatted is not null) return Write(Run.Tokens.Add(value));
        // A filter over a capture leaves its tokens in the text: they stay, and the text between them is a value.
        if (ValueTokens.IsIn(value.Text) && Run.Tokens.Split(value.Text).ToList() is var parts && parts is not [{ Value: null }])
        {
            foreach (var (part, token) in parts)
                Write(token is null ? Run.Tokens.Add(new TemplateValue(TextCleaning.Clean(part))) : part);
            return this;
        }

        return Write(Run.Tokens.Add(value with { Text = TextCleaning.Clean(value.Text) }));
    }

    // The output of captures and includes is mapped as a whole, at the place where it is written.
    private void AddToMap(SourceMap map, SourceSpan span, bool isLiteral)
    {
        if (OutputCount == 1 && Output is StringBuilderOutput { Builder: var main }) map.Add(main.Length, span, isLiteral);
    }
}
