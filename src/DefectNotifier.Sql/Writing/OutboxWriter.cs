using DefectNotifier.Outbox.Rules;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sql.Writing;

/// <summary>
/// The one thread that writes. It puts all waiting operations into one transaction: while one sync is under way the next batch gathers, so
/// all that wait share the cost of a sync, and a single request does not wait for others.
/// </summary>
/// <param name="committer">Commits them.</param>
/// <param name="logger">The log.</param>
/// <param name="commitDelay">How long a batch waits at most for the callers of the batch before it, which often write again at once: fewer
/// and larger transactions where one costs much more than its rows. Zero: not at all.</param>
internal sealed partial class OutboxWriter(BatchCommitter committer, ILogger logger, TimeSpan commitDelay = default)
{
    private const int BatchLimit = 256;
    private const string Closed = "the outbox is closed";

    // A monitor, because the thread must sleep while nothing waits: spinning would take time from the lanes.
    private readonly object _gate = new();
    private readonly Queue<WriteOperation> _waiting = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The thread is woken when so many operations wait.
    private int _wanted = 1;
    private bool _isClosed;

    /// <inheritdoc cref="BatchCommitter.IsDamaged"/>
    public bool IsDamaged => committer.IsDamaged;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "outbox writer" }.Start();

    /// <summary>
    /// Runs it in a transaction and completes after the commit. Not limited in number: a lane waits for each, and operators are few.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<IOutboxTransaction, T> write) => WriteAsync(new WriteOperation<T>(write));

    /// <inheritdoc cref="WriteAsync{T}(Func{IOutboxTransaction, T})"/>
    public Task<T> WriteAsync<T>(WriteOperation<T> operation)
    {
        if (!TryEnqueue(operation)) operation.Fail(Closed, error: null);
        return operation.Completion;
    }

    /// <summary>Runs the rehearsal, undoes what it wrote, and commits a minimal write.</summary>
    public Task ProbeAsync(Action<IOutboxTransaction> rehearse) => WriteAsync(new WriteOperation<bool>(Probe) { Rehearse = rehearse });

    /// <summary>Accepts no more writes, commits the pending ones, truncates the log and closes the connection.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        return _ended.Task;
    }

    private static bool Probe(IOutboxTransaction rows)
    {
        rows.Probe();
        return true;
    }

    private bool TryEnqueue(WriteOperation operation)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            _waiting.Enqueue(operation);
            if (_waiting.Count >= _wanted) Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Run()
    {
        var batch = new List<WriteOperation>(BatchLimit);
        while (TakeBatch(batch)) Commit(batch);
        committer.Dispose();
        _ended.TrySetResult();
    }

    // False at the end. The batch still contains the one before.
    private bool TakeBatch(List<WriteOperation> batch)
    {
        var before = batch.Count;
        batch.Clear();
        lock (_gate)
        {
            if (before > 1 && commitDelay > TimeSpan.Zero) Wait(Math.Min(before + _waiting.Count, BatchLimit), commitDelay);
            while (_waiting.Count == 0 && !_isClosed) Wait(1, Timeout.InfiniteTimeSpan);
            while (batch.Count < BatchLimit && _waiting.TryDequeue(out var operation)) batch.Add(operation);
        }

        return batch.Count > 0;
    }

    // Until so many wait, or the outbox is closed.
    private void Wait(int wanted, TimeSpan limit)
    {
        if (_isClosed || _waiting.Count >= wanted) return;
        _wanted = wanted;
        Monitor.Wait(_gate, limit);
        _wanted = 1;
    }

    private void Commit(List<WriteOperation> batch)
    {
        try
        {
            committer.Commit(batch);
        }
        catch (Exception error)
        {
            // A bug, or a logger that throws. Completed operations stay completed; the others must not wait forever, and the thread must
            // live.
            batch.ForEach(operation => operation.Fail("internal error", error));
            Report(error);
        }
    }

    private void Report(Exception error)
    {
        try
        {
            Log.Broken(logger, error);
        }
        catch (Exception)
        {
            // The logger is broken; the callers have the error.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(210, LogLevel.Critical, "Unexpected error in the outbox's writer")]
        public static partial void Broken(ILogger logger, Exception error);
    }
}
