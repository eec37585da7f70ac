using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>One run of a template: what it uses and what it produced.</summary>
internal sealed class TemplateRun
{
    /// <summary>
    /// A normal run takes a few hundredths of a millisecond. The second limit is for one more try: on a busy machine a normal template
    /// can be slow, above all the first one of a process, while code is compiled.
    /// </summary>
    private static readonly TimeSpan[] TimeLimits = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2)];

    /// <summary>What one run may allocate, in bytes. A normal run allocates less than 100 kB.</summary>
    private const long MaxAllocated = 32 * 1024 * 1024;

    /// <summary>More would not help the author.</summary>
    private const int MaxWarnings = 20;

    private readonly RenderRequest _request;
    private readonly TemplateStore _templates;
    private readonly List<RenderError> _warnings = [];
    private readonly long _allocationLimit = GC.GetAllocatedBytesForCurrentThread() + MaxAllocated;

    private TemplateRun(TemplateSource template, RenderRequest request, TemplateStore templates, QaseOptions qase)
    {
        Template = template;
        Qase = qase;
        _request = request;
        _templates = templates;
        Map = template.IsJson ? new SourceMap() : null;
        Tokens = new ValueTokens
        {
            Files = [.. request.Event.Attachments.Where(file => !file.IsImage)
                .Select(file => SafeUrl.TryCreate(file.Url, out var url) ? url : null).OfType<string>()],
        };
    }

    public TemplateSource Template { get; }

    public TemplateOptions Options => _templates.Options;

    public ChatPlatform Platform => _request.Platform;

    /// <summary>What is rendered.</summary>
    public RenderRequest Request => _request;

    /// <summary>The event, completed with what is known of its defect.</summary>
    public DefectEvent Event => _request.Event;

    public QaseOptions Qase { get; }

    /// <summary>The time zone of dates that a template does not format for another one.</summary>
    public TimeZoneInfo TimeZone => _request.TimeZone ?? Options.TimeZone;

    public bool MayNotify => !_request.WithoutMentions;

    /// <summary>The text that the template wrote, with tokens in place of values.</summary>
    public string Text { get; private set; } = "";

    public ValueTokens Tokens { get; }

    /// <summary>Null for Markdown, which cannot have errors.</summary>
    public SourceMap? Map { get; }

    public IReadOnlyList<RenderError> Warnings => _warnings;

    /// <summary>The names of the templates that are being included, the innermost first.</summary>
    public Stack<string> Including { get; } = new();

    /// <summary>The length of all values written so far, in UTF-16 units.</summary>
    public int ValueLength { get; set; }

    /// <summary>Runs a template; one that exceeds the time limit is run once more with a longer one.</summary>
    /// <exception cref="ScriptRuntimeException">The template failed or exceeded a limit.</exception>
    public static TemplateRun Of(
        TemplateSource template, RenderRequest request, TemplateStore templates, QaseOptions qase, TimeProvider time)
    {
        for (var attempt = 0; ; attempt++)
        {
            var run = new TemplateRun(template, request, templates, qase);
            using var timeout = new CancellationTokenSource(TimeLimits[attempt], time);
            try
            {
                run.Text = TokenContext.Render(run, new TemplateModel(request, qase), timeout.Token);
                return run;
            }
            catch (ScriptAbortException) when (attempt < TimeLimits.Length - 1)
            {
            }
        }
    }

    /// <summary>The template that <c>include</c> names: for Markdown only Markdown, for JSON the platform's JSON first.</summary>
    public TemplateSource? FindIncluded(string name) =>
        _templates.FindAll(_request.TemplateSet, name, Template.IsJson ? Platform : null).FirstOrDefault();

    /// <summary>Stops a run that has allocated too much. It must be called between any two steps that allocate.</summary>
    /// <exception cref="MemoryLimitException">The limit is exceeded.</exception>
    public void CheckMemory(SourceSpan span)
    {
        if (GC.GetAllocatedBytesForCurrentThread() > _allocationLimit)
        {
            throw new MemoryLimitException(
                span,
                $"The template used more than {MaxAllocated / 1024 / 1024} MB of memory and was stopped. Use shorter texts and lists.");
        }
    }

    public void Warn(SourceSpan span, string message)
    {
        if (_warnings.Count < MaxWarnings) _warnings.Add(ErrorAt(span, message));
    }

    public RenderError ErrorAt(SourceSpan span, string message) => _templates.ErrorAt(span, Template, message);
}

/// <summary>A run has allocated too much.</summary>
internal sealed class MemoryLimitException(SourceSpan span, string message) : ScriptRuntimeException(span, message);
