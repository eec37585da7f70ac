using System.Collections.Concurrent;

namespace DefectNotifier.Delivery;

/// <summary>All limits, by key: destinations that share one share it here.</summary>
public sealed class Throttles(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Throttle> _throttles = new(StringComparer.Ordinal);

    /// <summary>What all waiting is measured by: a turn is a moment on it, for every lane.</summary>
    internal SteadyTime Clock { get; } = new(time);

    /// <summary>
    /// The limits of the destinations that there are now: the slowest pace counts, and one that was slower before counts no more. What is held or owed stays.
    /// </summary>
    internal void Configure(IEnumerable<LimitOptions> limits)
    {
        foreach (var shared in limits.GroupBy(limit => limit.Key, StringComparer.Ordinal))
            _throttles.GetOrAdd(shared.Key, key => new Throttle(key, Clock)).Pace([.. shared.Select(limit => limit.Pace)]);
    }

    internal Throttle For(LimitOptions limit)
    {
        var throttle = _throttles.GetOrAdd(limit.Key, key => new Throttle(key, Clock));
        throttle.Limit(limit.Pace);
        return throttle;
    }
}
