using System.Collections.ObjectModel;
using System.Security.Cryptography;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Renders the message of a delivery when it is sent, with the current templates and what is known of its defect by then. A message that
/// can't be rendered is a bug: its delivery becomes a dead letter, and the lane continues.
/// </summary>
internal sealed class DeliveryRenderer(Destination destination, Func<PipelineConfiguration> current, IOutbox outbox, IRenderReports reports)
{
    /// <param name="context">The delivery; if an operator asked for its stored message, that one is used.</param>
    /// <param name="step">What is sent.</param>
    /// <param name="markRepeat">True: the message says that it may be a repeat.</param>
    /// <exception cref="OutboxUnavailableException">Names can't be read now.</exception>
    public async Task<RenderedDelivery> RenderAsync(DeliveryContext context, DeliveryStep step, bool markRepeat)
    {
        var rendered = await RenderStepAsync(context, step, markRepeat);
        if (rendered.TemplateError is { } error) reports.ReportTemplateError(context.Delivery.EventId, error);
        return rendered;
    }

    /// <summary>
    /// The defect's message as it should be now: its opening event with the defect's current state. It notifies no one.
    /// </summary>
    /// <exception cref="OutboxUnavailableException">Names can't be read now.</exception>
    public async Task<RenderedDelivery> RenderCurrentRootAsync(DeliveryContext context)
    {
        if (context.CurrentRoot is { } known && known.Version == current().Version) return known;
        var rendered = await RenderRootAsync(context, isQuiet: true, markRepeat: false);
        return context.CurrentRoot = rendered with { Shown = DigestOf(rendered.Message) };
    }

    /// <summary>
    /// The messages of a digest as they should be now, the one in the channel first, without notifications.
    /// </summary>
    public IReadOnlyList<RenderedDelivery> RenderDigest(PendingDelivery delivery, DigestContents contents) =>
        [.. Enumerable.Range(0, contents.Replies + 1)
            .Select(page => RenderDigest(delivery, contents, page, isQuiet: true, markRepeat: false))];

    /// <summary>The message of a digest in the channel when it is posted.</summary>
    /// <param name="delivery">The delivery of the digest; if an operator asked for its stored message, that one is used.</param>
    /// <param name="contents">What it shows.</param>
    /// <param name="quiet">The message without notifications.</param>
    /// <param name="markRepeat">True: the message says that it may be a repeat.</param>
    public RenderedDelivery RenderNewDigest(
        PendingDelivery delivery, DigestContents contents, RenderedDelivery quiet, bool markRepeat)
    {
        if (delivery.Rendered is { } stored)
            return new RenderedDelivery(new ChatMessage(destination.Platform, stored), Rejection: null);
        return markRepeat || current().Renderer.MayNotify
            ? RenderDigest(delivery, contents, page: 0, isQuiet: false, markRepeat)
            : quiet;
    }

    private RenderedDelivery RenderDigest(PendingDelivery delivery, DigestContents contents, int page, bool isQuiet, bool markRepeat)
    {
        var configuration = current();
        try
        {
            var rendered = Render(configuration, new RenderRequest
            {
                Event = WebhookParser.Parse(delivery.Body, delivery.Source).Event!,
                Digest = contents,
                DigestPage = page,
                ReceivedAt = delivery.ReceivedAt,
                Platform = destination.Platform,
                TimeZone = destination.TimeZone,
                IsReply = page > 0,
                MayBeRepeat = markRepeat,
                WithoutMentions = isQuiet,
            });
            if (rendered.TemplateError is { } error) reports.ReportTemplateError(delivery.EventId, error);
            return rendered with { Shown = DigestOf(rendered.Message) };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            reports.ReportRenderFailure(delivery.EventId, error);
            return Unusable(error.GetType().Name, configuration);
        }
    }

