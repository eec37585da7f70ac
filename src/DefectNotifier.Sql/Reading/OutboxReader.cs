using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>
/// A few connections that read the last commit while the writer writes the next one; neither waits for the other.
/// </summary>
/// <param name="connect">Opens a connection.</param>
/// <param name="errors">What errors mean.</param>
internal sealed class OutboxReader(Func<ReadSession> connect, SqlErrors errors) : IAsyncDisposable
{
    private const string Closed = "the outbox is closed";

    // Enough for a long read of the history to delay no lane; each costs a file handle and a page cache of at most 2 MB.
    private const int Sessions = 4;

    /// <summary>Reads of operators may take long: the others always have connections of their own.</summary>
    private const int LongReads = Sessions - 2;

    private readonly SemaphoreSlim _free = new(Sessions);
    private readonly SemaphoreSlim _long = new(LongReads);
    private readonly Stack<ReadSession> _idle = [];
    private volatile bool _closed;

    /// <summary>
    /// Opens all connections now: they continue to read the open file when it is deleted or replaced, and then no other can be opened.
    /// </summary>
    public void Open()
    {
        for (var i = 0; i < Sessions; i++) _idle.Push(connect());
    }

    /// <summary>Reads on another thread: for what may take long.</summary>
    public Task<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancellationToken) =>
        ReadAsync(() => Task.Run(() => Read(read), cancellationToken), cancellationToken);

    /// <summary>Reads what may take as long as an operator's question makes it.</summary>
    public async Task<T> ReadLongAsync<T>(Func<ReadSession, T> read, CancellationToken cancellationToken)
    {
        await _long.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(read, cancellationToken);
        }
        finally
        {
            _long.Release();
        }
    }

    /// <summary>
    /// Runs a short read (a row by its key, a page of a lane) on the caller's thread, because it takes less time than a thread switch. Only
    /// on threads of the pool: the one that polls the sockets must not wait for a file that another program holds.
    /// </summary>
    public Task<T> ReadHereAsync<T>(Func<ReadSession, T> read, CancellationToken cancellationToken) =>
        Thread.CurrentThread.IsThreadPoolThread
            ? ReadAsync(() => Task.FromResult(Read(read)), cancellationToken)
            : ReadAsync(read, cancellationToken);

    private async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        if (_closed) throw new OutboxUnavailableException(Closed);
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

    /// <summary>Refuses new reads, waits for those under way and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < Sessions; i++) await _free.WaitAsync(CancellationToken.None);
        while (TryTake(out var session)) session.Dispose();
        _free.Release(Sessions);
    }

    private T Read<T>(Func<ReadSession, T> read)
    {
        // Checked again: it may have waited while the outbox was closed.
        if (_closed) throw new OutboxUnavailableException(Closed);
        try
        {
            return TryTake(out var session) ? ReadAgain(session, read) : Read(connect(), read);
        }
        catch (Exception error) when (errors.IsOfStore(error))
        {
            throw new OutboxUnavailableException(errors.Describe(error), error);
        }
    }

    // Repeats the read on a new connection if this one was lost, for example after a restart of the database.
    private T ReadAgain<T>(ReadSession session, Func<ReadSession, T> read)
    {
        try
        {
            return Read(session, read);
        }
        catch (Exception error) when (errors.IsConnectionLost(error))
        {
            // The others have probably ended, too.
            while (TryTake(out var idle)) idle.Dispose();
            return Read(connect(), read);
        }
    }

    private T Read<T>(ReadSession session, Func<ReadSession, T> read)
    {
        try
        {
            var result = read(session);
            lock (_idle) _idle.Push(session);
            return result;
        }
        catch
        {
            // The next read opens a new connection.
            session.Dispose();
            throw;
        }
    }

    // The one that was used last: what it read is still in its cache.
    private bool TryTake([MaybeNullWhen(false)] out ReadSession session)
    {
        lock (_idle) return _idle.TryPop(out session);
    }
}
