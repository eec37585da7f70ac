using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Threads;

/// <summary>
/// Decides how a destination with threads shows a defect: first the defect's message is updated, which may be done twice; then
/// the event is posted as a reply in its thread. Pure.
/// </summary>
internal static class MessageThreadPolicy
{
    private const SendReason Permanently = SendReason.CannotChange;

    /// <summary>
    /// True when the delivery may share a message with other events of its defect; false when it is always its event's own message.
    /// </summary>
    public static bool Applies(Destination destination, PendingDelivery delivery) =>
        destination.Sender is IThreadedSender && delivery.MessageMode != MessageMode.Post && delivery.Defect is not null;

    /// <summary>The next step of a delivery.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="defect">What is known of its defect; null: it does not share a message.</param>
    /// <param name="known">The defect's message; null: there is none.</param>
    /// <param name="current">A digest of what that message should show now; null: not known, so the message is not updated.</param>
    public static DeliveryStep Plan(PendingDelivery delivery, Defect? defect, MessageThread? known, string? current)
    {
        if (defect is null) return delivery.Kind == DeliveryKind.Refresh ? new DeliveryStep(null) : DeliveryStep.Plain;
        return new DeliveryStep(KindOf(delivery, defect, known, current))
        {
            Defect = defect,
            MessageThread = known,
            Target = known?.RootMessage,
            IsBroadcast = IsBroadcast(delivery, known),
        };
    }

    /// <summary>
    /// True when the defect may join the message of another one with the same title. What may have been posted already is looked up where
    /// it was sent.
    /// </summary>
    public static bool MayJoin(PendingDelivery delivery, MessageThread? known) =>
        delivery is { Kind: not DeliveryKind.Refresh, MayBeRepeat: false, Rendered: null }
        && (known is null ? delivery.RepeatWithin is not null : known.RepeatOf is not null);

    /// <summary>True when the defect's message is to be compared with what it should show.</summary>
    public static bool MayUpdate(PendingDelivery delivery, MessageThread? known) =>
        known is { RootMessage: not null, RepeatOf: null } && IsUpdated(delivery)
        && known.Locked != Permanently && delivery.Rendered is null;

    /// <summary>True for a message that is rendered now and is not changed later.</summary>
    public static bool IsFinal(PendingDelivery delivery, SendStep kind) =>
        delivery.Rendered is null
        && (kind is SendStep.Message or SendStep.Reply || (kind == SendStep.RootMessage && !IsUpdated(delivery)));

    /// <summary>What follows from a step.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="step">What was sent.</param>
    /// <param name="result">The result of the send.</param>
    /// <param name="shown">A digest of what the defect's message shows if the send succeeded.</param>
    /// <param name="place">The channel that it was sent to.</param>
    public static StepOutcome After(PendingDelivery delivery, DeliveryStep step, SendResult result, string? shown, string place)
    {
        if (step.Defect is not { } defect || step.Kind is not { } kind) return new StepOutcome(result);
        switch (kind)
        {
            case SendStep.RootMessage when result is { Outcome: SendOutcome.Delivered, Reference: { } root }:
                var posted = new MessageThread(delivery.Defect!.Value)
                {
                    Place = place,
                    RootMessage = root,
                    PostedBy = delivery.Id,
                    TitleKey = delivery.RepeatWithin is null ? null : MessageThread.TitleKeyOf(delivery.Defect.Value, defect.Title),
                    ReceivedAt = delivery.RepeatWithin is null ? null : delivery.ReceivedAt,
                    Repeats = step.MessageThread?.Repeats ?? 0,
                    Shown = shown,
                    TemplateSet = step.MessageThread is { } before ? before.TemplateSet : delivery.TemplateSet,
                };
                return new StepOutcome(result, posted, NeedsOwnMessage(delivery, defect, posted));
            case SendStep.Update:
                return AfterUpdate(delivery, defect, step.MessageThread!, result, shown);
            case SendStep.Reply when result.Outcome == SendOutcome.NotSupported:
                return new StepOutcome(result, Without(delivery, step.MessageThread!, result.Reason), GoesOn: true);
            case SendStep.Reply when step.MessageThread is { RepeatOf: { } other } && result.Reason == SendReason.Ok:
                var detail = $"{delivery.Defect!.Value.ProjectCode} D-{other}".TrimStart();
                return new StepOutcome(result with { Reason = SendReason.SameTitle, Detail = detail });
            default:
                return new StepOutcome(result);
        }
    }

