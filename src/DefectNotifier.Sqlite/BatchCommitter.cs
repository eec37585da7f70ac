using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite;

/// <summary>
/// Commits a batch of operations in one transaction. When that fails it tries each on its own, so that one bad or large operation does not take the
/// others with it. On a full disk it gives the reserve up for those that it is kept for. Owns the write session and replaces it when it has become unusable.
/// No error of the store throws: every operation ends as completed or failed.
/// </summary>
internal sealed partial class BatchCommitter(WriteSession first, Func<WriteSession> reopen, DiskReserve reserve, ILogger logger) : IDisposable
{
    private WriteSession? _session = first;
    private bool _suspect;
    private string? _error;

    /// <summary>Makes the reserve when there is none yet. What is to be written meanwhile waits; the start of the service does not.</summary>
    public void Begin() => reserve.Make();

    public void Commit(IReadOnlyList<WriteOperation> batch)
    {
        var admitted = Admit(batch);
        if (admitted.Count == 0) return;
        var end = TryCommit(admitted);
        if (end == BatchEnd.Failed && admitted.Count > 1)
            CommitEach(admitted);
        if (end == BatchEnd.Committed && !reserve.IsSpent && _error is { } error)
        {
            _error = null;
            Log.Recovered(logger, error);
        }
    }

    public void Dispose()
    {
        try
        {
            _session?.Checkpoint();
        }
        catch (Exception error)
        {
            // The log stays beside the database and the next start reads it: nothing is lost.
            Log.NotCheckpointed(logger, SqliteErrors.Describe(error));
        }

        Close(_session);
    }

    private IReadOnlyList<WriteOperation> Admit(IReadOnlyList<WriteOperation> batch)
    {
        if (!reserve.IsSpent || batch.All(operation => operation.MaySpendReserve)) return batch;
        reserve.TryRestore(() => Checkpoint(session => session.CheckpointUnlessBusy(SqliteDatabase.BusyMilliseconds)));
        return reserve.IsSpent ? [.. batch.Where(IsAdmitted)] : batch;
    }

    // While the reserve is spent, the room that it left belongs to those that may spend it.
    private bool IsAdmitted(WriteOperation operation)
    {
        if (!reserve.IsSpent || operation.MaySpendReserve) return true;
        operation.Fail(SqliteErrors.DiskFull, error: null);
        return false;
    }

    private void Checkpoint(Action<WriteSession> checkpoint)
    {
        try
        {
            if (_session is not null) checkpoint(_session);
        }
        catch (Exception)
        {
            // The database would have to grow for it, and can't. The log stays as it is, and with it everything committed.
        }
    }

    private void CommitEach(IReadOnlyList<WriteOperation> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (!IsAdmitted(batch[i]) || TryCommit([batch[i]]) != BatchEnd.NotBegun) continue;

            // Nobody's turn will come: each would wait for the same lock or the same file again.
            for (var rest = i + 1; rest < batch.Count; rest++)
                batch[rest].Fail(_error!, error: null);
            return;
        }
    }

    private BatchEnd TryCommit(IReadOnlyList<WriteOperation> operations)
    {
        var begun = false;
        try
        {
            var session = Session();
            session.Begin();
            begun = true;
            foreach (var operation in operations)
                operation.Execute(session);
            session.Commit();
        }
        catch (Exception error)
        {
            Abandon(error);
            if (operations is [{ MaySpendReserve: true }] && SqliteErrors.IsDiskFull(error) && reserve.TrySpend())
            {
                // At once, while there is room for all of it: a log that could not be moved has grown far beyond its usual size.
                Checkpoint(session => session.MoveLog());
                return TryCommit(operations);
            }

            if (!begun || operations.Count == 1) Fail(operations, error);
            return begun ? BatchEnd.Failed : BatchEnd.NotBegun;
        }

        foreach (var operation in operations)
            operation.Complete();
        return BatchEnd.Committed;
    }

    private void Fail(IReadOnlyList<WriteOperation> operations, Exception error)
    {
        var detail = SqliteErrors.Describe(error);
        foreach (var operation in operations)
            operation.Fail(detail, error);
        var known = detail == _error;
        _error = detail;
        if (!known) Log.Failed(logger, detail, error);
    }

    private WriteSession Session()
    {
        if (_session is not null && !_suspect) return _session;

        // The old connection is closed only after the new one is open: while any is open, SQLite does not search the log anew, where it could
        // find a commit that was reported as failed because its sync failed.
        var fresh = reopen();
        Close(_session);
        _suspect = false;
        return _session = fresh;
    }

    private void Abandon(Exception error)
    {
        _suspect |= !SqliteErrors.LeavesConnectionUsable(error);
        try
        {
            _session?.Rollback();
        }
        catch (Exception)
        {
            // A transaction that can't be undone holds the write lock until its connection is closed.
            Close(_session);
            _session = null;
        }
    }

    private static void Close(WriteSession? session)
    {
        try
        {
            session?.Dispose();
        }
        catch (Exception)
        {
            // It was given up, or the process ends: what was committed is on disk already.
        }
    }

    private enum BatchEnd
    {
        /// <summary>On disk, and everybody was told.</summary>
        Committed,

        /// <summary>Undone by an error of an operation or of the commit; nobody was told unless the operation was alone.</summary>
        Failed,

        /// <summary>No transaction could be begun; everybody was told.</summary>
        NotBegun,
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "Writing to the outbox failed: {Detail}. What could not be written was refused; this is said once until a write succeeds")]
        public static partial void Failed(ILogger logger, string detail, Exception error);

        [LoggerMessage(EventId = 202, Level = LogLevel.Information, Message = "Writing to the outbox succeeds again (it failed with: {Detail})")]
        public static partial void Recovered(ILogger logger, string detail);

        [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "The outbox's log could not be emptied at the end: {Detail}. The next start reads it")]
        public static partial void NotCheckpointed(ILogger logger, string detail);
    }
}
