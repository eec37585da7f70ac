using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>Decides what follows from a send: what is recorded, and whether the lane continues, waits or is parked. Pure.</summary>
internal sealed class LanePolicy(Destination destination, DeliveryOptions options)
{
    /// <summary>
    /// The lane's state at start: a parked destination is tried at once, and is not parked any more if its settings were changed.
    /// </summary>
    public LaneState Start(LaneState lane)
    {
        if (!lane.IsParked) return lane;
        // A wait that the chat asked for continues after a restart.
        var started = lane.IsProbeWait ? Free(lane) : lane;
        if (lane.ParkedSettings == destination.SettingsDigest) return started;
        // ParkedReason and ParkedAt stay until a message is delivered: only then is it reported that the destination works again.
        return started with { ParkedSettings = null, Failures = 0, FailingSince = null };
    }

    /// <summary>
    /// How long the lane still has to wait. Call this right after the state was decided or loaded. Never longer than the original wait, so
    /// that setting the wall clock back does not stop the lane.
    /// </summary>
    public static TimeSpan RemainingOf(LaneState lane, DateTimeOffset now)
    {
        if (lane.NotBefore is not { } until || until <= now) return TimeSpan.Zero;
        var original = until - (lane.WaitSince ?? now);
        return until - now < original ? until - now : original;
    }

    /// <summary>What is recorded of a send, and the lane's state after it.</summary>
    /// <param name="delivery">The delivery that was sent.</param>
    /// <param name="lane">The lane's state before the send.</param>
    /// <param name="result">The result of the send.</param>
    /// <param name="age">The time since the first attempt.</param>
    /// <param name="isLimitClosed">True when a closed rate limit makes the next request wait, so that the lane need not.</param>
    /// <param name="now">When the response came.</param>
    /// <param name="random">0 to 1, for the jitter.</param>
    public AttemptOutcome Decide(
        PendingDelivery delivery, LaneState lane, SendResult result, TimeSpan age, bool isLimitClosed, DateTimeOffset now, double random)
    {
        var failed = result.Outcome is SendOutcome.Retry or SendOutcome.Ambiguous;
        // An interruption by our own shutdown says nothing about the destination.
        var counts = failed && result.Reason != SendReason.Interrupted;
        var isDead = result.Outcome == SendOutcome.Rejected || (counts && GivesUp(delivery, lane, result, age));
        var reason = isDead && result.Outcome != SendOutcome.Rejected && result.MaxAttempts is null ? SendReason.Expired : result.Reason;
        var after = result.Outcome == SendOutcome.Wait && isLimitClosed ? Free(lane) : After(lane, result, counts, now, random);
        return new AttemptOutcome
        {
            DeliveryId = delivery.Id,
            At = now,
            Outcome = result.Outcome,
            Reason = reason,
            Detail = reason == result.Reason ? result.Detail : Join(result.Reason.Word(), result.Detail),
            State = isDead ? DeliveryState.Dead : StateOf(result.Outcome),
            // These failures have nothing to do with the message.
            RestartsAge = result.Outcome == SendOutcome.Parked
                || result.Reason is SendReason.ConnectFailed or SendReason.ServiceUnavailable or SendReason.WorkspaceBusy,
            MayHavePosted = result.Outcome == SendOutcome.Ambiguous,
            Reference = result.Reference,
            // The failure streak belongs to one delivery; reset it for the next one.
            Lane = isDead ? after with { WaitCount = 0 } : after,
        };
    }

    private static DeliveryState StateOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Delivered => DeliveryState.Delivered,
        SendOutcome.Held => DeliveryState.Held,
        _ => DeliveryState.Pending,
    };

    private LaneState After(LaneState lane, SendResult result, bool counts, DateTimeOffset now, double random)
    {
        var free = Free(lane);
        var failures = counts ? lane.Failures + 1 : lane.Failures;
        LaneState HeldFor(TimeSpan wait) => free with
        {
            NotBefore = now + wait,
            WaitSince = now,
            WaitReason = result.Reason,
            WaitCount = ConsecutiveWaits(lane, result),
        };
        return result.Outcome switch
        {
            SendOutcome.Delivered or SendOutcome.Rejected or SendOutcome.NotSupported =>
                Running(free) with { Failures = 0, FailingSince = null },
            SendOutcome.Wait => HeldFor(result.RetryAfter ?? LaneLimits.DefaultRetryAfter),
            SendOutcome.Parked => HeldFor(options.ParkedProbe) with
            {
                ParkedReason = result.Reason,
                ParkedAt = lane.ParkedAt ?? now,
                ParkedSettings = destination.SettingsDigest,
            },
            // No request was sent to the destination.
            SendOutcome.Held => free,
            _ when !counts => free,
            _ => HeldFor(Max(result.RetryAfter, DelayOf(result, lane, failures, now, random))) with
            {
                Failures = failures,
                FailingSince = lane.FailingSince ?? now,
            },
        };
    }

    private TimeSpan DelayOf(SendResult result, LaneState lane, int failures, DateTimeOffset now, double random) => result switch
    {
        { Reason: SendReason.ConnectFailed } => RetrySchedule.ReconnectDelay(options.MaxBackoff, now - (lane.FailingSince ?? now), random),
        { Outcome: SendOutcome.Ambiguous } => RetrySchedule.Delay(options.InitialBackoff, options.MaxResendDelay, failures, random),
        _ => RetrySchedule.Delay(options.InitialBackoff, options.MaxBackoff, failures, random),
    };

    private static LaneState Free(LaneState lane) => lane with { NotBefore = null, WaitSince = null, WaitReason = null, WaitCount = 0 };

    private static LaneState Running(LaneState lane) => lane with { ParkedReason = null, ParkedAt = null, ParkedSettings = null };

    // Age counts from the first attempt: a delivery that waited behind a long outage has not failed yet. While a destination can't be
    // reached at all, its deliveries wait as long as that lasts. A lookup that fails has its own maximum (RepeatCheck).
    private bool GivesUp(PendingDelivery delivery, LaneState lane, SendResult result, TimeSpan age) =>
        ConsecutiveWaits(lane, result) >= (result.MaxAttempts ?? int.MaxValue)
        || (result.Reason is not (SendReason.ConnectFailed or SendReason.ServiceUnavailable or SendReason.LookupFailed)
            && age >= (delivery.MaxAge ?? options.MaxAge));

    // The delivery at the head stays there until it is complete, so all waits counted here are its own.
    private static int ConsecutiveWaits(LaneState lane, SendResult result) => lane.WaitReason == result.Reason ? lane.WaitCount + 1 : 1;

    // An error response may also contain a time (a 503 with Retry-After).
    private static TimeSpan Max(TimeSpan? retryAfter, TimeSpan delay) => retryAfter > delay ? retryAfter.Value : delay;

    private static string Join(string reason, string? detail) => detail is null ? reason : $"{reason}: {detail}";
}
