using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// A few connections that read, what takes long off the caller's thread. SQLite's log lets them read the last commit while the writer writes the next one; neither
/// waits for the other.
/// </summary>
internal sealed class OutboxReader(SqliteDatabase database) : IAsyncDisposable
{
    // So many that a long read of the history holds up no lane; each costs a file handle and a page cache of 2 MB at most.
    private const int Sessions = 4;

    private readonly SemaphoreSlim _free = new(Sessions);
    private readonly Stack<ReadSession> _idle = [];
    private volatile bool _closed;

    public Task<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancellationToken) =>
        ReadAsync(() => Task.Run(() => Read(read), cancellationToken), cancellationToken);

    /// <summary>
    /// Reads what takes less time than to hand it to another thread: a row by its key, a page of a lane. On threads of the pool alone: the one that polls the sockets
    /// must not wait for a file that another program holds.
    /// </summary>
    public Task<T> ReadHereAsync<T>(Func<ReadSession, T> read, CancellationToken cancellationToken) =>
        Thread.CurrentThread.IsThreadPoolThread ? ReadAsync(() => Task.FromResult(Read(read)), cancellationToken) : ReadAsync(read, cancellationToken);

    private async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        if (_closed) throw new OutboxUnavailableException("the outbox is closed");
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await read();
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Refuses what comes now, waits for the reads under way and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < Sessions; i++)
            await _free.WaitAsync(CancellationToken.None);
        while (TryTake(out var session))
            session.Dispose();
        _free.Release(Sessions);
    }

    private T Read<T>(Func<ReadSession, T> read)
    {
        // Those that waited for a place while the outbox was closed.
        if (_closed) throw new OutboxUnavailableException("the outbox is closed");
        ReadSession? session = null;
        try
        {
            if (!TryTake(out session)) session = database.OpenReadSession();
            var response = read(session);
            lock (_idle) _idle.Push(session);
            return response;
        }
        catch (Exception error)
        {
            // The next read opens a connection anew.
            session?.Dispose();
            if (error is SqliteException) throw new OutboxUnavailableException(SqliteErrors.Describe(error), error);
            throw;
        }
    }

    // The one that was used last: what it read is still in its cache.
    private bool TryTake([MaybeNullWhen(false)] out ReadSession session)
    {
        lock (_idle) return _idle.TryPop(out session);
    }
}
