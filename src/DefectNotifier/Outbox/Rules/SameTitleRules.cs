using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// A new defect with the title of an earlier one joins the message of that one. This is stored before anything is sent, so every attempt
/// after it goes to the same thread.
/// </summary>
public static class SameTitleRules
{
    /// <inheritdoc cref="IOutbox.JoinMessageAsync"/>
    public static MessageThread? Join(
        IOutboxTransaction transaction, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at)
    {
        var known = transaction.FindThread(delivery.Destination, delivery.Defect!.Value);
        if (known?.Place == place) return known.RepeatOf is null ? known : Check(transaction, delivery, known);
        if (titleKey is null || transaction.FindRepeated(delivery.Destination, titleKey) is not { } earlier) return null;
        if (!IsJoinable(earlier, delivery, place)) return null;
        var joined = new MessageThread(delivery.Defect.Value)
        {
            Place = place,
            RootMessage = earlier.RootMessage,
            PostedBy = delivery.Id,
            RepeatOf = earlier.Defect.Id,
            TemplateSet = delivery.TemplateSet,
            IsUnbroadcast = earlier.IsUnbroadcast,
        };
        transaction.SaveThread(delivery.Destination, joined);
        var counted = earlier with
        {
            Repeats = earlier.Repeats + 1,
            CountedBy = PlanUpdate(transaction, delivery.Destination, earlier, at),
        };
        transaction.SaveThread(delivery.Destination, counted);
        return joined;
    }

    // Acceptance times: how long the messages waited does not matter. If the clock was set back, the earlier one may have a later time.
    private static bool IsJoinable(MessageThread earlier, PendingDelivery delivery, string place) =>
        earlier is { RootMessage: not null, Locked: null, IsUnthreaded: false }
        && earlier.Place == place
        && (delivery.ReceivedAt - earlier.ReceivedAt)?.Duration() <= delivery.RepeatWithin;

    // The joined message may be gone, or another one may have replaced it.
    private static MessageThread Check(IOutboxTransaction transaction, PendingDelivery delivery, MessageThread known)
    {
        var earlier = transaction.FindThread(delivery.Destination, known.Defect.WithId(known.RepeatOf!.Value));
        if (earlier is null || earlier.RootMessage == known.RootMessage) return known;
        var detached = known.Detached(delivery.Id);
        transaction.SaveThread(delivery.Destination, detached);
        return detached;
    }

    // Updates the count in the heading, once for all that join until then. That notifies no one.
    private static long? PlanUpdate(IOutboxTransaction transaction, string destination, MessageThread earlier, DateTimeOffset at)
    {
        if (earlier.CountedBy is { } planned && transaction.FindDelivery(planned) is { State: DeliveryState.Pending }) return planned;
        if (transaction.FindSubject(earlier.PostedBy) is not { Mode: MessageMode.ThreadAndUpdate or MessageMode.Update }) return null;
        var update = PlannedDelivery.Refresh(destination) with { Priority = DeliveryPriority.Silent };
        var number = transaction.InsertEvent(MessageRefresh.Of(earlier.Defect, [update], at))!.Value;
        transaction.News.AddPending(destination, 1);
        return transaction.InsertDelivery(number, update, DeliveryStart.Now, announceAt: null);
    }
}
