namespace DefectNotifier.Testing;

/// <summary>
/// A fake clock that jumps from timer to timer, and only while the code under test waits for one. Code that works has no timer, except for
/// the timeout of the request that it has sent; the clock does not jump to that one unless the request hangs.
/// </summary>
public sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    /// <summary>After so many tries a wait lets real time pass.</summary>
    private const int TriesAtOnce = 50;

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start;
    private int _hanging;
    private int _changes;

    /// <summary>Timers of exactly this length are the timeouts of requests.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>No jump is shorter. For tests in which days pass and the code under test polls.</summary>
    public TimeSpan MinJump { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A request that gets no response: it ends when its timeout cancels the token.</summary>
    public async Task HangAsync(CancellationToken cancellationToken)
    {
        AddHanging(1);
        await using var end = cancellationToken.Register(() => AddHanging(-1));
        await Task.Delay(Timeout.InfiniteTimeSpan, this, cancellationToken);
    }

    /// <summary>Advances the clock by this much, even if the code under test works.</summary>
    public void Advance(TimeSpan span)
    {
        lock (_lock) _now += span;
        FireDue();
    }

    /// <summary>Lets this much time pass for code that waits for one timer after the other, until it waits again.</summary>
    public async Task RunAsync(TimeSpan span)
    {
        var isOver = false;
        await using var end = CreateTimer(_ => isOver = true, state: null, span, Timeout.InfiniteTimeSpan);
        await UntilAsync(() => isOver && NextIn(timers: 1) is not null, () => $"{span} to pass", timers: 2);
    }

    /// <summary>Jumps from timer to timer until the condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="state">The current state, for the message of the exception.</param>
    /// <param name="timers">How many timers are pending, at least, while none of the code under test works.</param>
    /// <exception cref="TimeoutException">The condition did not hold within the deadline.</exception>
    public Task UntilAsync(Func<bool> condition, Func<string> state, int timers = 1) =>
        UntilAsync(() => Task.FromResult(condition()), state, timers);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string}, int)"/>
    public Task UntilAsync(Func<Task<bool>> condition, Func<string> state, int timers = 1) => Eventually.HoldsAsync(
        async () =>
        {
            for (var i = 0; i < TriesAtOnce; i++)
            {
                var seen = Volatile.Read(ref _changes);
                if (await condition()) return true;
                if (!TryJump(timers, seen)) await Task.Yield();
            }

            return false;
        },
        () => $"{state()}; {this}",
        Eventually.PollInterval);

    public override string ToString()
    {
        lock (_lock) return $"{_now:O}, timers in {string.Join(", ", _timers.Select(timer => timer.DueAt - _now))}";
    }

    // Not when something changed since the condition was checked: the code under test worked, and the condition may hold now.
    private bool TryJump(int timers, int seen)
    {
        lock (_lock)
        {
            if (_changes != seen || NextIn(timers) is not { } next) return false;
            _now += next > MinJump ? next : MinJump;
        }

        FireDue();
        return true;
    }

    // Null while the code under test works.
    private TimeSpan? NextIn(int timers)
    {
        lock (_lock)
        {
            var awaited = _timers.Where(timer => timer.Length != RequestTimeout || _hanging > 0).ToList();
            return awaited.Count < timers ? null : awaited.Min(timer => timer.DueAt) - _now;
        }
    }

    // Not within the lock: the code that waited for the timer may continue here.
    private void FireDue()
    {
        while (TakeDue() is { } timer) timer.Fire();
    }

    private Timer? TakeDue()
    {
        lock (_lock)
        {
            if (_timers.MinBy(timer => timer.DueAt) is not { } next || next.DueAt > _now) return null;
            _changes++;
            _timers.Remove(next);
            return next;
        }
    }

    private void AddHanging(int change)
    {
        lock (_lock)
        {
            _changes++;
            _hanging += change;
        }
    }

    private sealed class Timer(JumpingTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset DueAt { get; private set; }

        public TimeSpan Length { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("This clock has no periodic timers.");
            lock (time._lock)
            {
                time._changes++;
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (Length, DueAt) = (dueTime, time._now + dueTime);
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
