using Scriban;
using Scriban.Syntax;

namespace DefectNotifier.Rendering;

/// <summary>
/// Makes the message of an event for a platform: template, Markdown, blocks, platform JSON. A template that fails never eats a
/// message: plain words stand in and the fault is told. Safe for many lanes at once.
/// </summary>
public sealed class MessageRenderer(TemplateStore templates, IEnumerable<IMessageFormatter> formatters, QaseOptions qase, TimeProvider time)
{
    /// <summary>One rendering may take so long; an honest one takes a few hundredths of a millisecond.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A rendering that ran out of time gets a second try with this: on a busy machine an honest one, above all the first of a process, which also waits for
    /// its code to be compiled, must not be taken for one that runs away.
    /// </summary>
    private static readonly TimeSpan SecondLimit = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ChatPlatform, IMessageFormatter> _formatters = formatters.ToDictionary(formatter => formatter.Platform);

    public RenderResult Render(RenderRequest request)
    {
        var (blocks, fault) = ReadBlocks(request);
        if (request.MayBeRepeat)
            blocks.Add(new NoteBlock([new MessageInline("This may be a repeat: the answer to an earlier attempt was lost.")]));
        if (request.IsTest)
            blocks.Add(new NoteBlock([new MessageInline("This is a test, sent by hand: what it says did not happen in Qase now.")]));
        var document = new MessageDocument(blocks, SeverityLooks.ToneOf(request.Event));
        return new RenderResult(_formatters[request.Platform].Format(document), fault);
    }

    private (List<MessageBlock> Blocks, RenderFault? Fault) ReadBlocks(RenderRequest request)
    {
        var (name, template) = templates.Find(request.TemplateSet, request.Event.Name);
        var fault = new RenderFault(name, 0, 0, "The template wrote nothing.");
        try
        {
            var blocks = Run(request, template);
            if (blocks.Count > 0) return (blocks, null);
        }
        catch (ScriptRuntimeException failure)
        {
            fault = FaultOf(name, failure);
        }
        // Scriban wraps what goes wrong inside; whatever else comes out of it or of Markdig must not cost the message either.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            fault = new RenderFault(name, 0, 0, failure.Message);
        }

        return (PlainMessage.Of(request.Event, qase, fault), fault);
    }

    private List<MessageBlock> Run(RenderRequest request, Template template)
    {
        try
        {
            return Run(request, template, Limit);
        }
        catch (ScriptAbortException)
        {
            return Run(request, template, SecondLimit);
        }
    }

    private List<MessageBlock> Run(RenderRequest request, Template template, TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit, time);
        var tokens = new ValueTokens();
        var context = new TokenContext(BuiltIns.Shared, TemplateModel.Of(request.Event, request.ReceivedAt, qase), tokens, stop.Token);
        foreach (var (include, parsed) in templates.Includes(request.TemplateSet)) context.CachedTemplates[include] = parsed;
        return [.. new MarkdownReader(tokens).Read(template.Render(context))];
    }

    private static RenderFault FaultOf(string name, ScriptRuntimeException failure)
    {
        var place = failure.Span.FileName is { Length: > 0 } file ? file : name;
        return new RenderFault(place, failure.Span.Start.Line + 1, failure.Span.Start.Column + 1, failure.OriginalMessage);
    }
}
