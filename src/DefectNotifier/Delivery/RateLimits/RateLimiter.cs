using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.RateLimits;

/// <summary>
/// One rate limit on sends or on lookups: a token bucket, and the hold that the chat asked for. A 429 holds every lane that uses the limit
/// and empties the bucket. Uses the steady clock, so a change of the wall clock neither stalls nor floods a destination. Thread-safe.
/// </summary>
internal sealed class RateLimiter(string key, SteadyTime clock)
{
    private static readonly RateLimitOptions Unlimited = new() { PerSecond = 0 };

    private readonly Lock _lock = new();
    private RateLimitOptions _options = Unlimited;
    private TimeSpan _fullAt;
    private TimeSpan _heldUntil;
    private bool _isUnsaved;
    private long _epoch;
    private long _revision;

    public string Key => key;

    /// <summary>True once the stored state was loaded, or there was none.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>True when the next permit would be due at once.</summary>
    public bool IsFree
    {
        get
        {
            lock (_lock) return NextDueAt(Now) <= Now;
        }
    }

    private TimeSpan Now => clock.Elapsed;

    private TimeSpan Interval => _options.PerSecond > 0 ? TimeSpan.FromSeconds(1 / _options.PerSecond) : TimeSpan.Zero;

    private TimeSpan BucketSize => Interval * Math.Max(1, _options.Burst);

    /// <summary>One more destination uses the limit: the slowest rate counts.</summary>
    public void Limit(RateLimitOptions options)
    {
        lock (_lock)
        {
            if (options.PerSecond > 0 && (_options.PerSecond <= 0 || options.PerSecond < _options.PerSecond)) _options = options;
        }
    }

    /// <summary>Replaces all earlier rates. A deficit is converted to the new rate; a hold that the chat asked for stays.</summary>
    public void Configure(IReadOnlyList<RateLimitOptions> options)
    {
        lock (_lock)
        {
            var (before, oldInterval) = (_options, Interval);
            _options = Unlimited;
            foreach (var one in options) Limit(one);
            var from = Max(Now, _heldUntil);
            if (_options != before && oldInterval > TimeSpan.Zero && _fullAt > from)
                SetFullAt(from + ((_fullAt - from) * (Interval / oldInterval)));
        }
    }

    /// <summary>Restores the state that an earlier process saved; only the first call has an effect.</summary>
    public void Load(RateLimitState? state, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (IsLoaded) return;
            IsLoaded = true;
            if (state is null) return;
            // If the wall clock was set back since, count no time as passed.
            var passed = Max(now - state.SavedAt, TimeSpan.Zero);
            _revision = state.Revision;
            _heldUntil = Now + Max(state.Hold - passed, TimeSpan.Zero);
            _fullAt = Now + Max(state.Deficit - passed, TimeSpan.Zero);
        }
    }

    /// <summary>Takes the next permit. A permit that is not used is lost, which only makes the rate a little slower.</summary>
    public RateLimitPermit Reserve()
    {
        lock (_lock)
        {
            var now = Now;
            var dueAt = NextDueAt(now);
            if (Interval > TimeSpan.Zero) SetFullAt(Max(_fullAt, dueAt) + Interval);
            return new RateLimitPermit(this, dueAt, IsHeld: _heldUntil > now, _epoch);
        }
    }

    /// <summary>
    /// A permit was used just now: the chat counts from when it received the message, which may be later than the permit was due.
    /// </summary>
    public void Use()
    {
        lock (_lock)
        {
            if (Interval > TimeSpan.Zero) SetFullAt(Max(_fullAt, Now + Interval));
        }
    }

    /// <summary>The chat responded with 429: nothing is sent for this long, and then one message at a time.</summary>
    public void Hold(TimeSpan retryAfter)
    {
        lock (_lock)
        {
            // An earlier hold that lasts longer still counts.
            _heldUntil = Max(_heldUntil, Now + retryAfter);
            // The bucket is empty when the hold ends, except for one message.
            SetFullAt(Max(_fullAt, _heldUntil + BucketSize - Interval));
            _epoch++;
        }
    }

    /// <summary>
    /// The state to store, newer than every one returned before; null when nothing but time has passed since the last call.
    /// </summary>
    public RateLimitState? Save(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_isUnsaved) return null;
            _isUnsaved = false;
            return new RateLimitState(key)
            {
                Revision = ++_revision,
                SavedAt = now,
                Hold = Max(_heldUntil - Now, TimeSpan.Zero),
                Deficit = Max(_fullAt - Now, TimeSpan.Zero),
            };
        }
    }

    /// <summary>True when the chat asked for a hold after the permit was given.</summary>
    internal bool IsStale(RateLimitPermit permit)
    {
        lock (_lock) return permit.Epoch != _epoch;
    }

    private void SetFullAt(TimeSpan fullAt)
    {
        _fullAt = fullAt;
        _isUnsaved = true;
    }

    private TimeSpan NextDueAt(TimeSpan now) => Max(Max(_fullAt, now) - BucketSize + Interval, Max(now, _heldUntil));

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>The right to send one message through a limit.</summary>
/// <param name="Limiter">The limit that gave it.</param>
/// <param name="DueAt">When it may be used, on the steady clock.</param>
/// <param name="IsHeld">True when the chat asked to wait; false when only the configured rate makes it wait.</param>
/// <param name="Epoch">The number of holds when it was given; a later hold makes it stale.</param>
internal readonly record struct RateLimitPermit(RateLimiter Limiter, TimeSpan DueAt, bool IsHeld, long Epoch)
{
    /// <summary>True when it must not be used any more, because the chat has asked for a hold since.</summary>
    public bool IsStale => Limiter.IsStale(this);
}
