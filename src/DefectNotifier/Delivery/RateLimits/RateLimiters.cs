using System.Collections.Concurrent;

namespace DefectNotifier.Delivery.RateLimits;

/// <summary>All rate limits by key, shared by all lanes.</summary>
public sealed class RateLimiters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RateLimiter> _limiters = new(StringComparer.Ordinal);

    /// <summary>The clock for all waits: a permit is a moment on it, for every lane.</summary>
    internal SteadyTime Clock { get; } = new(time);

    /// <summary>
    /// Applies the rates of the current destinations; rates that are no longer configured stop counting. Holds and deficits stay.
    /// </summary>
    internal void Configure(IEnumerable<SharedRateLimit> limits)
    {
        foreach (var shared in limits.GroupBy(limit => limit.Key, StringComparer.Ordinal))
            Get(shared.Key).Configure([.. shared.Select(limit => limit.RateLimit)]);
    }

    internal RateLimiter For(SharedRateLimit limit)
    {
        var limiter = Get(limit.Key);
        limiter.Limit(limit.RateLimit);
        return limiter;
    }

    private RateLimiter Get(string key) => _limiters.GetOrAdd(key, added => new RateLimiter(added, Clock));
}
