using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// What happened to a delivery, and what to do about it, each in one sentence. Commands and the operations API show the same sentences, so
/// they name no command.
/// </summary>
/// <param name="lanes">The state of each destination.</param>
/// <param name="optionsOf">The settings of a destination; null: not known.</param>
/// <param name="platformOf">The platform of a destination; null: not known.</param>
/// <param name="now">The time.</param>
/// <param name="isRunning">False: no service runs, so every destination is stopped.</param>
internal sealed class DeliverySentences(
    IReadOnlyList<LaneStatus> lanes,
    Func<string, DestinationOptions?> optionsOf,
    Func<string, string?> platformOf,
    DateTimeOffset now,
    bool isRunning)
{
    /// <summary>The event with a sentence for each of its deliveries.</summary>
    public StoredEvent Explain(StoredEvent stored) =>
        stored with { Deliveries = [.. stored.Deliveries.Select(delivery => Explain(delivery, stored.ReceivedAt))] };

    /// <summary>The delivery with its sentence.</summary>
    public DeliveryTimeline Explain(DeliveryTimeline timeline)
    {
        var (sentence, advice) = Of(timeline.ToStored(), timeline.Delivery.ReceivedAt);
        return timeline with { Sentence = sentence, Advice = advice };
    }

    /// <summary>The delivery with its sentence.</summary>
    private StoredDelivery Explain(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var (sentence, advice) = Of(delivery, receivedAt);
        return delivery with { Sentence = sentence, Advice = advice, Platform = platformOf(delivery.Destination) };
    }

    private (string Sentence, string? Advice) Of(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var to = delivery.Destination;
        return delivery.State switch
        {
            DeliveryState.Delivered => (Delivered(delivery, receivedAt), null),
            DeliveryState.Dead => (
                $"{to} did not receive it{Because(delivery.Reason)}.", DeliveryAdvice.OnDead(delivery.Reason)),
            DeliveryState.Held => (
                $"{to} may have received it{Because(delivery.Reason, except: SendReason.Unconfirmed)}. It is held for manual review.",
                DeliveryAdvice.OnHeld(delivery.Reason)),
            DeliveryState.Discarded => (Discarded(delivery), "Retry it to send it after all."),
            DeliveryState.Digested => InDigest(to, delivery.Digest),
            DeliveryState.Deferred when ReleaseAt(delivery) > now => Deferred(delivery),
            _ => Pending(delivery),
        };
    }

    private static string Delivered(StoredDelivery delivery, DateTimeOffset receivedAt)
    {
        var to = delivery.Destination;
        if (delivery.Reason == SendReason.Unchanged) return $"The defect's message in {to} already showed it, so nothing was sent.";
        var after = TimeText.Of((delivery.EndedAt ?? receivedAt) - receivedAt);
        return $"{to} received it {after} after it arrived{Because(delivery.Reason, except: SendReason.Ok)}.";
    }

    private static string Discarded(StoredDelivery delivery) => delivery is { Silence: { } silence, Actions: [] }
        ? $"{delivery.Destination} did not receive it: silence {silence.Id} of {silence.By} discarded it ({silence.Why})."
        : $"{delivery.Destination} did not receive it: {(delivery.Actions is [.., { By: { } by }] ? by : "an operator")} discarded it.";

    private (string Sentence, string? Advice) Deferred(StoredDelivery delivery)
    {
        var at = $"{delivery.Destination} receives it at {TimeText.Of(ReleaseAt(delivery))}";
        return delivery.Silence is { } silence && silence.EndsAt > now
            ? ($"{at}: silence {silence.Id} of {silence.By} defers it ({silence.Why}){(delivery.DueAt > now ? ", and quiet hours" : "")}.",
                $"End silence {silence.Id} to send it earlier, or discard it.")
            : ($"{at}, when its quiet hours end.", null);
    }

    private static DateTimeOffset ReleaseAt(StoredDelivery delivery) =>
        SilenceRules.ReleaseAt(delivery.DueAt ?? DateTimeOffset.MinValue, delivery.Silence);

    private static (string Sentence, string? Advice) InDigest(string to, StoredDigest? digest) => digest?.State switch
    {
        null => ($"It was part of a digest for {to}, which is no longer stored.", null),
        DeliveryState.Delivered => ($"{to} received it in a digest.", null),
        DeliveryState.Pending => ($"It is part of a digest that waits to be sent to {to}.", null),
        DeliveryState.Held => ($"{to} may have received it in a digest{Because(digest.Reason)}.", DeliveryAdvice.LookInChannel),
        { } state => (
            $"{to} did not receive it: its digest is {state.Word()}{Because(digest.Reason)}.",
            $"Retry delivery {digest.Id}, the digest, to send it."),
    };

    private (string Sentence, string? Advice) Pending(StoredDelivery delivery)
    {
        var to = delivery.Destination;
        if (delivery.History is [.., { EndedAt: null }]) return ($"It is being sent to {to} now.", null);
        if (delivery is { State: DeliveryState.Pending, DueAt: { } due } && due > now)
            return ($"It is sent to {to} at {TimeText.Of(due)} at the earliest, with all messages that are added until then.", null);
        var lane = lanes.FirstOrDefault(one => string.Equals(one.Destination, to, StringComparison.OrdinalIgnoreCase));
        var advice = DeliveryAdvice.OnLane(lane, optionsOf(to));
        return lane switch
        {
            null => ($"It waits, because {to} is not configured any more.", "Configure the destination again, or discard it."),
            { State: LaneActivity.Stopped } when isRunning =>
                ($"It waits, because {to} has stopped.", "Restart the service and report the error in its log."),
            { State: LaneActivity.Stopped, Reason: null } => ($"It waits for the service to start; then it is sent to {to}.", null),
            { State: LaneActivity.Stopped } =>
                ($"It waits for the service to start. Before it stopped, {to} was paused{Because(lane.Reason)}.", advice),
            { State: LaneActivity.Parked } => (
                $"It waits, because nothing reaches {to}{Because(lane.Reason)}. The next attempt is {NextAttempt(lane)}.",
                advice),
            { State: LaneActivity.Waiting } =>
                ($"It waits for {to}{Because(lane.Reason)}. The next attempt is {NextAttempt(lane)}.", advice),
            _ => ($"It waits in the queue of {to}.", null),
        };
    }

    private string NextAttempt(LaneStatus lane) =>
        lane.Until is not { } until ? "shortly" : until <= now ? "now" : $"in {TimeText.Of(until - now)}, at {TimeText.Of(until)}";

    // A reason of a later version is read as null.
    private static string Because(SendReason? reason, SendReason? except = null) =>
        reason is { } known && known != except ? $": {known.Meaning()}" : "";
}
