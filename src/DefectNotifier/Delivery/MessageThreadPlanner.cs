using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery;

/// <summary>Finds out what a delivery's next step is, from what is known of its defect and of the message that stands for it.</summary>
internal sealed class MessageThreadPlanner(Destination destination, IOutbox outbox, DeliveryRenderer renderer)
{
    /// <summary>Where the destination posts, in its sender's words; empty where messages are not found again.</summary>
    public string Place => (destination.Sender as IThreadedSender)?.Place ?? "";

    /// <summary>True when the delivery may be more than its event's own message.</summary>
    public bool Leads(PendingDelivery delivery) => MessageRefresh.Is(delivery) || MayConverse(delivery);

    /// <exception cref="OutboxUnavailableException">It can't be read now.</exception>
    public async Task<DeliveryStep> NextAsync(PendingDelivery delivery)
    {
        // It says nothing by itself.
        var otherwise = MessageRefresh.Is(delivery) ? new DeliveryStep(null) : DeliveryStep.Plain;
        if (!MayConverse(delivery)) return otherwise;
        // Not cancelled: both are short reads by a key.
        var defect = await outbox.ReadDefectAsync(delivery.Defect!.Value, CancellationToken.None);
        // Accepted before defects were remembered.
        if (defect is null) return otherwise;
        var known = await outbox.ReadThreadAsync(destination.Name, delivery.Defect.Value, CancellationToken.None);
        if (known?.Place != Place) known = null;
        var wanted = known?.Root is not null && MessageThreadPolicy.MayBeChanged(delivery, known) ? await renderer.DigestOfRootAsync(delivery, defect, known) : null;
        return new DeliveryStep(MessageThreadPolicy.Next(delivery, defect, known, wanted))
        {
            Defect = defect,
            MessageThread = known,
            IsBroadcast = MessageThreadPolicy.IsBroadcast(delivery, known),
        };
    }

    private bool MayConverse(PendingDelivery delivery) =>
        destination.Sender is IThreadedSender && delivery.MessageMode != MessageMode.Post && delivery.Defect is not null;
}
