using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

public sealed class BatchCommitterTests : IAsyncDisposable
{
    private const int DiskFull = 13;
    private const int InputOutputError = 10;
    private const int CanNotOpen = 14;

    private readonly TemporaryDatabase _database = new();
    private readonly SqliteDatabase _file;
    private readonly LogLines<BatchCommitter> _log = new();
    private readonly BatchCommitter _committer;
    private readonly DiskReserve _reserve;
    private SqliteException? _reopenError;
    private int _reopened;

    public BatchCommitterTests()
    {
        _file = new SqliteDatabase(_database.Path);
        _file.Prepare(SchemaMigrations.All, Some.Moment).Session.Dispose();
        _reserve = new DiskReserve(_database.Path, 64 * 1024, _database.Time, _log);
        _reserve.Find();
        _reserve.Make();
        _committer = new BatchCommitter(_file.OpenWriteSession(), Reopen, _reserve, _log);
    }

    public async ValueTask DisposeAsync()
    {
        _committer.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Commit_SameKeyTwiceInOneBatch_NamesTheFirst()
    {
        var first = Some.NewEvent("web-qa", "mobile");
        AppendOperation[] batch = [new(first), new(Some.NewEvent() with { DedupKey = first.DedupKey })];

        _committer.Commit(batch);

        Assert.Equal(new AppendResult(AppendStatus.Accepted, first.Id, 2), await batch[0].Result);
        Assert.Equal(new AppendResult(AppendStatus.Duplicate, first.Id, 2), await batch[1].Result);
    }

    [Theory]
    [InlineData(DiskFull, "disk full", 0)]
    [InlineData(InputOutputError, "disk input/output error", 2)]
    [InlineData(8, "read-only", 2)]
    [InlineData(11, "database damaged", 2)]
    [InlineData(18, "too large", 0)]
    public async Task Commit_OneOperationBreaks_CommitsTheOthers(int code, string detail, int reopened)
    {
        var broken = new BreakingOperation(new SqliteException("broken", code));
        AppendOperation before = new(Some.NewEvent("web-qa"));
        AppendOperation after = new(Some.NewEvent("web-qa"));

        _committer.Commit([before, broken, after]);

        Assert.Equal(AppendStatus.Accepted, (await before.Result).Status);
        Assert.Equal(AppendStatus.Accepted, (await after.Result).Status);
        Assert.Equal(detail, broken.Failure);
        Assert.False(broken.IsCompleted);
        Assert.Equal(reopened, _reopened);
    }

    [Fact]
    public async Task Commit_OperationWithABug_FailsItAlone()
    {
        var broken = new BreakingOperation(new FormatException("a bug"));
        AppendOperation other = new(Some.NewEvent("web-qa"));

        _committer.Commit([broken, other]);

        Assert.Equal("internal error", broken.Failure);
        Assert.Equal(AppendStatus.Accepted, (await other.Result).Status);
    }

    [Fact]
    public async Task Commit_ConnectionCanNotBeMadeAnew_RefusesAllUntilItCan()
    {
        _reopenError = new SqliteException("gone", CanNotOpen);
        _committer.Commit([new BreakingOperation(new SqliteException("broken", InputOutputError))]);
        AppendOperation[] refused = [new(Some.NewEvent("web-qa")), new(Some.NewEvent("web-qa"))];
        AppendOperation accepted = new(Some.NewEvent("web-qa"));

        _committer.Commit(refused);
        _reopenError = null;
        _committer.Commit([accepted]);

        foreach (var operation in refused)
            Assert.Equal(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, "file can't be opened"), await operation.Result);
        Assert.Equal(AppendStatus.Accepted, (await accepted.Result).Status);
    }

    [Fact]
    public void Commit_SameErrorAgain_IsLoggedOnceAndItsEndToo()
    {
        for (var i = 0; i < 3; i++)
            _committer.Commit([new BreakingOperation(new SqliteException("broken", InputOutputError))]);
        for (var i = 0; i < 2; i++)
            _committer.Commit([new AppendOperation(Some.NewEvent())]);

        Assert.Equal([201, 202], _log.EventIds);
    }

    [Fact]
    public async Task Commit_DiskFullForWhatWasSent_SpendsTheReserveAndCommitsAgain()
    {
        var outcome = new BreakingOperation(new SqliteException("full", DiskFull), times: 2) { Spends = true };
        AppendOperation after = new(Some.NewEvent("web-qa"));

        _committer.Commit([outcome, after]);

        Assert.True(outcome.IsCompleted);
        Assert.Equal(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, "disk full"), await after.Result);
        Assert.True(_reserve.IsSpent);
        Assert.Equal([204], _log.EventIds);
    }

    [Fact]
    public async Task Commit_ReserveSpent_RefusesAppendsUntilItStandsAgain()
    {
        _committer.Commit([new BreakingOperation(new SqliteException("full", DiskFull), times: 1) { Spends = true }]);
        AppendOperation refused = new(Some.NewEvent("web-qa")), accepted = new(Some.NewEvent("web-qa"));
        var probe = new ProbeOperation();
        var lane = new SaveLaneOperation(new LaneState("web-qa"));

        _committer.Commit([refused, lane, probe]);
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        _committer.Commit([accepted]);

        Assert.Equal("disk full", (await refused.Result).Detail);
        Assert.Equal("disk full", (await Assert.ThrowsAsync<OutboxUnavailableException>(() => probe.Done)).Message);
        await lane.Done;
        Assert.Equal(AppendStatus.Accepted, (await accepted.Result).Status);
        Assert.Equal([204, 205], _log.EventIds);
    }

    [Fact]
    public void Commit_DiskFullThoughTheReserveIsSpent_FailsAsWithoutOne()
    {
        _reserve.TrySpend();
        var broken = new BreakingOperation(new SqliteException("full", DiskFull)) { Spends = true };

        _committer.Commit([broken]);

        Assert.Equal("disk full", broken.Failure);
    }

    private WriteSession Reopen()
    {
        _reopened++;
        return _reopenError is null ? _file.OpenWriteSession() : throw _reopenError;
    }

    /// <summary>Writes something, and then breaks; so many times, or always.</summary>
    private sealed class BreakingOperation(Exception error, int times = int.MaxValue) : WriteOperation
    {
        private int _left = times;

        public override bool MaySpendReserve => Spends;

        public bool Spends { get; init; }

        public bool IsCompleted { get; private set; }

        public string? Failure { get; private set; }

        public override void Execute(WriteSession session)
        {
            session.Probe.Run();
            if (_left-- > 0) throw error;
        }

        public override void Complete() => IsCompleted = true;

        public override void Fail(string detail, Exception? error) => Failure = detail;
    }
}
