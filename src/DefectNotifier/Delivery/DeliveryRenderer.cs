using System.Collections.ObjectModel;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;

namespace DefectNotifier.Delivery;

/// <summary>
/// Makes the message of a delivery when its turn comes, with the templates of that moment and what its defect is known by then. That no message could be made would
/// be a bug of ours, and costs this delivery, not the lane.
/// </summary>
internal sealed class DeliveryRenderer(Destination destination, Func<PipelineConfiguration> current, IOutbox outbox, LaneReporter reporter)
{
    private (long DeliveryId, Task<RenderedDelivery> Rendering)? _prepared;

    /// <param name="delivery">The delivery; one that an operator wants as it was rendered is taken so.</param>
    /// <param name="markRepeat">Whether the message says that it may be a repeat.</param>
    /// <exception cref="OutboxUnavailableException">What is remembered of its defect can't be read now.</exception>
    public Task<RenderedDelivery> RenderAsync(PendingDelivery delivery, bool markRepeat)
    {
        var prepared = _prepared;
        _prepared = null;
        return !markRepeat && prepared is { } made && made.DeliveryId == delivery.Id ? made.Rendering : MakeAsync(delivery, markRepeat);
    }

    /// <summary>Begins to make the message of the one that comes next, while the one before it is on its way.</summary>
    public void Prepare(PendingDelivery delivery) => _prepared = (delivery.Id, MakeAsync(delivery, markRepeat: false));

    /// <summary>What was prepared is not needed.</summary>
    public async Task AbandonAsync()
    {
        if (_prepared is { } prepared) await ((Task)prepared.Rendering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _prepared = null;
    }

    // Not cancelled: an attempt may have begun, and the reading is short.
    private async Task<RenderedDelivery> MakeAsync(PendingDelivery delivery, bool markRepeat)
    {
        if (delivery.Rendered is { } json) return new RenderedDelivery(new ChatMessage(destination.Platform, json), Refusal: null);
        var defect = delivery.Defect is { } key ? await outbox.ReadDefectAsync(key, CancellationToken.None) : null;
        try
        {
            var parsed = WebhookParser.Parse(delivery.Body, delivery.Source);
            if (!parsed.IsEvent) return Unusable(parsed.Fault.Code);
            var names = await ReadNamesAsync(parsed.Event, defect);
            return new RenderedDelivery(Render(delivery, parsed.Event, defect, names, markRepeat), Refusal: null);
        }
        catch (Exception fault) when (fault is not (OutOfMemoryException or OutboxUnavailableException))
        {
            reporter.TellNotRendered(delivery.EventId, fault);
            return Unusable(fault.GetType().Name);
        }
    }

    // Nothing is read where nobody is asked for names.
    private async Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(DefectEvent defectEvent, Defect? defect)
    {
        if (current().Accounts.For(defectEvent.Source) is null) return ReadOnlyDictionary<long, string>.Empty;
        var ids = defect?.TeamMembers.ToHashSet() ?? [];
        if (defectEvent.TeamMemberId is > 0 and var member) ids.Add(member);
        return ids.Count == 0 ? ReadOnlyDictionary<long, string>.Empty : await outbox.ReadNamesAsync(defectEvent.Source, ids, CancellationToken.None);
    }

    private ChatMessage Render(PendingDelivery delivery, DefectEvent defectEvent, Defect? defect, IReadOnlyDictionary<long, string> names, bool markRepeat)
    {
        var configuration = current();
        var rendered = configuration.Renderer.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            Names = names,
            ReceivedAt = delivery.ReceivedAt,
            Platform = destination.Platform,
            TemplateSet = delivery.TemplateSet,
            MayBeRepeat = markRepeat,
        });
        if (rendered.Fault is { } fault) reporter.TellTemplateFault(delivery.EventId, fault);
        return rendered.Message with { Version = configuration.Version };
    }

    private static RenderedDelivery Unusable(string why) =>
        new(Message: null, new SendResult(Fate.Refused, SendReason.InvalidMessage) { Detail = "no message could be made of the stored event: " + why });
}
