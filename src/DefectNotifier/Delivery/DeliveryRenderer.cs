using System.Collections.ObjectModel;
using System.Security.Cryptography;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;

namespace DefectNotifier.Delivery;

/// <summary>
/// Makes the message of a delivery when its turn comes, with the templates of that moment and what its defect is known by then. That no message could be made would
/// be a bug of ours, and costs this delivery, not the lane.
/// </summary>
internal sealed class DeliveryRenderer(Destination destination, Func<PipelineConfiguration> current, IOutbox outbox, LaneReporter reporter)
{
    /// <param name="delivery">The delivery; one that an operator wants as it was rendered is taken so.</param>
    /// <param name="step">What of it is sent.</param>
    /// <param name="markRepeat">Whether the message says that it may be a repeat.</param>
    /// <exception cref="OutboxUnavailableException">What is remembered of its defect can't be read now.</exception>
    public Task<RenderedDelivery> RenderAsync(PendingDelivery delivery, DeliveryStep step, bool markRepeat) =>
        step.Kind is SendStep.Root or SendStep.Update ? MakeRootAsync(delivery, step, markRepeat) : MakeAsync(delivery, step.Defect, markRepeat);

    /// <summary>A digest of what the message of a defect should show; null when none could be made.</summary>
    /// <exception cref="OutboxUnavailableException">Names can't be read now.</exception>
    public async Task<string?> DigestOfRootAsync(PendingDelivery delivery, Defect defect, MessageThread known) => DigestOf(
        (await MakeRootAsync(delivery, new DeliveryStep(SendStep.Update) { Defect = defect, MessageThread = known }, isQuiet: true, markRepeat: false, isSent: false)).Message);

    // Not cancelled: an attempt may have begun, and the reading is short.
    private async Task<RenderedDelivery> MakeAsync(PendingDelivery delivery, Defect? known, bool markRepeat)
    {
        if (Kept(delivery) is { } kept) return new RenderedDelivery(kept, Refusal: null);
        var defect = known ?? (delivery.Defect is { } key ? await outbox.ReadDefectAsync(key, CancellationToken.None) : null);
        return await MakeAsync(delivery, delivery.Body, defect, isSent: true, parsed => new RenderRequest
        {
            Event = parsed,
            ReceivedAt = delivery.ReceivedAt,
            Platform = destination.Platform,
            TemplateSet = delivery.TemplateSet,
            MayBeRepeat = markRepeat,
        });
    }

    // The message of a defect is that of the event which it began with, and says how the defect stands now.
    private async Task<RenderedDelivery> MakeRootAsync(PendingDelivery delivery, DeliveryStep step, bool markRepeat)
    {
        if (Kept(delivery) is { } kept) return new RenderedDelivery(kept, Refusal: null) { Shown = DigestOf(kept) };
        var made = await MakeRootAsync(delivery, step, step.IsQuiet, markRepeat, isSent: true);
        // Later it is compared with what it would be brought up to date to, which mentions nobody and is no repeat.
        var isFinal = (step.IsQuiet && !markRepeat) || made.Message is null || (!markRepeat && !current().Renderer.MayNotify);
        return made with { Shown = DigestOf((isFinal ? made : await MakeRootAsync(delivery, step, isQuiet: true, markRepeat: false, isSent: false)).Message) };
    }

    private Task<RenderedDelivery> MakeRootAsync(PendingDelivery delivery, DeliveryStep step, bool isQuiet, bool markRepeat, bool isSent) =>
        MakeAsync(delivery, step.Defect!.Opening.Body, step.Defect, isSent, parsed => new RenderRequest
        {
            Event = parsed,
            ReceivedAt = step.Defect.Opening.ReceivedAt,
            Platform = destination.Platform,
            TemplateSet = step.MessageThread is { } known ? known.TemplateSet : delivery.TemplateSet,
            MayBeRepeat = markRepeat,
            WithoutMentions = isQuiet,
        });

    private async Task<RenderedDelivery> MakeAsync(
        PendingDelivery delivery, ReadOnlyMemory<byte> body, Defect? defect, bool isSent, Func<DefectEvent, RenderRequest> request)
    {
        // A template may take its time, but not that of the thread that polls the sockets, on which a lane goes on after a answer.
        if (!Thread.CurrentThread.IsThreadPoolThread) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var parsed = WebhookParser.Parse(body, delivery.Source);
            if (!parsed.IsEvent) return Unusable(parsed.Error.Code);
            var names = await ReadNamesAsync(parsed.Event, defect);
            return new RenderedDelivery(Render(delivery, request(parsed.Event) with { Defect = defect, Names = names }, isSent), Refusal: null);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OutboxUnavailableException))
        {
            reporter.TellNotRendered(delivery.EventId, error);
            return Unusable(error.GetType().Name);
        }
    }

    // Nothing is read where nobody is asked for names.
    private async Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(DefectEvent defectEvent, Defect? defect)
    {
        if (current().Accounts.For(defectEvent.Source) is null) return ReadOnlyDictionary<long, string>.Empty;
        var ids = defect?.TeamMembers().ToHashSet() ?? [];
        if (defectEvent.TeamMemberId is > 0 and var member) ids.Add(member);
        return ids.Count == 0 ? ReadOnlyDictionary<long, string>.Empty : await outbox.ReadNamesAsync(defectEvent.Source, ids, CancellationToken.None);
    }

    private ChatMessage Render(PendingDelivery delivery, RenderRequest request, bool isSent)
    {
        var configuration = current();
        var rendered = configuration.Renderer.Render(request);
        // One that is only compared would be told of once more each time.
        if (isSent && rendered.Error is { } error) reporter.TellTemplateError(delivery.EventId, error);
        return rendered.Message with { Version = configuration.Version };
    }

    private ChatMessage? Kept(PendingDelivery delivery) => delivery.Rendered is { } json ? new ChatMessage(destination.Platform, json) : null;

    private static string? DigestOf(ChatMessage? message) => message is null ? null : Convert.ToHexStringLower(SHA256.HashData(message.Json.Span).AsSpan(0, 16));

    private static RenderedDelivery Unusable(string why) =>
        new(Message: null, new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "no message could be made of the stored event: " + why });
}
