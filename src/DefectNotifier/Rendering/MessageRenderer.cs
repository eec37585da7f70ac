using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Markdown;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using Scriban.Syntax;

namespace DefectNotifier.Rendering;

/// <summary>The result of a rendering: always a message, and the error of the template when another one was used instead.</summary>
public sealed record RenderResult(ChatMessage Message, RenderError? Error)
{
    /// <summary>Likely mistakes that did not prevent the message: an unknown mention, an ignored part of a JSON template.</summary>
    public IReadOnlyList<RenderError> Warnings { get; init; } = [];
}

/// <summary>
/// Renders the message of an event for a platform, from a Markdown template or from a template in the platform's own JSON. When a
/// JSON template fails, the Markdown template is used; when that fails too, a plain message. Safe for use by many threads.
/// </summary>
public sealed class MessageRenderer(
    TemplateStore templates, IEnumerable<IMessageFormatter> formatters, QaseOptions qase, TimeProvider time)
{
    private const int MaxLabel = 40;

    /// <summary>The size of a sample digest: enough for several groups and replies.</summary>
    private const int SampleEvents = 200;

    private const string NotAgain = "The template is not run again for this message, because it exceeded its limits or ended the process "
        + "before. It is run again when a template is changed.";

    private readonly Dictionary<ChatPlatform, IMessageFormatter> _formatters = formatters.ToDictionary(formatter => formatter.Platform);

    /// <summary>Which messages must not be rendered again; null: every message is rendered, as for a preview.</summary>
    public RenderJournal? Journal { get; init; }

    /// <summary>False when no message can mention anyone, because the settings contain no mentions.</summary>
    public bool MayNotify => templates.Options.Mentions.Count > 0;

    public RenderResult Render(RenderRequest request)
    {
        if (request.Event.IsDefect)
        {
            // Without a stored defect, this event is all that is known of it.
            var defect = request.Defect ?? Defect.After(before: null, request.Event, eventId: "", request.ReceivedAt, body: default);
            request = request with { Defect = defect, Event = defect.Complete(request.Event, request.Opening) };
        }

        if (OwnEvents.IsDigest(request.Event.Name))
            request = request with { Digest = request.Digest ?? SampleDigest.Of(SampleEvents, request.ReceivedAt) };

        var candidates = templates.Find(request.TemplateSet, request.Event.Name, request.Platform).ToList();
        RenderError? jsonError = null;
        if (candidates[0].IsJson)
        {
            (var json, jsonError) = TryRender(request, candidates[0]);
            if (json is not null) return json;
        }

        var (result, error) = TryRender(request, candidates.First(candidate => !candidate.IsJson), jsonError);
        if (result is not null) return result;
        error = jsonError ?? error!;
        return new RenderResult(Format(request, PlainMessage.Of(request, qase, error)), error);
    }

    /// <param name="request">What to render.</param>
    /// <param name="template">The template.</param>
    /// <param name="jsonError">The error of the JSON template that this one replaces; null: none.</param>
    private (RenderResult? Result, RenderError? Error) TryRender(
        RenderRequest request, TemplateSource template, RenderError? jsonError = null)
    {
        if (Journal is null) return RunTemplate(request, template, jsonError);
        var key = RenderJournal.KeyOf(
            template.Name,
            templates.Digest,
            request.Event.Name,
            $"{request.Event.SubjectId} {request.ReceivedAt.UtcTicks} {request.DigestPage}");
        if (!Journal.Begin(key)) return (null, new RenderError(template.Name, 0, 0, NotAgain));
        var isExhausted = true;
        try
        {
            var (result, error) = RunTemplate(request, template, jsonError);
            isExhausted = error is { IsExhausted: true };
            return (result, error);
        }
        finally
        {
            Journal.End(key, isExhausted);
        }
    }

    private (RenderResult? Result, RenderError? Error) RunTemplate(
        RenderRequest request, TemplateSource template, RenderError? jsonError)
    {
        try
        {
            var run = TemplateRun.Of(template, request, templates, qase, time);
            if (template.IsJson && !string.IsNullOrWhiteSpace(run.Text)) return FormatJson(request, run);
            var blocks = template.IsJson ? [] : new MarkdownReader(run.Tokens).Read(run.Text);
            if (blocks.Count == 0) return (null, RenderError.EmptyMessage(template.Name));
            if (jsonError is not null)
                blocks.Add(new NoteBlock([new MessageInline($"The JSON template failed, so the Markdown template was used. {jsonError}")]));
            return (new RenderResult(Format(request, blocks), jsonError) { Warnings = run.Warnings }, null);
        }
        catch (ScriptRuntimeException failure)
        {
            var isExhausted = failure is ScriptAbortException or MemoryLimitException or { InnerException: OutOfMemoryException };
            return (null, templates.ErrorAt(failure.Span, template, MessageOf(failure)) with { IsExhausted = isExhausted });
        }
        // Scriban wraps its own errors; no other error of Scriban, Markdig or a formatter may lose the message either.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return (null, new RenderError(template.Name, 0, 0, failure.Message));
        }
    }

    // Replaces messages of Scriban that only programmers understand.
    private static string MessageOf(ScriptRuntimeException error) => error switch
    {
        ScriptAbortException => "The template ran for more than two seconds and was stopped. Use fewer loop iterations.",
        _ when error.OriginalMessage.StartsWith("Exceeding number of iteration limit", StringComparison.Ordinal) =>
            "The loop was stopped after 1,000 iterations, the most that a template may run. Check that it ends.",
        _ when error.OriginalMessage.StartsWith("Range expression exceeds", StringComparison.Ordinal) =>
            "The range has more than 1,000 numbers, the maximum in a template.",
        _ when error.OriginalMessage.Contains("LimitToString", StringComparison.Ordinal)
            || error.OriginalMessage.Contains("OutputLimit", StringComparison.Ordinal) =>
            $"The text is longer than {TokenContext.MaxOutput} characters, the maximum in a template.",
        _ => error.OriginalMessage,
    };

    private (RenderResult? Result, RenderError? Error) FormatJson(RenderRequest request, TemplateRun run)
    {
        var reader = new JsonTemplateReader(run);
        try
        {
            var template = new JsonTemplate(reader.Read(), run.Tokens)
            {
                Notes = request.Notes,
                Labels = LabelsOf(request),
                Link = LinkOf(request),
                Heading = new Lazy<string?>(() => HeadingOf(request)),
            };
            var message = _formatters[request.Platform].Format(template);
            return (new RenderResult(message, null) { Warnings = [.. run.Warnings, .. template.Warnings.Select(reader.ErrorOf)] }, null);
        }
        catch (Exception failure) when (failure is JsonException or JsonTemplateException)
        {
            return (null, reader.ErrorOf(failure));
        }
    }

    private string? HeadingOf(RenderRequest request)
    {
        var markdown = templates.Find(request.TemplateSet, request.Event.Name, request.Platform).First(candidate => !candidate.IsJson);
        // Its plain text begins with the heading.
        return TryRender(request, markdown).Result?.Message.Text?.Split('\n')[0];
    }

    private ChatMessage Format(RenderRequest request, List<MessageBlock> blocks)
    {
        foreach (var note in request.Notes) blocks.Add(new NoteBlock([new MessageInline(note)]));
        var style = request.Digest is { } digest ? SeverityStyle.StyleOf(digest) : SeverityStyle.StyleOf(request.Event);
        return _formatters[request.Platform].Format(new MessageDocument(blocks, style)
        {
            Labels = LabelsOf(request),
            Link = LinkOf(request),
        });
    }

    // Only a digest of one project has one list of all its defects.
    private string? LinkOf(RenderRequest request) => request.Digest switch
    {
        null => qase.LinkOf(request.Event),
        { ProjectCount: 1, Projects: [var project] } => qase.ListLinkOf(project.ProjectCode),
        _ => null,
    };

    // A notification of a reply does not show the message that it replies to.
    private static List<string> LabelsOf(RenderRequest request)
    {
        List<string> labels = [];
        string?[] texts = request switch
        {
            { Digest: { } digest } => request.IsReply ? [] : [.. DigestWords.Labels(digest)],
            { IsReply: true } => [DefectWords.Label(request.Event)],
            _ => [request.Event.ProjectCode, request.Event.Severity?.Label],
        };
        foreach (var text in texts)
        {
            if (text is null) continue;
            var label = Graphemes.Truncate(TextCleaning.Clean(text).Replace('\n', ' ').Trim(), MaxLabel);
            if (VisibleText.IsIn(label)) labels.Add(label);
        }

        return labels;
    }
}
