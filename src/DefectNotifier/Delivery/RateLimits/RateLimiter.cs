using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.RateLimits;

/// <summary>
/// One rate limit on sends or on lookups: a token bucket, which a 429 empties and closes for the time of its <c>Retry-After</c>, for every
/// lane that uses the limit. Uses the steady clock, so a change of the wall clock neither stalls nor floods a destination. Thread-safe.
/// </summary>
internal sealed class RateLimiter(string key, SteadyTime clock)
{
    private static readonly RateLimitOptions Unlimited = new() { PerSecond = 0 };

    private readonly Lock _lock = new();
    private RateLimitOptions _options = Unlimited;
    private TimeSpan _fullAt;
    private TimeSpan _closedUntil;
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

    /// <summary>Replaces all earlier rates. A deficit is converted to the new rate; a closed limit stays closed.</summary>
    public void Configure(IReadOnlyList<RateLimitOptions> options)
    {
        lock (_lock)
        {
            var (before, oldInterval) = (_options, Interval);
            _options = Unlimited;
            foreach (var one in options) Limit(one);
            var from = Max(Now, _closedUntil);
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
            _closedUntil = Now + Max(state.ClosedFor - passed, TimeSpan.Zero);
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
            return new RateLimitPermit(this, dueAt, IsClosed: _closedUntil > now, _epoch);
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
    public void CloseFor(TimeSpan retryAfter)
    {
        lock (_lock)
        {
            // An earlier response may have closed it for longer.
            _closedUntil = Max(_closedUntil, Now + retryAfter);
            // When it opens again the bucket is empty, except for one message.
            SetFullAt(Max(_fullAt, _closedUntil + BucketSize - Interval));
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
                ClosedFor = Max(_closedUntil - Now, TimeSpan.Zero),
                Deficit = Max(_fullAt - Now, TimeSpan.Zero),
            };
        }
    }

    /// <summary>True when the limit was closed after the permit was given.</summary>
    internal bool IsStale(RateLimitPermit permit)
    {
        lock (_lock) return permit.Epoch != _epoch;
    }

    private void SetFullAt(TimeSpan fullAt)
    {
        _fullAt = fullAt;
        _isUnsaved = true;
    }

    private TimeSpan NextDueAt(TimeSpan now) => Max(Max(_fullAt, now) - BucketSize + Interval, Max(now, _closedUntil));

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>The right to send one message through a limit.</summary>
/// <param name="Limiter">The limit that gave it.</param>
/// <param name="DueAt">When it may be used, on the steady clock.</param>
/// <param name="IsClosed">True when the chat asked to wait; false when only the configured rate makes it wait.</param>
/// <param name="Epoch">How many times the limit had been closed when it was given.</param>
internal readonly record struct RateLimitPermit(RateLimiter Limiter, TimeSpan DueAt, bool IsClosed, long Epoch)
{
    /// <summary>True when it must not be used any more, because the limit was closed since.</summary>
    public bool IsStale => Limiter.IsStale(this);
}
