using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Checks each message that would be sent again although it may have been posted: it is looked up where the chat allows that; otherwise the
/// destination's settings decide.
/// </summary>
internal sealed class RepeatCheck(Destination destination, DeliveryOptions options, LaneLimits limits, LaneWaiter waiter, TimeProvider time)
{
    /// <summary>
    /// After this many consecutive failures the lookup is given up; the message is then treated as one that can't be looked up.
    /// </summary>
    private const int MaxFailures = 5;

    private TimeSpan _lookupAt = waiter.Now + options.ConfirmAfter;

    /// <summary>A response was lost just now. A lookup may find a message later than readers see it, so the next one waits.</summary>
    public void ResponseLost() => _lookupAt = waiter.Now + options.ConfirmAfter;

    /// <param name="delivery">The delivery at the head of the lane.</param>
    /// <param name="step">What is to be sent.</param>
    /// <param name="lane">The lane's state.</param>
    /// <param name="stopAsked">Ends the waiting.</param>
    /// <param name="timeUp">Ends the lookup.</param>
    public async Task<RepeatVerdict> CheckAsync(
        PendingDelivery delivery, DeliveryStep step, LaneState lane, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (step.IsRepeatable) return new RepeatVerdict(MarkRepeat: false);
        // If an operator retried it after the last doubtful attempt, it is sent again without a lookup, marked as a possible repeat.
        if (delivery is not { IsInDoubt: true, DoubtfulSince: { } since }) return new RepeatVerdict(delivery.MayBeRepeat);
        if (destination.Sender is not IMessageLookup lookup) return NotKnown("lookups are not possible here");
        if (since > time.GetUtcNow()) return NotKnown("the clock was set back since, so a lookup would start in the future");

        await waiter.WaitAsync(_lookupAt, SendReason.Confirming, canBeResumed: false, stopAsked);
        var limit = step.Thread is null ? limits.Lookups : limits.ThreadLookups;
        var key = step.CorrelationKeyOf(delivery);
        var found = await FindAsync(limit, (acquire, stop) => lookup.FindAsync(key, step.Thread, since, acquire, stop), stopAsked, timeUp);
        LaneLimits.Use(limit, found);
        return found.Status switch
        {
            LookupStatus.Found => new RepeatVerdict(
                MarkRepeat: false,
                new SendResult(SendOutcome.Delivered, SendReason.Found) { Reference = found.Reference, Detail = found.Detail }),
            LookupStatus.NotFound => new RepeatVerdict(MarkRepeat: false),
            LookupStatus.Failed when !IsGivenUp(lane) => new RepeatVerdict(MarkRepeat: false, found.Error ?? LookupFailed(found.Detail)),
            _ => NotKnown(found.Detail),
        };
    }

    private async Task<LookupResult> FindAsync(
        RateLimiter limit,
        Func<Func<Task>, CancellationToken, Task<LookupResult>> findAsync,
        CancellationToken stopAsked,
        CancellationToken timeUp)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp, late.Token);
        try
        {
            return await findAsync(AcquireAsync, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !timeUp.IsCancellationRequested)
        {
            return new LookupResult(LookupStatus.Failed) { Detail = $"no response within {destination.Timeout.TotalSeconds:0.#} s" };
        }

        async Task AcquireAsync()
        {
            // The wait for the rate limit does not count towards the timeout.
            late.CancelAfter(Timeout.InfiniteTimeSpan);
            await waiter.AcquireAsync([limit], stopAsked);
            late.CancelAfter(destination.Timeout);
        }
    }

    private static bool IsGivenUp(LaneState lane) => lane.WaitReason == SendReason.LookupFailed && lane.WaitCount >= MaxFailures;

    private static SendResult LookupFailed(string? detail) => new(SendOutcome.Retry, SendReason.LookupFailed) { Detail = detail };

    private RepeatVerdict NotKnown(string? why) => destination.WhenUnsure == WhenUnsure.Hold
        ? new RepeatVerdict(MarkRepeat: true, new SendResult(SendOutcome.Held, SendReason.Unconfirmed) { Detail = why })
        : new RepeatVerdict(MarkRepeat: true);
}

/// <summary>What to do with a delivery that may have been posted.</summary>
/// <param name="MarkRepeat">Send it, with or without the note that it may be a repeat.</param>
/// <param name="Instead">What to record instead of sending; null: send.</param>
internal sealed record RepeatVerdict(bool MarkRepeat, SendResult? Instead = null);
