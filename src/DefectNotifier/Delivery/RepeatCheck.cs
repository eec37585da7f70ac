using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>
/// Stands before everything that would be sent again although it may have been posted: looks it up where the chat allows that, and else does as the destination's
/// settings say.
/// </summary>
internal sealed class RepeatCheck(Destination destination, DeliveryOptions options, RateLimiters rateLimiters, LaneWaiter waiter, TimeProvider time)
{
    /// <summary>A search that fails so many times in a row is given up; the message is then treated as one that can't be looked up.</summary>
    private const int MaxFailures = 5;

    private readonly RateLimiter _channelLimit = rateLimiters.For(destination.LookupLimit ?? Free(destination, "lookup"));
    private readonly RateLimiter _threadLimit = rateLimiters.For(destination.ThreadLookupLimit ?? Free(destination, "lookup-thread"));
    private TimeSpan _settledAt = waiter.Now + options.ConfirmAfter;

    /// <summary>A answer was lost just now. A chat may show a message to a search a little later than to its readers.</summary>
    public void Doubt() => _settledAt = waiter.Now + options.ConfirmAfter;

    /// <summary>The limits on searches: none where nothing can be searched.</summary>
    public IEnumerable<RateLimiter> Limits => destination.Sender is IMessageLookup ? [_channelLimit, _threadLimit] : [];

    /// <param name="delivery">The delivery at the head of the lane.</param>
    /// <param name="step">What of it is to be sent.</param>
    /// <param name="lane">The lane before it.</param>
    /// <param name="stopAsked">Ends the waiting.</param>
    /// <param name="timeUp">Ends the search.</param>
    public async Task<RepeatVerdict> AskAsync(PendingDelivery delivery, DeliveryStep step, LaneState lane, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (step.IsRepeatable) return new RepeatVerdict(MarkRepeat: false);
        // Without a doubt of its own, one that an operator put back is as the operator decided: sent again, and marked.
        if (delivery is not { IsInDoubt: true, DoubtfulSince: { } since }) return new RepeatVerdict(delivery.MayBeRepeat);
        if (destination.Sender is not IMessageLookup lookup) return NotKnown("it can't be looked up here");
        // The clock was set back since: a search from a moment that is yet to come would find nothing.
        if (since > time.GetUtcNow()) return NotKnown("the clock was set back since");

        await waiter.WaitAsync(_settledAt, "confirming", canBeResumed: false, stopAsked);
        var limit = step.Thread is null ? _channelLimit : _threadLimit;
        var found = await FindAsync(limit, (acquire, stop) => lookup.FindAsync(step.CorrelationKeyOf(delivery), step.Thread, since, acquire, stop), stopAsked, timeUp);
        limit.Use();
        if (found.Error is { Reason: SendReason.RateLimited } limited) limit.SlowDown(limited.RetryAfter ?? LanePolicy.DefaultWait);
        return found.Status switch
        {
            LookupStatus.Found => new RepeatVerdict(MarkRepeat: false, new SendResult(SendOutcome.Delivered, SendReason.Found) { Reference = found.Reference, Detail = found.Detail }),
            LookupStatus.NotFound => new RepeatVerdict(MarkRepeat: false),
            LookupStatus.Failed when !IsGivenUp(lane) => new RepeatVerdict(MarkRepeat: false, found.Error ?? LookupFailed(found.Detail)),
            _ => NotKnown(found.Detail),
        };
    }

    private async Task<LookupResult> FindAsync(
        RateLimiter limit, Func<Func<Task>, CancellationToken, Task<LookupResult>> findAsync, CancellationToken stopAsked, CancellationToken timeUp)
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
            // Waiting for the turn is none of the answer's time.
            late.CancelAfter(Timeout.InfiniteTimeSpan);
            await waiter.AcquireFromAsync(limit, stopAsked);
            late.CancelAfter(destination.Timeout);
        }
    }

    private static SharedRateLimit Free(Destination destination, string what) => new($"{what}:{destination.Name}", new RateLimitOptions { PerSecond = 0 });

    private static bool IsGivenUp(LaneState lane) => lane.HoldReason == SendReason.LookupFailed.Word() && lane.HoldCount >= MaxFailures;

    private static SendResult LookupFailed(string? detail) => new(SendOutcome.Retry, SendReason.LookupFailed) { Detail = detail };

    private RepeatVerdict NotKnown(string? why) => destination.WhenUnsure == WhenUnsure.Hold
        ? new RepeatVerdict(MarkRepeat: true, new SendResult(SendOutcome.Held, SendReason.Unconfirmed) { Detail = why })
        : new RepeatVerdict(MarkRepeat: true);
}
