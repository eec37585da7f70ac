using System.Text.Json;
using DefectNotifier.Events;
using Scriban.Syntax;

namespace DefectNotifier.Rendering;

/// <summary>
/// Makes the message of an event for a platform: from Markdown over blocks, or from the platform's own JSON. A template that fails never eats a
/// message: a JSON template's place is taken by the Markdown one, that one's by plain words, and the error is told. Safe for many lanes at once.
/// </summary>
public sealed class MessageRenderer(TemplateStore templates, IEnumerable<IMessageFormatter> formatters, QaseOptions qase, TimeProvider time)
{
    private const string RepeatNote = "This may be a repeat: the response to an earlier attempt was lost.";
    private const string TestNote = "This is a test, sent by hand: what it says did not happen in Qase now.";

    private readonly Dictionary<ChatPlatform, IMessageFormatter> _formatters = formatters.ToDictionary(formatter => formatter.Platform);

    /// <summary>False when no message can mention anybody, because the settings name nobody.</summary>
    public bool MayNotify => templates.Options.Mentions.Count > 0;

    public RenderResult Render(RenderRequest request)
    {
        request = Complete(request);
        var candidates = templates.Find(request.TemplateSet, request.Event.Name, request.Platform).ToList();
        if (!candidates[0].IsJson) return RenderMarkdown(request, candidates[0], earlier: null);
        var (message, error) = TryRender(request, candidates[0], run => FormatJson(request, run));
        return message is null ? RenderMarkdown(request, candidates.First(candidate => !candidate.IsJson), error) : message;
    }

    // Where nothing is remembered the event alone is what is known of its defect.
    private static RenderRequest Complete(RenderRequest request)
    {
        if (!request.Event.IsDefect) return request;
        var defect = request.Defect ?? Defect.After(before: null, request.Event, eventId: "", request.ReceivedAt, body: default);
        return request with { Defect = defect, Event = defect.Complete(request.Event, request.Opening) };
    }

    /// <param name="request">What to render.</param>
    /// <param name="template">A Markdown template.</param>
    /// <param name="earlier">The error of the JSON template in whose place it stands; null: it was the first choice.</param>
    private RenderResult RenderMarkdown(RenderRequest request, StoredTemplate template, RenderError? earlier)
    {
        var (result, error) = TryRender(request, template, run => FormatMarkdown(request, run, earlier));
        return result ?? new RenderResult(Format(request, PlainMessage.Of(request.Event, qase, (earlier ?? error)!)), earlier ?? error);
    }

    private (RenderResult? Result, RenderError? Error) TryRender(RenderRequest request, StoredTemplate template, Func<TemplateRun, RenderResult?> format)
    {
        TemplateRun? run = null;
        try
        {
            run = TemplateRun.Of(template, request, templates, qase, time);
            return format(run) is { } result ? (result, null) : (null, new RenderError(template.Name, 0, 0, "The template wrote nothing."));
        }
        catch (ScriptRuntimeException failure)
        {
            return (null, templates.ErrorAt(failure.Span, template, RunErrorWords.Of(failure)));
        }
        catch (Exception failure) when (run is not null && failure is JsonException or JsonTemplateException)
        {
            return (null, run!.ErrorOf(failure));
        }
        // Scriban wraps what goes wrong inside; whatever else comes out of it, of Markdig or of a formatter must not cost the message either.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return (null, new RenderError(template.Name, 0, 0, failure.Message));
        }
    }

    private RenderResult? FormatMarkdown(RenderRequest request, TemplateRun run, RenderError? earlier)
    {
        var blocks = new MarkdownReader(run.Tokens).Read(run.Output);
        if (blocks.Count == 0) return null;
        if (earlier is not null) blocks.Add(new NoteBlock([new MessageInline($"The JSON template failed, so another one stands in. {earlier}")]));
        return new RenderResult(Format(request, blocks), earlier) { Warnings = run.Warnings };
    }

    private RenderResult? FormatJson(RenderRequest request, TemplateRun run)
    {
        if (string.IsNullOrWhiteSpace(run.Output)) return null;
        var template = new JsonTemplate(run.ReadJson(), run.Tokens)
        {
            Notes = [.. NotesOf(request)],
            Labels = LabelsOf(request.Event),
            Link = LinkOf(request.Event),
        };
        var message = _formatters[request.Platform].Format(template);
        return new RenderResult(message, null) { Warnings = [.. run.Warnings, .. template.Remarks.Select(run.ErrorOf)] };
    }

    private ChatMessage Format(RenderRequest request, List<MessageBlock> blocks)
    {
        blocks.AddRange(NotesOf(request).Select(note => new NoteBlock([new MessageInline(note)])));
        return _formatters[request.Platform].Format(new MessageDocument(blocks, SeverityStyle.ToneOf(request.Event))
        {
            Labels = LabelsOf(request.Event),
            Link = LinkOf(request.Event),
        });
    }

    private static IEnumerable<string> NotesOf(RenderRequest request)
    {
        if (request.MayBeRepeat) yield return RepeatNote;
        if (request.IsTest) yield return TestNote;
    }

    private static IReadOnlyList<string> LabelsOf(DefectEvent defectEvent) =>
        [.. new[] { defectEvent.ProjectCode, defectEvent.Severity?.Label }.OfType<string>()
            .Select(label => Graphemes.Truncate(TextCleaning.Clean(label).Replace('\n', ' ').Trim(), 40)).Where(label => label.Length > 0)];

    private string? LinkOf(DefectEvent defectEvent) =>
        defectEvent.IsDefect && SafeUrl.TryCreate(qase.UrlOf(defectEvent.ProjectCode, defectEvent.SubjectId), out var url) ? url : null;
}
