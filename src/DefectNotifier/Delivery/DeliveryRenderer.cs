using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;

namespace DefectNotifier.Delivery;

/// <summary>Makes the message of a delivery when its turn comes, with the templates of that moment.</summary>
internal sealed class DeliveryRenderer(Destination destination, Func<PipelineConfiguration> current, LaneReporter reporter)
{
    /// <summary>Never throws: that no message could be made would be a bug of ours, and must cost this delivery, not the lane.</summary>
    /// <param name="delivery">The delivery; one that an operator wants as it was rendered is taken so.</param>
    /// <param name="defect">What is remembered of its defect by now; null: nothing.</param>
    /// <param name="markRepeat">Whether the message says that it may be a repeat.</param>
    public RenderedDelivery Render(PendingDelivery delivery, Defect? defect, bool markRepeat)
    {
        if (delivery.Rendered is { } json) return new RenderedDelivery(new ChatMessage(destination.Platform, json), Refusal: null);
        try
        {
            var parsed = WebhookParser.Parse(delivery.Body, delivery.Source);
            return parsed.IsEvent ? new RenderedDelivery(Render(delivery, parsed.Event, defect, markRepeat), Refusal: null) : Unusable(parsed.Fault.Code);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            reporter.TellNotRendered(delivery.EventId, fault);
            return Unusable(fault.GetType().Name);
        }
    }

    private ChatMessage Render(PendingDelivery delivery, DefectEvent defectEvent, Defect? defect, bool markRepeat)
    {
        var configuration = current();
        var rendered = configuration.Renderer.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
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
