using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>
/// One limit on sending or on searching: a token bucket, and the chat's own word. A 429 holds everybody who goes through it, empties the bucket and halves the pace; calm doubles it
/// again. Works on the steady clock, so that setting the wall clock neither stalls nor floods. Safe for many lanes.
/// </summary>
internal sealed class RateLimiter(string key, SteadyTime clock)
{
    /// <summary>At most an eighth of the pace: slower would look like standing still.</summary>
    private const int MaxSlowness = 3;

    /// <summary>The pace is doubled after so long without a 429. Slack and Microsoft count in minutes.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private RateLimitOptions _pace = new() { PerSecond = 0 };
    private TimeSpan _fullAt;
    private TimeSpan _notBefore;
    private TimeSpan _slowedAt;
    private int _slowness;
    private bool _isUnsaved;
    private long _epoch;
    private long _revision;

    public string Key => key;

    /// <summary>True once the stored state was taken over, or there was none.</summary>
    public bool IsLoaded { get; private set; }

    private TimeSpan Now => clock.Elapsed;

    /// <summary>One more destination goes through it: the slowest pace counts, no pace is the fastest.</summary>
    public void Limit(RateLimitOptions rateLimit)
    {
        lock (_lock)
        {
            if (rateLimit.PerSecond > 0 && (_pace.PerSecond <= 0 || rateLimit.PerSecond < _pace.PerSecond)) _pace = rateLimit;
        }
    }

    /// <summary>Forgets the paces up to now: only these count. What was taken is owed at the new pace; what the chat has asked for stands.</summary>
    public void RateLimit(IReadOnlyList<RateLimitOptions> paces)
    {
        lock (_lock)
        {
            var (now, before) = (Now, _pace);
            var old = IntervalAt(now);
            _pace = new RateLimitOptions { PerSecond = 0 };
            foreach (var rateLimit in paces) Limit(rateLimit);
            var from = Longer(now, _notBefore);
            if (_pace != before && old > TimeSpan.Zero && _fullAt > from) OweUntil(from + ((_fullAt - from) * (IntervalAt(now) / old)));
        }
    }

    /// <summary>Takes over what an earlier process left; only the first call counts.</summary>
    public void Load(RateLimitState? state, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (IsLoaded) return;
            IsLoaded = true;
            if (state is null) return;
            // A clock that was set back in between: then nothing is known to have passed.
            var passed = Longer(now - state.SavedAt, TimeSpan.Zero);
            _revision = state.Revision;
            _notBefore = Now + Longer(state.Hold - passed, TimeSpan.Zero);
            _fullAt = Now + Longer(state.Deficit - passed, TimeSpan.Zero);
        }
    }

    /// <summary>True when the next turn would be due at once.</summary>
    public bool IsFree
    {
        get
        {
            lock (_lock) return DueAt(Now, out _) <= Now;
        }
    }

    /// <summary>Takes the next place. One that is not used is lost, which only makes the pace a little slower.</summary>
    public RateLimitPermit Reserve()
    {
        lock (_lock)
        {
            var now = Now;
            var due = DueAt(now, out var interval);
            if (interval > TimeSpan.Zero) OweUntil(Longer(_fullAt, due) + interval);
            return new RateLimitPermit(due, _notBefore > now ? SendReason.RateLimited.Word() : "rate-limit", _epoch);
        }
    }

    /// <summary>
    /// A turn was used up to now: the chat counts from when it got the message, which may be later than it was due.
    /// </summary>
    public void Use()
    {
        lock (_lock)
        {
            var now = Now;
            if (IntervalAt(now) is var interval && interval > TimeSpan.Zero) OweUntil(Longer(_fullAt, now + interval));
        }
    }

    /// <summary>True when the chat has asked to slow down since the turn was given.</summary>
    public bool IsStale(RateLimitPermit turn)
    {
        lock (_lock) return turn.Epoch != _epoch;
    }

    /// <summary>The chat asked to slow down: nobody sends for so long, and then at half the pace.</summary>
    public void SlowDown(TimeSpan wait)
    {
        lock (_lock)
        {
            var now = Now;
            _slowness = Math.Min(SlownessAt(now) + 1, MaxSlowness);
            _slowedAt = now;
            // An earlier, longer wish still stands.
            _notBefore = Longer(_notBefore, now + wait);
            var interval = IntervalAt(now);
            // Empty at that moment: one may go then, and the others one by one behind it.
            OweUntil(Longer(_fullAt, _notBefore + BucketOf(interval) - interval));
            _epoch++;
        }
    }

    /// <summary>What is to be remembered, newer than everything that was given out before; null when only time has passed since.</summary>
    public RateLimitState? Save(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_isUnsaved) return null;
            _isUnsaved = false;
            var steady = Now;
            var hold = Longer(_notBefore - steady, TimeSpan.Zero);
            var deficit = Longer(_fullAt - steady, TimeSpan.Zero);
            return new RateLimitState(key)
            {
                Revision = ++_revision,
                SavedAt = now,
                Hold = hold,
                Deficit = deficit,
            };
        }
    }

    private void OweUntil(TimeSpan fullAt)
    {
        _fullAt = fullAt;
        _isUnsaved = true;
    }

    private TimeSpan DueAt(TimeSpan now, out TimeSpan interval)
    {
        interval = IntervalAt(now);
        var paced = Longer(_fullAt, now) - BucketOf(interval) + interval;
        return Longer(Longer(paced, now), _notBefore);
    }

    private int SlownessAt(TimeSpan now) => _slowness - (int)Math.Min((now - _slowedAt) / Calm, _slowness);

    private TimeSpan IntervalAt(TimeSpan now) =>
        _pace.PerSecond > 0 ? TimeSpan.FromSeconds((1 << SlownessAt(now)) / _pace.PerSecond) : TimeSpan.Zero;

    private TimeSpan BucketOf(TimeSpan interval) => interval * Math.Max(1, _pace.Burst);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
