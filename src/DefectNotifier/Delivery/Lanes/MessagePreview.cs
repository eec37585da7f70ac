using DefectNotifier.Delivery.Sending;
using DefectNotifier.Delivery.Threads;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Renders the message of a stored delivery with the present templates and the present state of its defect, for operators. Sends and stores
/// nothing.
/// </summary>
/// <param name="outbox">The outbox.</param>
/// <param name="current">The active configuration.</param>
public sealed class MessagePreview(IOutbox outbox, Func<PipelineConfiguration> current)
{
    /// <summary>Of a digest: its message in the channel. Of a delivery in several steps: what its last step sent.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="history">Its attempts.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Null: its destination is not configured any more, or its event can't be read.</returns>
    /// <exception cref="OutboxUnavailableException">The store can't be read now.</exception>
    public async Task<ChatMessage?> RenderAsync(
        PendingDelivery delivery, IReadOnlyList<StoredAttempt> history, CancellationToken cancellationToken)
    {
        var destination = current().Destinations.FirstOrDefault(one =>
            string.Equals(one.Name, delivery.Destination, StringComparison.OrdinalIgnoreCase));
        if (destination is null) return null;
        var renderer = new DeliveryRenderer(destination, current, outbox, NoReports.Instance);
        if (OwnEvents.IsDigest(delivery.EventName))
        {
            return await outbox.ReadDigestAsync(delivery.Id, cancellationToken) is { } view
                ? renderer.RenderDigest(delivery, view.Contents)[0].Message
                : null;
        }

        var known = delivery.Defect is { } key
            ? await outbox.ReadContextAsync(destination.Name, key, cancellationToken)
            : new DefectContext(Defect: null, Thread: null);
        var isThreaded = MessageThreadPolicy.Applies(destination, delivery) && known.Defect is not null;
        var context = new DeliveryContext(delivery, known.Defect, isThreaded ? known.Thread : null, isThreaded);
        return (await renderer.RenderAsync(context, StepOf(context, history), markRepeat: false)).Message;
    }

    // Without an attempt, the step that would be next. When nothing has to be sent, the defect's message as it is.
    private static DeliveryStep StepOf(DeliveryContext context, IReadOnlyList<StoredAttempt> history)
    {
        if (!context.IsThreaded) return DeliveryStep.Plain;
        SendStep? sent = history is [.., var last]
            ? last.Step
            : MessageThreadPolicy.Plan(context.Delivery, context.Defect, context.Thread, current: null).Kind;
        return new DeliveryStep(sent ?? SendStep.Update) { Defect = context.Defect, MessageThread = context.Thread };
    }

    private sealed class NoReports : IRenderReports
    {
        public static readonly NoReports Instance = new();

        public void ReportTemplateError(string eventId, RenderError error)
        {
        }

        public void ReportRenderFailure(string eventId, Exception error)
        {
        }
    }
}
