using System.Collections.Concurrent;

namespace DefectNotifier.Telemetry;

/// <summary>Limits a repeated log line to one per interval and key.</summary>
/// <param name="time">The clock.</param>
/// <param name="interval">The time in which a key is logged once.</param>
public sealed class LogThrottle(TimeProvider time, TimeSpan interval)
{
    /// <summary>Senders may choose the keys: when this many were logged within the interval, other keys are not logged.</summary>
    public const int MaxKeys = 1000;

    private readonly ConcurrentDictionary<string, long> _lastLogged = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the key was not logged within the interval; it then counts as logged.</summary>
    public bool ShouldLog(string key)
    {
        var now = time.GetTimestamp();
        if (_lastLogged.TryGetValue(key, out var last)) return IsOld(last, now) && _lastLogged.TryUpdate(key, now, last);
        if (_lastLogged.Count >= MaxKeys) RemoveOld(now);
        return _lastLogged.Count < MaxKeys && _lastLogged.TryAdd(key, now);
    }

    private bool IsOld(long last, long now) => time.GetElapsedTime(last, now) >= interval;

    private void RemoveOld(long now)
    {
        foreach (var pair in _lastLogged)
            if (IsOld(pair.Value, now)) _lastLogged.TryRemove(pair);
    }
}
