using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>Waits in place of a lane, on the steady clock, and shows what it waits for.</summary>
internal sealed class LaneWaiter(IReadOnlyList<RateLimiter> rateLimiters, SteadyTime clock, TimeProvider time)
{
    private readonly LaneSignal _resumed = new();
    private volatile LaneHold? _hold;
    private readonly Queue<RateLimitPermit[]> _ahead = new();
    private RateLimitPermit[]? _late;

    /// <summary>What is waited for just now; null when nothing is.</summary>
    public LaneHold? Hold => _hold;

    /// <summary>The steady clock.</summary>
    public TimeSpan Now => clock.Elapsed;

    /// <summary>Ends a wait that may be ended by an operator, the present or the next one.</summary>
    public void Resume() => _resumed.Add(0);

    /// <summary>Waits until a moment on the steady clock.</summary>
    /// <param name="until">The moment; one that has passed is no wait.</param>
    /// <param name="reason">What is shown meanwhile.</param>
    /// <param name="canBeResumed">True when <see cref="Resume"/> may cut it short.</param>
    /// <param name="stopAsked">Ends the wait with an exception.</param>
    public async Task WaitAsync(TimeSpan until, string? reason, bool canBeResumed, CancellationToken stopAsked)
    {
        stopAsked.ThrowIfCancellationRequested();
        for (var left = until - Now; left > TimeSpan.Zero; left = until - Now)
        {
            _hold = new LaneHold(time.GetUtcNow() + left, reason);
            try
            {
                if (await NapAsync(left, canBeResumed, stopAsked)) return;
            }
            finally
            {
                _hold = null;
            }
        }
    }

    /// <summary>
    /// Takes a turn at every limit, ahead of its use, when all of them are due at once. Where one is not due after all because another lane was quicker, the
    /// turns are kept for <see cref="AcquireAsync"/>.
    /// </summary>
    public bool TryAcquire()
    {
        if (_late is not null || !rateLimiters.All(rateLimiter => rateLimiter.IsFree)) return false;
        var turns = Reserve();
        if (IsDue(turns)) _ahead.Enqueue(turns);
        else _late = turns;
        return _late is null;
    }

    /// <summary>True when the oldest turns of <see cref="TryAcquire"/> may be used: they are due, and no chat has asked to slow down since.</summary>
    public bool IsPermitAvailable => _ahead.TryPeek(out var turns) && IsDue(turns);

    /// <summary>The oldest turns of <see cref="TryAcquire"/> are used up.</summary>
    public void UsePermit() => _ahead.Dequeue();

    /// <summary>Takes a turn at every limit, one that was taken ahead and not used first, and waits until all of them are due.</summary>
    public async Task AcquireAsync(CancellationToken stopAsked)
    {
        if (!_ahead.TryDequeue(out var turns)) (turns, _late) = (_late ?? Reserve(), null);
        while (true)
        {
            foreach (var turn in turns) await WaitAsync(turn.DueAt, turn.Reason, canBeResumed: false, stopAsked);
            var isVoid = false;
            for (var i = 0; i < turns.Length; i++)
            {
                // Somebody else met a 429 meanwhile: what was due is due no more.
                if (!rateLimiters[i].IsStale(turns[i])) continue;
                turns[i] = rateLimiters[i].Reserve();
                isVoid = true;
            }

            if (!isVoid) return;
        }
    }

    private bool IsDue(RateLimitPermit[] turns) => !turns.Where((turn, i) => turn.DueAt > Now || rateLimiters[i].IsStale(turn)).Any();

    /// <summary>Takes a turn at a limit that is not one on sending, and waits until it is due.</summary>
    public async Task AcquireFromAsync(RateLimiter rateLimiter, CancellationToken stopAsked)
    {
        RateLimitPermit turn;
        do
        {
            turn = rateLimiter.Reserve();
            await WaitAsync(turn.DueAt, turn.Reason, canBeResumed: false, stopAsked);
        }
        while (rateLimiter.IsStale(turn));
    }

    private RateLimitPermit[] Reserve()
    {
        var turns = new RateLimitPermit[rateLimiters.Count];
        for (var i = 0; i < turns.Length; i++) turns[i] = rateLimiters[i].Reserve();
        return turns;
    }

    // True when somebody said "go on".
    private async Task<bool> NapAsync(TimeSpan span, bool canBeResumed, CancellationToken stopAsked)
    {
        // A timer may fire a little early and must not: up to the next millisecond.
        var whole = TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
        if (!canBeResumed)
        {
            await Task.Delay(whole, time, stopAsked);
            return false;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopAsked);
        var resumed = _resumed.WaitAsync(either.Token);
        var first = await Task.WhenAny(Task.Delay(whole, time, either.Token), resumed);
        await either.CancelAsync();
        stopAsked.ThrowIfCancellationRequested();
        return first == resumed;
    }
}
