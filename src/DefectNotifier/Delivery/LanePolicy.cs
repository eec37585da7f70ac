using DefectNotifier.Outbox;

namespace DefectNotifier.Delivery;

/// <summary>Decides what follows from a send. Pure: the loop moves things, this decides.</summary>
internal sealed class LanePolicy(Destination destination, DeliveryOptions options)
{
    /// <summary>Where no time is stated, 30 s: Slack's and Microsoft's limits count in minutes.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    /// <summary>Nothing that we write ourselves lies further ahead; a later moment means that the clock was set back.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    private readonly Pacer _pacer = new(destination.Pace);

    /// <summary>The lane at start: a parked one is asked at once, and runs freely when its settings were changed.</summary>
    public LaneState Start(LaneState lane)
    {
        if (lane.ParkedReason is null) return lane;
        return lane.ParkedSettings == destination.SettingsDigest
            ? lane with { NotBefore = null, HoldReason = null, HoldCount = 0 }
            : lane with { NotBefore = null, HoldReason = null, HoldCount = 0, ParkedReason = null, ParkedSettings = null, Failures = 0 };
    }

    /// <summary>
    /// The earliest moment for the next send, and why it is not now. Asked once for each turn: the cuts against a clock that was set back are measured from
    /// this moment, and would move with it.
    /// </summary>
    public LaneHold? HoldAt(LaneState lane, DateTimeOffset now)
    {
        var paced = _pacer.DueAt(lane.PaceFullAt, now);
        var held = Earlier(lane.NotBefore, now + LongestHold);
        if (held > now && held >= paced) return new LaneHold(held.Value, lane.HoldReason);
        return paced > now ? new LaneHold(paced, "pace") : null;
    }

    /// <summary>What is recorded of a send, and the lane's state after it.</summary>
    /// <param name="delivery">The delivery that was sent.</param>
    /// <param name="lane">The lane before it.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="now">When the answer came.</param>
    /// <param name="chance">0 to 1, for the jitter.</param>
    public AttemptOutcome Decide(PendingDelivery delivery, LaneState lane, SendResult result, DateTimeOffset now, double chance)
    {
        var failed = result.Fate is Fate.Retry or Fate.Ambiguous;
        // Cut off by our own shutdown says nothing about the destination.
        var counts = failed && result.Reason != SendReason.Interrupted;
        var isDead = result.Fate == Fate.Refused || (counts && GivesUp(delivery, lane, result, now));
        var reason = isDead && result.Fate != Fate.Refused && result.MaxAttempts is null ? SendReason.Expired : result.Reason;
        return new AttemptOutcome
        {
            DeliveryId = delivery.Id,
            At = now,
            Fate = result.Fate.Word(),
            Reason = reason.Word(),
            Detail = reason == result.Reason ? result.Detail : Join(result.Reason.Word(), result.Detail),
            State = result.Fate == Fate.Delivered ? DeliveryState.Delivered : isDead ? DeliveryState.Dead : DeliveryState.Pending,
            Counts = counts,
            MayHavePosted = result.Fate == Fate.Ambiguous,
            Reference = result.Reference,
            // What was counted of a delivery that is given up is none of the next one's.
            Lane = isDead ? After(lane, result, counts, now, chance) with { HoldCount = 0 } : After(lane, result, counts, now, chance),
        };
    }

    private LaneState After(LaneState lane, SendResult result, bool counts, DateTimeOffset now, double chance)
    {
        var free = lane with { NotBefore = null, HoldReason = null, HoldCount = 0, PaceFullAt = _pacer.Take(lane.PaceFullAt, now) };
        var failures = counts ? lane.Failures + 1 : lane.Failures;
        LaneState HeldFor(TimeSpan wait) => free with { NotBefore = now + wait, HoldReason = result.Reason.Word(), HoldCount = InARow(lane, result) };
        return result.Fate switch
        {
            Fate.Delivered or Fate.Refused => free with { Failures = 0, ParkedReason = null, ParkedSettings = null },
            Fate.Wait => HeldFor(result.RetryAfter ?? DefaultWait),
            Fate.Parked => HeldFor(options.ParkedProbe) with { ParkedReason = result.Reason.Word(), ParkedSettings = destination.SettingsDigest },
            _ when !counts => free,
            Fate.Ambiguous => HeldFor(Longer(result.RetryAfter, RetrySchedule.Delay(options.FirstRetry, options.LongestResend, failures, chance))) with { Failures = failures },
            _ => HeldFor(Longer(result.RetryAfter, RetrySchedule.Delay(options.FirstRetry, options.LongestRetry, failures, chance))) with { Failures = failures },
        };
    }

    // Age counts from the first try: what waited behind a long outage has not failed yet, and gets its own time. A destination that can't be reached at all says
    // nothing about the message: it waits as long as that lasts.
    private bool GivesUp(PendingDelivery delivery, LaneState lane, SendResult result, DateTimeOffset now) =>
        InARow(lane, result) >= (result.MaxAttempts ?? int.MaxValue)
        || (result.Reason is not (SendReason.ConnectFailed or SendReason.ServiceUnavailable) && now - (delivery.FirstAttemptAt ?? now) >= options.MaxAge);

    // The delivery at the head stays there until it is done with, so what is counted here is its own.
    private static int InARow(LaneState lane, SendResult result) => lane.HoldReason == result.Reason.Word() ? lane.HoldCount + 1 : 1;

    private static DateTimeOffset? Earlier(DateTimeOffset? moment, DateTimeOffset limit) => moment > limit ? limit : moment;

    // A destination in trouble may name a time too (a 503 with Retry-After).
    private static TimeSpan Longer(TimeSpan? asked, TimeSpan delay) => asked > delay ? asked.Value : delay;

    private static string Join(string reason, string? detail) => detail is null ? reason : $"{reason}: {detail}";
}
