using System.Collections.Concurrent;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Writing;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Outbox;

public sealed class OutboxWriterTests : IDisposable
{
    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HeldSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Write_WhileABatchIsCommitted_SharesTheNextTransaction()
    {
        var writer = Start(commitDelay: default);
        var first = Write(writer);
        await _session.HoldsAsync();
        Task[] rest = [Write(writer), Write(writer)];
        _session.LetAllGo();

        await Task.WhenAll([first, .. rest]).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], _session.Batches);
    }

    [Fact]
    public async Task Write_WithADelay_WaitsForTheCallersOfTheBatchBefore()
    {
        var writer = Start(Forever);
        await TwoAtOnceAsync(writer);

        var third = Write(writer);
        var fourth = Write(writer);
        await Task.WhenAll(third, fourth).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 2], _session.Batches);
    }

    [Fact]
    public async Task Write_AloneWithADelay_DoesNotWait()
    {
        var writer = Start(Forever);
        _session.LetAllGo();

        await Write(writer).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await Write(writer).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal([1, 1], _session.Batches);
    }

    [Fact]
    public async Task Write_WithADelayAndFewerCallers_IsCommittedAfterTheDelay()
    {
        var writer = Start(TimeSpan.FromMilliseconds(1));
        await TwoAtOnceAsync(writer);

        await Write(writer).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 1], _session.Batches);
    }

    [Fact]
    public async Task End_WhileABatchWaitsForCallers_CommitsIt()
    {
        var writer = Start(Forever);
        await TwoAtOnceAsync(writer);
        var third = Write(writer);

        await writer.EndAsync().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.True(third.IsCompletedSuccessfully);
        Assert.Equal([1, 2, 1], _session.Batches);
    }

    // A batch of two, after one of one.
    private async Task TwoAtOnceAsync(OutboxWriter writer)
    {
        var first = Write(writer);
        await _session.HoldsAsync();
        Task[] both = [Write(writer), Write(writer)];
        _session.LetAllGo();
        await Task.WhenAll([first, .. both]).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    private static Task Write(OutboxWriter writer) => writer.WriteAsync(_ => true);

    private OutboxWriter Start(TimeSpan commitDelay)
    {
        var committer = new BatchCommitter(
            _session, () => _session, () => null, SqliteErrors.Instance, new RecordedNews(), NullLogger.Instance);
        var writer = new OutboxWriter(committer, NullLogger.Instance, commitDelay);
        writer.Start();
        return writer;
    }

    /// <summary>Commits nothing; holds each transaction until it is let go.</summary>
    private sealed class HeldSession : WriteSession
    {
        private readonly ManualResetEventSlim _goes = new();

        // The operations here read and write nothing.
        private readonly OutboxRows _rows = new(statements: null!);
        private volatile bool _holds;

        public ConcurrentQueue<int> Batches { get; } = [];

        public override IOutboxTransaction Rows => _rows;

        public override void Begin(IReadOnlyList<WriteOperation> batch) => Batches.Enqueue(batch.Count);

        public override void Commit()
        {
            _holds = true;
            _goes.Wait(Deadline);
        }

        public override void Rollback()
        {
        }

        public override void Dispose() => _goes.Set();

        public Task HoldsAsync() => Eventually.HoldsAsync(() => _holds, "a transaction is held");

        public void LetAllGo() => _goes.Set();
    }
}