    private async Task<RenderedDelivery> RenderStepAsync(DeliveryContext context, DeliveryStep step, bool markRepeat)
    {
        var isRoot = step.Kind is SendStep.RootMessage or SendStep.Update;
        var isAnnouncement = context.Delivery.Kind == DeliveryKind.Announcement && context.Defect is not null;
        if (context.Delivery.Rendered is { } stored)
        {
            var message = new ChatMessage(destination.Platform, stored);
            return new RenderedDelivery(message, Rejection: null) { Shown = isRoot ? DigestOf(message) : null };
        }

        // A separate message that announces the defect has the same text as the message of the defect.
        if (!isRoot && isAnnouncement) return await RenderRootAsync(context, isQuiet: false, markRepeat);
        if (!isRoot)
        {
            return await RenderAsync(context, () => context.Event, parsed => new RenderRequest
            {
                Event = parsed,
                Opening = context.Defect is null ? null : context.Opening.Event,
                ReceivedAt = context.Delivery.ReceivedAt,
                Platform = destination.Platform,
                TemplateSet = context.Delivery.TemplateSet,
                // In the thread of another defect, a message has to say which defect it is about.
                IsReply = step is { Kind: SendStep.Reply, MessageThread.RepeatOf: null },
                MayBeRepeat = markRepeat,
            });
        }

        var currentRoot = await RenderCurrentRootAsync(context);
        if (!markRepeat && (step.IsQuiet || !current().Renderer.MayNotify)) return currentRoot;
        // The digest is that of the quiet message without the note of a repeat: later messages are compared with it.
        return await RenderRootAsync(context, step.IsQuiet, markRepeat) with { Shown = currentRoot.Shown };
    }

    private Task<RenderedDelivery> RenderRootAsync(DeliveryContext context, bool isQuiet, bool markRepeat) =>
        RenderAsync(context, () => context.Opening, parsed => new RenderRequest
        {
            Event = parsed,
            Opening = parsed,
            ReceivedAt = context.Defect!.Opening.ReceivedAt,
            Platform = destination.Platform,
            TemplateSet = context.Thread is { } known ? known.TemplateSet : context.Delivery.TemplateSet,
            Repeats = context.Thread?.Repeats ?? 0,
            MayBeRepeat = markRepeat,
            WithoutMentions = isQuiet,
        });

    // Not cancelled: an attempt may have started, and reading the names is quick.
    private async Task<RenderedDelivery> RenderAsync(
        DeliveryContext context, Func<WebhookParseResult> parse, Func<DefectEvent, RenderRequest> request)
    {
        var configuration = current();
        try
        {
            var parsed = parse();
            if (!parsed.IsEvent) return Unusable(parsed.Error.Code, configuration);
            context.Names ??= await ReadNamesAsync(context, parsed.Event, configuration);
            return Render(configuration, request(parsed.Event) with
            {
                Defect = context.Defect,
                Names = context.Names,
                TimeZone = destination.TimeZone,
            });
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OutboxUnavailableException))
        {
            reports.ReportRenderFailure(context.Delivery.EventId, error);
            return Unusable(error.GetType().Name, configuration);
        }
    }

    private static RenderedDelivery Render(PipelineConfiguration configuration, RenderRequest request)
    {
        var rendered = configuration.Renderer.Render(request);
        return new RenderedDelivery(rendered.Message with { Version = configuration.Version }, Rejection: null)
        {
            Version = configuration.Version,
            TemplateError = rendered.Error,
        };
    }

    // Nothing is read where no Qase account is configured.
    private async Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        DeliveryContext context, DefectEvent rendered, PipelineConfiguration configuration)
    {
        if (configuration.Accounts.For(rendered.Source) is null) return ReadOnlyDictionary<long, string>.Empty;
        var ids = context.Defect?.TeamMembers().ToHashSet() ?? [];
        foreach (var one in (DefectEvent?[])[rendered, context.Event.Event])
            if (one?.TeamMemberId is > 0 and var member) ids.Add(member);
        if (ids.Count == 0) return ReadOnlyDictionary<long, string>.Empty;
        return await outbox.ReadNamesAsync(rendered.Source, ids, CancellationToken.None);
    }

    private static string? DigestOf(ChatMessage? message) =>
        message is null ? null : Convert.ToHexStringLower(SHA256.HashData(message.Json.Span).AsSpan(0, 16));

    private static RenderedDelivery Unusable(string why, PipelineConfiguration configuration)
    {
        var detail = "the stored event could not be rendered: " + why;
        var rejection = new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = detail };
        return new RenderedDelivery(Message: null, rejection) { Version = configuration.Version };
    }
}

/// <summary>What is reported of renderings.</summary>
internal interface IRenderReports
{
    /// <summary>Another template was used instead.</summary>
    void ReportTemplateError(string eventId, RenderError error);

    /// <summary>A bug: there is no message.</summary>
    void ReportRenderFailure(string eventId, Exception error);
}
