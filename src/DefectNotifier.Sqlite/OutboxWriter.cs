using System.Threading.Channels;
using DefectNotifier.Outbox;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite;

/// <summary>
/// The one thread that writes. It takes everything that waits into one transaction: while one sync is under way the next batch gathers, so the price
/// of a sync is shared by all that wait, and a single request pays no extra.
/// </summary>
internal sealed partial class OutboxWriter
{
    private const int BatchLimit = 256;
    private const string Closed = "the outbox is closed";

    /// <summary>What may wait is committed when so many have come, at the latest after <see cref="Patience"/>.</summary>
    private const int Company = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    // Appends are bounded by the counter below. Lanes are not: each waits for its own operation before it asks for the next, so there are never
    // more of them than destinations, and refusing one would only lose what a destination has answered.
    private readonly Channel<WriteOperation> _waiting = Channel.CreateUnbounded<WriteOperation>(
        // Waking the thread is all that a continuation does here, and it takes no detour.
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BatchCommitter _committer;
    private readonly int _waitingLimit;
    private readonly ILogger _logger;
    private int _waitingAppends;

    // The writer's thread alone: what it waits for, also after a wait that was given up.
    private Task<bool>? _more;

    public OutboxWriter(BatchCommitter committer, int waitingLimit, ILogger logger)
    {
        _committer = committer;
        _waitingLimit = waitingLimit;
        _logger = logger;
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "outbox writer" }.Start();

    public async Task<AppendResult> AppendAsync(NewEvent newEvent)
    {
        try
        {
            if (Interlocked.Increment(ref _waitingAppends) > _waitingLimit)
                return new AppendResult(AppendStatus.Busy, EventId: null, 0);

            var operation = new AppendOperation(newEvent);
            Post(operation);
            return await operation.Result;
        }
        finally
        {
            Interlocked.Decrement(ref _waitingAppends);
        }
    }

    public Task WriteAsync(LaneOperation operation)
    {
        Post(operation);
        return operation.Done;
    }

    public Task<PruneResult> PruneAsync(PruneStep step)
    {
        Post(step);
        return step.Result;
    }

    public Task<MemoryChange> ApplyEnrichmentAsync(ApplyEnrichmentOperation operation)
    {
        Post(operation);
        return operation.Result;
    }

    /// <summary>An operator's word. Not bounded either: who asks sees to it that there are never many.</summary>
    public Task<DeliveryChange> ChangeAsync(ChangeOperation operation)
    {
        Post(operation);
        return operation.Result;
    }

    /// <summary>Takes nothing more, commits what waits, empties the log and closes the connection.</summary>
    public Task EndAsync()
    {
        _waiting.Writer.TryComplete();
        return _ended.Task;
    }

    private void Post(WriteOperation operation)
    {
        if (!_waiting.Writer.TryWrite(operation))
            operation.Fail(Closed, error: null);
    }

    private void Run()
    {
        using var woken = new AutoResetEvent(initialState: false);
        var batch = new List<WriteOperation>(BatchLimit);
        _committer.Begin();
        while (WaitToRead(woken, Timeout.InfiniteTimeSpan))
        {
            batch.Clear();
            Take(batch);
            while (batch.Count < Company && batch.TrueForAll(operation => operation.MayWait) && WaitToRead(woken, Patience))
                Take(batch);
            Commit(batch);
        }

        _committer.Dispose();
        _ended.TrySetResult();
    }

    private void Take(List<WriteOperation> batch)
    {
        while (batch.Count < BatchLimit && _waiting.Reader.TryRead(out var operation))
            batch.Add(operation);
    }

    // Asleep, not spinning, as a blocked task would: that takes a fifth of the time that the lanes have. False at the end, and when nothing came in time.
    private bool WaitToRead(AutoResetEvent woken, TimeSpan most)
    {
        var more = _more ??= Listen(woken);
        while (!more.IsCompleted)
            if (!woken.WaitOne(most)) return false;
        _more = null;
        return more.Result;
    }

    private Task<bool> Listen(AutoResetEvent woken)
    {
        var more = _waiting.Reader.WaitToReadAsync().AsTask();
        if (!more.IsCompleted) more.GetAwaiter().UnsafeOnCompleted(() => woken.Set());
        return more;
    }

    private void Commit(List<WriteOperation> batch)
    {
        try
        {
            _committer.Commit(batch);
        }
        catch (Exception error)
        {
            // A bug, or a logger that throws. Those that were told keep their end; the others must not wait for ever, and the thread must live.
            batch.ForEach(operation => operation.Fail("internal error", error));
            Report(error);
        }
    }

    private void Report(Exception error)
    {
        try
        {
            Log.Broken(_logger, error);
        }
        catch (Exception)
        {
            // Nowhere left to say it; those that waited were told.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 210, Level = LogLevel.Critical, Message = "The outbox's writer met an error that it does not know")]
        public static partial void Broken(ILogger logger, Exception error);
    }
}
