using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>Waits for a lane, on the steady clock, and shows what it waits for.</summary>
/// <param name="resumes">Ends a wait that an operator may end, the current or the next one.</param>
/// <param name="clock">The steady clock.</param>
/// <param name="time">The clock.</param>
internal sealed class LaneWaiter(Signal resumes, SteadyTime clock, TimeProvider time)
{
    private volatile LaneWait? _wait;

    /// <summary>What the lane waits for now; null when it does not wait.</summary>
    public LaneWait? Wait => _wait;

    /// <summary>The steady clock.</summary>
    public TimeSpan Now => clock.Elapsed;

    /// <summary>Takes a permit from every limit and waits until all of them are due. True when it had to wait.</summary>
    public async Task<bool> AcquireAsync(IReadOnlyList<RateLimiter> limiters, CancellationToken stopAsked)
    {
        var hasWaited = false;
        RateLimitPermit[] permits = [.. limiters.Select(limiter => limiter.Reserve())];
        while (true)
        {
            foreach (var permit in permits)
            {
                var reason = permit.IsClosed ? SendReason.RateLimited : SendReason.RateLimit;
                hasWaited |= await WaitAsync(permit.DueAt, reason, canBeResumed: false, stopAsked);
            }

            // Another lane received a 429 meanwhile.
            if (!permits.Any(permit => permit.IsStale)) return hasWaited;
            permits = [.. permits.Select(permit => permit.IsStale ? permit.Limiter.Reserve() : permit)];
        }
    }

    /// <summary>A permit from every limit if all of them are due now; null otherwise.</summary>
    public IReadOnlyList<RateLimitPermit>? TryAcquire(IReadOnlyList<RateLimiter> limiters)
    {
        if (!limiters.All(limiter => limiter.IsFree)) return null;
        RateLimitPermit[] permits = [.. limiters.Select(limiter => limiter.Reserve())];
        // If another lane was faster, these permits are lost.
        return permits.All(permit => permit.DueAt <= Now) ? permits : null;
    }

    /// <summary>Waits until a time on the steady clock. True when it had to wait.</summary>
    /// <param name="until">The time; a time in the past causes no wait.</param>
    /// <param name="reason">What is shown meanwhile.</param>
    /// <param name="canBeResumed">True when an operator can end the wait.</param>
    /// <param name="stopAsked">Ends the wait with an exception.</param>
    public async Task<bool> WaitAsync(TimeSpan until, SendReason? reason, bool canBeResumed, CancellationToken stopAsked)
    {
        stopAsked.ThrowIfCancellationRequested();
        if (until <= Now) return false;
        try
        {
            for (var left = until - Now; left > TimeSpan.Zero; left = until - Now)
            {
                _wait = new LaneWait(time.GetUtcNow() + left, reason);
                if (await DelayAsync(left, canBeResumed, stopAsked)) break;
            }
        }
        finally
        {
            _wait = null;
        }

        return true;
    }

    // True when it was resumed.
    private async Task<bool> DelayAsync(TimeSpan span, bool canBeResumed, CancellationToken stopAsked)
    {
        // A timer may fire slightly early. Round up to the next millisecond, so that the wait is never too short.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
        if (!canBeResumed)
        {
            await Task.Delay(rounded, time, stopAsked);
            return false;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopAsked);
        var resumed = resumes.WaitAsync(either.Token);
        var first = await Task.WhenAny(Task.Delay(rounded, time, either.Token), resumed);
        await either.CancelAsync();
        stopAsked.ThrowIfCancellationRequested();
        return first == resumed;
    }
}
