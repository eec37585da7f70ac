using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>The sessions of a store that only this process uses: they are only in memory, so they end with the process.</summary>
public sealed class SoleSessions(TimeProvider time) : ISessionStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _sessions = new(StringComparer.Ordinal);

    public Task AddAsync(Session session)
    {
        lock (_lock)
        {
            var same = _sessions.Where(one => one.Value.Session.Operator == session.Operator).ToList();
            if (same.Count >= ISessionStore.MaxPerOperator) RemoveOldest(same);
            else if (_sessions.Count >= ISessionStore.Max) RemoveOldest(_sessions);
            _sessions[session.TokenHash] = new Entry(session, time.GetTimestamp());
        }

        return Task.CompletedTask;
    }

    public Task<string?> FindAsync(string tokenHash, bool isUse, CancellationToken cancellationToken) =>
        Task.FromResult(Find(tokenHash, isUse));

    public Task RemoveAsync(string tokenHash)
    {
        lock (_lock) _sessions.Remove(tokenHash);
        return Task.CompletedTask;
    }

    private string? Find(string tokenHash, bool isUse)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (!_sessions.TryGetValue(tokenHash, out var found)) return null;
            if (time.GetElapsedTime(found.LastUsed, now) >= ISessionStore.IdleTimeout)
            {
                _sessions.Remove(tokenHash);
                return null;
            }

            if (isUse) _sessions[tokenHash] = found with { LastUsed = now };
            return found.Session.Fingerprint;
        }
    }

    private void RemoveOldest(IEnumerable<KeyValuePair<string, Entry>> among) =>
        _sessions.Remove(among.MinBy(one => one.Value.LastUsed).Key);

    private sealed record Entry(Session Session, long LastUsed);
}
