using System.Collections.Concurrent;

namespace DefectNotifier.Worker.Ingress;

/// <summary>Limits a repeated log line to one per minute and key. Keys come from a closed list, so the memory is bounded.</summary>
internal sealed class LogThrottle(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> _lastLogged = new(StringComparer.Ordinal);

    /// <summary>True when the key was not logged within the last minute; counts as logged then.</summary>
    public bool ShouldLog(string key)
    {
        var now = time.GetTimestamp();
        if (_lastLogged.TryGetValue(key, out var last))
            return time.GetElapsedTime(last, now) >= Interval && _lastLogged.TryUpdate(key, now, last);
        return _lastLogged.TryAdd(key, now);
    }
}
