using System.Collections.Concurrent;

namespace DefectNotifier.Delivery;

/// <summary>All limits, by key: destinations that share one share it here.</summary>
public sealed class Throttles(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Throttle> _throttles = new(StringComparer.Ordinal);

    /// <summary>What all waiting is measured by: a turn is a moment on it, for every lane.</summary>
    internal SteadyTime Clock { get; } = new(time);

    internal Throttle For(LimitOptions limit)
    {
        var throttle = _throttles.GetOrAdd(limit.Key, key => new Throttle(key, Clock));
        throttle.Limit(limit.Pace);
        return throttle;
    }
}
