using System.Collections.Concurrent;

namespace DefectNotifier.Worker.Ingress;

/// <summary>Keeps a log readable when somebody knocks all day. Keys come from a closed list.</summary>
internal sealed class LogThrottle(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _lastSaid = new(StringComparer.Ordinal);

    /// <summary>True when the key has not been said within the last minute; then it counts as said.</summary>
    public bool IsNews(string key)
    {
        var now = time.GetTimestamp();
        if (_lastSaid.TryGetValue(key, out var last))
            return time.GetElapsedTime(last, now) >= TimeSpan.FromMinutes(1) && _lastSaid.TryUpdate(key, now, last);
        return _lastSaid.TryAdd(key, now);
    }
}
