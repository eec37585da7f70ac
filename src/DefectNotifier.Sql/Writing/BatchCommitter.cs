using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sql.Database;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sql.Writing;

/// <summary>
/// Commits a batch of operations in one transaction. When that fails it tries each on its own, so that one bad or large operation does not
/// fail the others. Owns the write session and replaces it when it has become unusable. It throws no error of the store: every operation
/// completes or fails. The news of a commit is reported before its operations complete.
/// </summary>
internal sealed partial class BatchCommitter(
    WriteSession first, Func<WriteSession> reopen, Func<string?> isGone, SqlErrors errors, IOutboxNews news, ILogger logger) : IDisposable
{
    private WriteSession _session = first;
    private volatile bool _isDamaged;
    private bool _isSuspect;
    private string _error = "";
    private string? _bug;

    /// <summary>
    /// True when a write found the file damaged. Other writes may still succeed, but this does not pass while the process runs.
    /// </summary>
    public bool IsDamaged => _isDamaged;

    public void Commit(IReadOnlyList<WriteOperation> batch)
    {
        // Checked before the commit, because what is stored is also delivered, and the sender repeats it; and after the commit, because
        // nothing in a deleted file may be confirmed.
        if (IsGone(batch, out var reason))
        {
            FailAppends(batch, reason);
            batch = [.. batch.Where(operation => !operation.IsAppend)];
            if (batch.Count == 0) return;
        }

        if (TryCommit(batch, isLast: false) == BatchResult.TryEach) CommitEach(batch);
    }

    public void Dispose()
    {
        try
        {
            _session.End();
        }
        catch (Exception error)
        {
            // The log stays beside the database and the next start reads it: nothing is lost.
            Log.NotCheckpointed(logger, errors.Describe(error));
        }

        Close(_session);
    }

    private void CommitEach(IReadOnlyList<WriteOperation> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (TryCommit([batch[i]], isLast: true) != BatchResult.NotBegun) continue;
            // Each of the others would wait for the same lock or the same file again.
            for (var rest = i + 1; rest < batch.Count; rest++) batch[rest].Fail(_error, error: null);
            return;
        }
    }

    private BatchResult TryCommit(IReadOnlyList<WriteOperation> operations, bool isLast)
    {
        var (isBegun, isExecuted) = (false, false);
        try
        {
            var session = Begin(operations);
            isBegun = true;
            foreach (var operation in operations) Rehearse(operation, operations, session);
            foreach (var operation in operations) operation.Execute(session.Rows);
            isExecuted = true;
            session.Commit();
        }
        catch (Exception error)
        {
            // The commit may be on disk although it was reported as failed.
            _session.Rows.News.Report(news, isCertain: false);
            Abandon(error);
            if (!isBegun)
            {
                Fail(operations, error);
                return BatchResult.NotBegun;
            }

            if (!isLast && (operations.Count > 1 || (isExecuted && errors.IsInDoubt(error)))) return BatchResult.TryEach;
            Fail(operations, error);
            return BatchResult.Failed;
        }

        // A trial write changes nothing: without this, a console that follows all changes would wake itself by reading the status.
        if (operations.Any(operation => operation.Rehearse is null)) _session.Rows.News.Report(news, isCertain: true);
        if (IsGone(operations, out var reason)) FailAppends(operations, reason);
        // Without effect on those that failed.
        foreach (var operation in operations) operation.Complete();
        return BatchResult.Committed;
    }

    private bool IsGone(IReadOnlyList<WriteOperation> operations, [NotNullWhen(true)] out string? reason)
    {
        reason = operations.Any(operation => operation.IsAppend) ? isGone() : null;
        return reason is not null;
    }

    private static void FailAppends(IReadOnlyList<WriteOperation> operations, string reason)
    {
        foreach (var operation in operations.Where(operation => operation.IsAppend)) operation.Fail(reason, error: null);
    }

    private static void Rehearse(WriteOperation operation, IReadOnlyList<WriteOperation> batch, WriteSession session)
    {
        if (operation.Rehearse is not { } rehearse) return;
        try
        {
            rehearse(session.Rows);
        }
        finally
        {
            session.Rows.News.Clear();
        }

        session.Rollback();
        session.Begin(batch);
    }

    private void Fail(IReadOnlyList<WriteOperation> operations, Exception error)
    {
        _error = errors.Describe(error);
        foreach (var operation in operations) operation.Fail(_error, error);
        // Errors of the store are reported by those who wait for these operations.
        if (errors.IsOfStore(error) || error is OutboxUnavailableException || error.Message == _bug) return;
        _bug = error.Message;
        Log.Failed(logger, error);
    }

    // Begins again on a new connection if this one was lost, for example after a restart of the database: an append that arrives when the
    // database works again must not be refused.
    private WriteSession Begin(IReadOnlyList<WriteOperation> operations)
    {
        var isFresh = _isSuspect;
        var session = Session();
        try
        {
            session.Begin(operations);
            return session;
        }
        catch (Exception error) when (!isFresh && errors.IsConnectionLost(error))
        {
            Abandon(error);
            session = Session();
            session.Begin(operations);
            return session;
        }
    }

    private WriteSession Session()
    {
        if (!_isSuspect) return _session;
        // The old connection is closed only after the new one is open: while any is open, SQLite does not read the log again, where it
        // could find a commit that was reported as failed because its sync failed.
        var fresh = reopen();
        Close(_session);
        _isSuspect = false;
        return _session = fresh;
    }

    private void Abandon(Exception error)
    {
        _isSuspect |= !errors.LeavesConnectionUsable(error);
        _isDamaged |= errors.IsDamage(error);
        try
        {
            _session.Rollback();
        }
        catch (Exception)
        {
            // A transaction that can't be rolled back holds the write lock until its connection is closed.
            _isSuspect = true;
        }
    }

    private static void Close(WriteSession session)
    {
        try
        {
            session.Dispose();
        }
        catch (Exception)
        {
            // It is not used any more, or the process ends: what was committed is on disk already.
        }
    }

    private enum BatchResult
    {
        /// <summary>On disk, and every operation is completed.</summary>
        Committed,

        /// <summary>Rolled back because of the only operation or of its commit; it has failed.</summary>
        Failed,

        /// <summary>Rolled back, or it is not known; each operation must be tried on its own.</summary>
        TryEach,

        /// <summary>No transaction could be started; every operation has failed.</summary>
        NotBegun,
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Critical, "Unexpected error in a write to the outbox, which was rolled back")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(203, LogLevel.Warning, "The outbox's log could not be truncated at the end: {Detail}. The next start reads it")]
        public static partial void NotCheckpointed(ILogger logger, string detail);
    }
}
