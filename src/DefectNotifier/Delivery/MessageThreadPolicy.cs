using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery;

/// <summary>
/// Decides how a destination that can change messages shows a defect: first its message is made true, which may be done twice, then the event is told in its thread. Pure.
/// </summary>
internal static class MessageThreadPolicy
{
    private static readonly string ForGood = SendReason.CannotChange.Word();

    /// <summary>The next step of a delivery.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="defect">What its defect is known by.</param>
    /// <param name="known">The defect's message; null: there is none.</param>
    /// <param name="wanted">A digest of what that message should show; null: not known, and so not changed.</param>
    public static SendStep? Next(PendingDelivery delivery, Defect defect, MessageThread? known, string? wanted)
    {
        if (known?.Root is null) return MessageRefresh.Is(delivery) ? null : SendStep.Root;
        if (MayBeChanged(delivery, known) && wanted is not null && wanted != known.Shown) return SendStep.Update;
        if (!IsToldApart(delivery, defect, known)) return null;
        return known.IsUnthreaded ? SendStep.Message : SendStep.Reply;
    }

    /// <summary>True when the defect's message is to be kept true. What was refused is tried again once there is something else to show.</summary>
    public static bool MayBeChanged(PendingDelivery delivery, MessageThread known) => IsKeptTrue(delivery) && known.Locked != ForGood && delivery.Rendered is null;

    /// <summary>True when the reply to this event is shown in the channel too.</summary>
    public static bool IsBroadcast(PendingDelivery delivery, MessageThread? known) => known is { IsUnbroadcast: false } && delivery.Broadcast switch
    {
        BroadcastWhen.Always => true,
        BroadcastWhen.OnResolve => Is(delivery, DefectHistoryEntry.Resolved),
        _ => false,
    };

    /// <summary>What follows from a step.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="step">What was sent.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="shown">A digest of what the defect's message shows if it went through.</param>
    /// <param name="place">Where it was sent to.</param>
    public static StepOutcome After(PendingDelivery delivery, DeliveryStep step, SendResult result, string? shown, string place)
    {
        if (step.Defect is not { } defect || step.Kind is not { } kind) return new StepOutcome(result);
        return kind switch
        {
            SendStep.Root when result is { Outcome: SendOutcome.Delivered, Reference: { } root } => Posted(delivery, step, result, shown, new MessageThread(delivery.Defect!.Value) { Place = place, Root = root }),
            SendStep.Update => AfterUpdate(delivery, defect, step.MessageThread!, result, shown),
            SendStep.Reply when result.Outcome == SendOutcome.NotSupported => new StepOutcome(result, Without(step.MessageThread!, result.Reason), GoesOn: true),
            _ => new StepOutcome(result),
        };
    }

    private static StepOutcome Posted(PendingDelivery delivery, DeliveryStep step, SendResult result, string? shown, MessageThread posted)
    {
        var set = step.MessageThread is { } before ? before.TemplateSet : delivery.TemplateSet;
        var known = posted with { PostedBy = delivery.Id, Shown = shown, TemplateSet = set };
        return new StepOutcome(result, known, IsToldApart(delivery, step.Defect!, known));
    }

    private static StepOutcome AfterUpdate(PendingDelivery delivery, Defect defect, MessageThread known, SendResult result, string? shown)
    {
        switch (result)
        {
            case { Outcome: SendOutcome.Delivered }:
                var changed = known with { Shown = shown, Locked = null };
                return new StepOutcome(result, changed, IsToldApart(delivery, defect, changed));
            // It may have been changed, or not: it is changed once more.
            case { Outcome: SendOutcome.Ambiguous }:
                return new StepOutcome(result with { Outcome = SendOutcome.Retry });
            // Another one takes its place.
            case { Outcome: SendOutcome.NotSupported, Reason: SendReason.MessageGone }:
                return new StepOutcome(result, known with { Root = null, Shown = null, Locked = null }, GoesOn: true);
            case { Outcome: SendOutcome.NotSupported }:
                return new StepOutcome(result, known with { Locked = ForGood }, GoesOn: true);
            // That it can't show this is no reason not to tell the event: in the thread, from another template.
            case { Outcome: SendOutcome.Rejected } or { Outcome: SendOutcome.Retry, MaxAttempts: not null }:
                return new StepOutcome(
                    result with { Outcome = SendOutcome.NotSupported, MaxAttempts = null }, known with { Shown = shown, Locked = result.Reason.Word() }, GoesOn: true);
            default:
                return new StepOutcome(result);
        }
    }

    private static MessageThread Without(MessageThread known, SendReason reason) =>
        reason == SendReason.CannotBroadcast ? known with { IsUnbroadcast = true } : known with { IsUnthreaded = true };

    // Whether the event is told besides the defect's message, which stands.
    private static bool IsToldApart(PendingDelivery delivery, Defect defect, MessageThread known)
    {
        if (MessageRefresh.Is(delivery)) return false;
        // What an operator wants sent is sent, and was when it became the defect's message.
        if (delivery.Rendered is not null) return known.PostedBy != delivery.Id;
        // The message itself says so.
        var isShown = IsKeptTrue(delivery) && known.Locked is null;
        if (delivery.MessageMode == MessageMode.Update) return !isShown;
        // Posted for this event, it begins with how the defect stands.
        var isNew = known.PostedBy == delivery.Id;
        // Another event may turn out to be the beginning later, but for a creation.
        var isBeginning = defect.Opening.EventId == delivery.EventId && (isNew || Is(delivery, DefectHistoryEntry.Created));
        if (isBeginning || Is(delivery, DefectHistoryEntry.Deleted)) return !isShown && !isNew;
        return !isNew || !Is(delivery, DefectHistoryEntry.Resolved);
    }

    private static bool IsKeptTrue(PendingDelivery delivery) => delivery.MessageMode is MessageMode.ThreadAndUpdate or MessageMode.Update;

    private static bool Is(PendingDelivery delivery, string eventName) => string.Equals(delivery.EventName, eventName, StringComparison.OrdinalIgnoreCase);
}
