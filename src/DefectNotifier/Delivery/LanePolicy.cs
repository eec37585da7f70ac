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
            ? lane with { NotBefore = null }
            : lane with { NotBefore = null, ParkedReason = null, ParkedSettings = null, Failures = 0 };
    }

    /// <summary>The earliest moment for the next send.</summary>
    public DateTimeOffset DueAt(LaneState lane, DateTimeOffset now)
    {
        var paced = _pacer.DueAt(lane.PaceFullAt, now);
        var held = Hold(lane, now) ?? now;
        return paced > held ? paced : held;
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
        var isDead = result.Fate == Fate.Refused || (counts && GivesUp(delivery, result, now));
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
            Lane = After(lane, result, counts, now, chance),
        };
    }

    private LaneState After(LaneState lane, SendResult result, bool counts, DateTimeOffset now, double chance)
    {
        var free = lane with { NotBefore = null, PaceFullAt = _pacer.Take(lane.PaceFullAt, now) };
        var failures = counts ? lane.Failures + 1 : lane.Failures;
        return result.Fate switch
        {
            Fate.Delivered or Fate.Refused => free with { Failures = 0, ParkedReason = null, ParkedSettings = null },
            Fate.Wait => free with { NotBefore = now + (result.RetryAfter ?? DefaultWait) },
            Fate.Parked => free with
            {
                NotBefore = now + options.ParkedProbe,
                ParkedReason = result.Reason.Word(),
                ParkedSettings = destination.SettingsDigest,
            },
            _ when !counts => free,
            _ => free with { Failures = failures, NotBefore = now + Longer(result.RetryAfter, RetrySchedule.Delay(options, failures, chance)) },
        };
    }

    private bool GivesUp(PendingDelivery delivery, SendResult result, DateTimeOffset now) =>
        delivery.Attempts + 1 >= (result.MaxAttempts ?? int.MaxValue) || now - delivery.ReceivedAt >= options.MaxAge;

    private static DateTimeOffset? Hold(LaneState lane, DateTimeOffset now)
    {
        if (lane.NotBefore is not { } until) return null;
        return until > now + LongestHold ? now + LongestHold : until;
    }

    // A destination in trouble may name a time too (a 503 with Retry-After).
    private static TimeSpan Longer(TimeSpan? asked, TimeSpan delay) => asked > delay ? asked.Value : delay;

    private static string Join(string reason, string? detail) => detail is null ? reason : $"{reason}: {detail}";
}
