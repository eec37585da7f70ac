using System.Collections.Concurrent;

namespace DefectNotifier.Delivery;

/// <summary>All limits, by key: destinations that share one share it here.</summary>
public sealed class RateLimiters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RateLimiter> _rateLimiters = new(StringComparer.Ordinal);

    /// <summary>What all waiting is measured by: a turn is a moment on it, for every lane.</summary>
    internal SteadyTime Clock { get; } = new(time);

    /// <summary>
    /// The limits of the destinations that there are now: the slowest pace counts, and one that was slower before counts no more. What is held or owed stays.
    /// </summary>
    internal void Configure(IEnumerable<SharedRateLimit> limits)
    {
        foreach (var shared in limits.GroupBy(limit => limit.Key, StringComparer.Ordinal))
            _rateLimiters.GetOrAdd(shared.Key, key => new RateLimiter(key, Clock)).RateLimit([.. shared.Select(limit => limit.RateLimit)]);
    }

    internal RateLimiter For(SharedRateLimit limit)
    {
        var rateLimiter = _rateLimiters.GetOrAdd(limit.Key, key => new RateLimiter(key, Clock));
        rateLimiter.Limit(limit.RateLimit);
        return rateLimiter;
    }
}
