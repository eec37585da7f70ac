using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>Decides what follows from a send. Pure: the loop moves things, this decides.</summary>
internal sealed class LanePolicy(Destination destination, DeliveryOptions options)
{
    /// <summary>Where no time is stated, 30 s: Slack's and Microsoft's limits count in minutes.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    /// <summary>The lane at start: a parked one is asked at once, and runs freely when its settings were changed.</summary>
    public LaneState Start(LaneState lane)
    {
        if (lane.ParkedReason is null) return lane;
        // What the chat itself asked us to wait holds over a restart too.
        var asked = IsProbeWait(lane) ? Free(lane) : lane;
        // That it was parked is remembered until a message goes through: then it is told that it runs again.
        return lane.ParkedSettings == destination.SettingsDigest ? asked : asked with { ParkedReason = null, ParkedSettings = null, Failures = 0, FailingSince = null };
    }

    /// <summary>True when a parked lane waits for nothing but the next look at its destination, which an operator may have at once.</summary>
    public static bool IsProbeWait(LaneState lane) => lane.ParkedReason is { } reason && lane.HoldReason == reason;

    /// <summary>
    /// How long the lane is still held. To be asked at the moment that the state was settled, or at the start: never longer than it was meant to be then, so
    /// that a clock that was set back stalls nothing.
    /// </summary>
    public static TimeSpan RemainingOf(LaneState lane, DateTimeOffset now)
    {
        if (lane.NotBefore is not { } until || until <= now) return TimeSpan.Zero;
        var meant = until - (lane.HeldAt ?? now);
        return until - now < meant ? until - now : meant;
    }

    /// <summary>What is recorded of a send, and the lane's state after it.</summary>
    /// <param name="delivery">The delivery that was sent.</param>
    /// <param name="lane">The lane before it.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="age">How long ago it was tried first.</param>
    /// <param name="isHeldByLimit">True when a limit holds a <see cref="SendOutcome.Wait"/>, so that the lane need not.</param>
    /// <param name="now">When the answer came.</param>
    /// <param name="chance">0 to 1, for the jitter.</param>
    public AttemptOutcome Decide(PendingDelivery delivery, LaneState lane, SendResult result, TimeSpan age, bool isHeldByLimit, DateTimeOffset now, double chance)
    {
        var failed = result.Outcome is SendOutcome.Retry or SendOutcome.Ambiguous;
        // Cut off by our own shutdown says nothing about the destination.
        var counts = failed && result.Reason != SendReason.Interrupted;
        var isDead = result.Outcome == SendOutcome.Rejected || (counts && GivesUp(delivery, lane, result, age));
        var reason = isDead && result.Outcome != SendOutcome.Rejected && result.MaxAttempts is null ? SendReason.Expired : result.Reason;
        var after = result.Outcome == SendOutcome.Wait && isHeldByLimit ? Free(lane) : After(lane, result, counts, now, chance);
        return new AttemptOutcome
        {
            DeliveryId = delivery.Id,
            At = now,
            Outcome = result.Outcome.Word(),
            Reason = reason.Word(),
            Detail = reason == result.Reason ? result.Detail : Join(result.Reason.Word(), result.Detail),
            State = isDead ? DeliveryState.Dead : StateOf(result.Outcome),
            Counts = counts,
            // Nothing of this says anything about the message.
            RestartsAge = result.Outcome == SendOutcome.Parked || result.Reason is SendReason.ConnectFailed or SendReason.ServiceUnavailable or SendReason.WorkspaceBusy,
            MayHavePosted = result.Outcome == SendOutcome.Ambiguous,
            Reference = result.Reference,
            // What was counted of a delivery that is given up is none of the next one's.
            Lane = isDead ? after with { HoldCount = 0 } : after,
        };
    }

    private static DeliveryState StateOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Delivered => DeliveryState.Delivered,
        SendOutcome.Held => DeliveryState.Held,
        _ => DeliveryState.Pending,
    };

    private LaneState After(LaneState lane, SendResult result, bool counts, DateTimeOffset now, double chance)
    {
        var free = Free(lane);
        var failures = counts ? lane.Failures + 1 : lane.Failures;
        LaneState HeldFor(TimeSpan wait) => free with { NotBefore = now + wait, HeldAt = now, HoldReason = result.Reason.Word(), HoldCount = InARow(lane, result) };
        return result.Outcome switch
        {
            SendOutcome.Delivered or SendOutcome.Rejected or SendOutcome.NotSupported => Running(free) with { Failures = 0, FailingSince = null },
            SendOutcome.Wait => HeldFor(result.RetryAfter ?? DefaultWait),
            SendOutcome.Parked => HeldFor(options.ParkedProbe) with
            {
                ParkedReason = result.Reason.Word(),
                ParkedAt = lane.ParkedAt ?? now,
                ParkedSettings = destination.SettingsDigest,
            },
            // Nothing was asked of the destination.
            SendOutcome.Held => free,
            _ when !counts => free,
            _ => HeldFor(Longer(result.RetryAfter, DelayOf(result, lane, failures, now, chance))) with { Failures = failures, FailingSince = lane.FailingSince ?? now },
        };
    }

    private TimeSpan DelayOf(SendResult result, LaneState lane, int failures, DateTimeOffset now, double chance) => result switch
    {
        { Reason: SendReason.ConnectFailed } => RetrySchedule.ReconnectDelay(options.MaxBackoff, now - (lane.FailingSince ?? now), chance),
        { Outcome: SendOutcome.Ambiguous } => RetrySchedule.Delay(options.InitialBackoff, options.MaxResendDelay, failures, chance),
        _ => RetrySchedule.Delay(options.InitialBackoff, options.MaxBackoff, failures, chance),
    };

    private static LaneState Free(LaneState lane) => lane with { NotBefore = null, HeldAt = null, HoldReason = null, HoldCount = 0 };

    private static LaneState Running(LaneState lane) => lane with { ParkedReason = null, ParkedAt = null, ParkedSettings = null };

    // Age counts from the first try: what waited behind a long outage has not failed yet, and gets its own time. A destination that can't be reached at all says
    // nothing about the message: it waits as long as that lasts. A search that fails is given up by itself.
    private bool GivesUp(PendingDelivery delivery, LaneState lane, SendResult result, TimeSpan age) =>
        InARow(lane, result) >= (result.MaxAttempts ?? int.MaxValue)
        || (result.Reason is not (SendReason.ConnectFailed or SendReason.ServiceUnavailable or SendReason.LookupFailed) && age >= (delivery.MaxAge ?? options.MaxAge));

    // The delivery at the head stays there until it is done with, so what is counted here is its own.
    private static int InARow(LaneState lane, SendResult result) => lane.HoldReason == result.Reason.Word() ? lane.HoldCount + 1 : 1;

    // A destination in trouble may name a time too (a 503 with Retry-After).
    private static TimeSpan Longer(TimeSpan? asked, TimeSpan delay) => asked > delay ? asked.Value : delay;

    private static string Join(string reason, string? detail) => detail is null ? reason : $"{reason}: {detail}";
}
