using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>What one run of a template wrote: text with tokens in place of values.</summary>
internal sealed class TemplateRun
{
    /// <summary>One rendering may take so long; an honest one takes a few hundredths of a millisecond.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A rendering that ran out of time gets a second try with this: on a busy machine an honest one, above all the first of a process, which also waits for
    /// its code to be compiled, must not be taken for one that runs away.
    /// </summary>
    private static readonly TimeSpan SecondLimit = TimeSpan.FromSeconds(2);

    private readonly StoredTemplate _template;
    private readonly TemplateStore _templates;
    private readonly List<RenderError> _warnings = [];
    private QuotedJson? _json;

    private TemplateRun(StoredTemplate template, RenderRequest request, TemplateStore templates)
    {
        _template = template;
        _templates = templates;
        Request = request;
        Options = templates.Options;
        Includes = templates.Includes(request.TemplateSet, template.IsJson ? request.Platform : null);
        Map = template.IsJson ? new SourceMap() : null;
    }

    public RenderRequest Request { get; }

    public TemplateOptions Options { get; }

    /// <summary>What <c>include</c> may name.</summary>
    public IReadOnlyDictionary<string, Template> Includes { get; }

    /// <summary>The names of the templates that are being included now.</summary>
    public Stack<string> Including { get; } = new();

    public ValueTokens Tokens { get; } = new();

    /// <summary>Null for Markdown, which has no errors.</summary>
    public SourceMap? Map { get; }

    public IReadOnlyList<RenderError> Warnings => _warnings;

    /// <summary>The characters of all values up to now.</summary>
    public int Written { get; set; }

    public string Output { get; private set; } = "";

    /// <exception cref="ScriptRuntimeException">The template failed or ran away.</exception>
    public static TemplateRun Of(StoredTemplate template, RenderRequest request, TemplateStore templates, QaseOptions qase, TimeProvider time)
    {
        try
        {
            return Run(Limit);
        }
        catch (ScriptAbortException)
        {
            return Run(SecondLimit);
        }

        TemplateRun Run(TimeSpan limit)
        {
            // What is parsed for the first time, included templates too, is none of the run's time.
            var run = new TemplateRun(template, request, templates);
            var parsed = template.Template;
            using var stop = new CancellationTokenSource(limit, time);
            run.Output = TokenContext.Render(parsed, run, new TemplateModel(request, qase), stop.Token);
            return run;
        }
    }

    public void Warn(SourceSpan span, string message) => _warnings.Add(_templates.ErrorAt(span, _template, message));

    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="JsonTemplateException">It is JSON that can't be a message.</exception>
    public JsonNode ReadJson() => new JsonTemplateReader(Tokens).Read(_json ??= new QuotedJson(Output));

    /// <summary>Tells what is wrong with the JSON that the template wrote by the template's own line.</summary>
    /// <param name="failure">A <see cref="JsonException"/> or a <see cref="JsonTemplateException"/>.</param>
    public RenderError ErrorOf(Exception failure)
    {
        var json = _json ??= new QuotedJson(Output);
        var offset = json.WrittenOffset(failure switch
        {
            JsonException { LineNumber: { } line, BytePositionInLine: { } bytes } => JsonLocation.OffsetOf(json.Text, line, bytes),
            JsonTemplateException template => JsonLocation.OffsetOf(json.Text, template.Path),
            _ => 0,
        });
        return _templates.ErrorAt(Map?.Find(offset) ?? default, _template, failure is JsonException ? "This is not JSON: " + Plainly(failure.Message) : failure.Message);
    }

    // .NET adds the path and its own line and byte, which are those of what was written and not of the template.
    private static string Plainly(string message)
    {
        foreach (var end in (string[])[" Path: ", " LineNumber: "])
            if (message.IndexOf(end, StringComparison.Ordinal) is var at and > 0) message = message[..at];
        return message.Contains("is invalid after a value", StringComparison.Ordinal) ? message + " Is a comma missing before it?" : message;
    }
}
