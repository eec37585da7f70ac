using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Postgres.Sessions;

/// <summary>The sessions of all nodes, in the database of the outbox.</summary>
internal sealed class PostgresSessions(OutboxWriter writer, OutboxReader reader, TimeProvider time) : ISessionStore
{
    /// <summary>
    /// How long a session that was found is not read again. A page of the console sends all its requests within this time. A logout on
    /// another node takes effect this much later. That a session is missing is read each time, so a login takes effect on all nodes at
    /// once.
    /// </summary>
    public static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(2);

    /// <summary>How often a use is written: not for each request, because nodes write in turn.</summary>
    public static readonly TimeSpan RenewalPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Found> _found = new(StringComparer.Ordinal);

    public Task AddAsync(Session session)
    {
        var now = time.GetUtcNow();
        return WriteAsync(statements =>
        {
            statements.Run(SessionSql.RemoveExpired, now);
            statements.Run(SessionSql.KeepOfOperator, session.Operator, ISessionStore.MaxPerOperator - 1);
            statements.Run(SessionSql.Keep, ISessionStore.Max - 1);
            statements.Run(
                SessionSql.Add, session.TokenHash, session.Fingerprint, session.Operator, now, now + ISessionStore.IdleTimeout);
        });
    }

    public async Task<string?> FindAsync(string tokenHash, bool isUse, CancellationToken cancellationToken)
    {
        var found = _found.GetValueOrDefault(tokenHash);
        if (found is null || !IsTrusted(found)) found = await ReadAsync(tokenHash, cancellationToken);
        var now = time.GetUtcNow();
        if (found is null || found.ExpiresAt <= now) return null;
        var end = now + ISessionStore.IdleTimeout;
        if (isUse && end - found.ExpiresAt >= RenewalPause) await RenewAsync(tokenHash, found, end);
        return found.Fingerprint;
    }

    public async Task RemoveAsync(string tokenHash)
    {
        await WriteAsync(statements => statements.Run(SessionSql.Remove, tokenHash));
        _found.TryRemove(tokenHash, out _);
    }

    private async Task<Found?> ReadAsync(string tokenHash, CancellationToken cancellationToken)
    {
        var at = time.GetTimestamp();
        var found = await ReadLimit.WithinAsync(
            token => reader.ReadAsync(session => Read(session, tokenHash, at), token), time, cancellationToken);
        if (found is null)
        {
            _found.TryRemove(tokenHash, out _);
            return null;
        }

        if (_found.Count >= ISessionStore.Max) RemoveOld();
        return _found[tokenHash] = found;
    }

    private static Found? Read(ReadSession session, string tokenHash, long at)
    {
        using var row = session.Statements.Query(SessionSql.Find, tokenHash);
        return row.Read() ? new Found(row.GetString(0), row.GetTime(1), at) : null;
    }

    private void RemoveOld()
    {
        foreach (var (tokenHash, found) in _found)
            if (!IsTrusted(found)) _found.TryRemove(tokenHash, out _);
    }

    private bool IsTrusted(Found found) => time.GetElapsedTime(found.ReadAt) < TrustedFor;

    // Of the requests of a page, one waits for it, and none fails because of it: the session is valid.
    private async Task RenewAsync(string tokenHash, Found found, DateTimeOffset end)
    {
        _found.TryUpdate(tokenHash, found with { ExpiresAt = end }, found);
        try
        {
            await WriteAsync(statements => statements.Run(SessionSql.Renew, end, tokenHash));
        }
        catch (OutboxUnavailableException)
        {
            // The next request that reads the session tries again.
        }
    }

    private Task WriteAsync(Action<PostgresStatements> write) => writer.WriteAsync(rows =>
    {
        write(((PostgresTransaction)rows).Statements);
        return true;
    });

    /// <param name="Fingerprint">Of the secret.</param>
    /// <param name="ExpiresAt">When the session ends if it is not used.</param>
    /// <param name="ReadAt">The timestamp before it was read.</param>
    private sealed record Found(string Fingerprint, DateTimeOffset ExpiresAt, long ReadAt);
}