    private static SendStep? KindOf(PendingDelivery delivery, Defect defect, MessageThread? known, string? current)
    {
        if (known?.RootMessage is null) return delivery.Kind == DeliveryKind.Refresh ? null : SendStep.RootMessage;
        if (MayUpdate(delivery, known) && current is not null && current != known.Shown) return SendStep.Update;
        if (!NeedsOwnMessage(delivery, defect, known)) return null;
        return known.IsUnthreaded ? SendStep.Message : SendStep.Reply;
    }

    private static StepOutcome AfterUpdate(PendingDelivery delivery, Defect defect, MessageThread known, SendResult result, string? shown)
    {
        switch (result)
        {
            case { Outcome: SendOutcome.Delivered }:
                var updated = known with { Shown = shown, Locked = null };
                return new StepOutcome(result, updated, NeedsOwnMessage(delivery, defect, updated));
            // The message may or may not have been updated: update it again.
            case { Outcome: SendOutcome.Ambiguous }:
                return new StepOutcome(result with { Outcome = SendOutcome.Retry });
            // Post another message in its place.
            case { Outcome: SendOutcome.NotSupported, Reason: SendReason.MessageGone }:
                return new StepOutcome(result, known with { RootMessage = null, Shown = null, Locked = null }, GoesOn: true);
            case { Outcome: SendOutcome.NotSupported }:
                return new StepOutcome(result, known with { Locked = Permanently }, GoesOn: true);
            // The message can't show this content. The event is still posted in the thread, from another template.
            case { Outcome: SendOutcome.Rejected } or { Outcome: SendOutcome.Retry, MaxAttempts: not null }:
                var locked = known with { Shown = shown, Locked = result.Reason };
                return new StepOutcome(result with { Outcome = SendOutcome.NotSupported, MaxAttempts = null }, locked, GoesOn: true);
            default:
                return new StepOutcome(result);
        }
    }

    private static MessageThread Without(PendingDelivery delivery, MessageThread known, SendReason reason)
    {
        if (reason == SendReason.CannotBroadcast) return known with { IsUnbroadcast = true };
        return known.RepeatOf is null ? known with { IsUnthreaded = true } : known.Detached(delivery.Id);
    }

    // True when the defect's message does not show the event, so that it needs a message of its own.
    private static bool NeedsOwnMessage(PendingDelivery delivery, Defect defect, MessageThread known)
    {
        // The message is that of another defect, so each event is posted in its thread.
        if (known.RepeatOf is not null) return delivery.Kind != DeliveryKind.Refresh;
        // An announcement is the defect's message, or is shown by the one that is there.
        if (delivery.Kind is DeliveryKind.Refresh or DeliveryKind.Announcement) return false;
        // An operator asked for the stored message to be sent; it was sent already if it became the defect's message.
        if (delivery.Rendered is not null) return known.PostedBy != delivery.Id;
        var isShown = IsUpdated(delivery) && known.Locked is null;
        if (delivery.MessageMode == MessageMode.Update) return !isShown;
        // A message that this delivery posted already shows the defect's current state.
        var isNew = known.PostedBy == delivery.Id;
        // The beginning and the end of a defect are in its message. A second creation is the same beginning; any other first event may turn
        // out later not to be it.
        var isBeginning = Is(delivery, DefectHistoryEntry.Created) || (isNew && defect.Opening.EventId == delivery.EventId);
        if (isBeginning || Is(delivery, DefectHistoryEntry.Deleted)) return !isShown && !isNew;
        return !isNew || !Is(delivery, DefectHistoryEntry.Resolved);
    }

    private static bool IsBroadcast(PendingDelivery delivery, MessageThread? known)
    {
        if (known is not { IsUnbroadcast: false }) return false;
        return delivery.Broadcast == BroadcastWhen.Always
            || (delivery.Broadcast == BroadcastWhen.OnResolve && Is(delivery, DefectHistoryEntry.Resolved));
    }

    private static bool IsUpdated(PendingDelivery delivery) => delivery.MessageMode is MessageMode.ThreadAndUpdate or MessageMode.Update;

    private static bool Is(PendingDelivery delivery, string eventName) =>
        string.Equals(delivery.EventName, eventName, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What follows from a step.</summary>
/// <param name="Result">The send's result, as it counts for the delivery.</param>
/// <param name="MessageThread">The defect's message from now on; null: as before.</param>
/// <param name="GoesOn">True when the delivery continues with another step.</param>
internal sealed record StepOutcome(SendResult Result, MessageThread? MessageThread = null, bool GoesOn = false)
{
    /// <summary>The digest after the step; null: the delivery is not a digest.</summary>
    public Digest? Digest { get; init; }
}
