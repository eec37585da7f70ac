using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Writing;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Writing;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

public sealed class BatchCommitterTests : IAsyncLifetime
{
    private const int DiskFull = 13;
    private const int InputOutputError = 10;
    private const int CanNotOpen = 14;

    private readonly TemporaryDatabase _database = new();
    private readonly LogLines<BatchCommitter> _log = new();
    private readonly RecordedNews _news = new();
    private BatchCommitter? _committer;
    private SqliteException? _reopenError;
    private int _reopened;

    // What each look at the file finds; empty: it is there.
    private bool[] _moved = [];
    private int _looks;

    private SqliteDatabase File => new(_database.Path);

    public async ValueTask InitializeAsync()
    {
        await _database.Open().DisposeAsync();
        var session = new SqliteWriteSession(File.ConnectToWrite());
        _committer = new BatchCommitter(
            session,
            Reopen,
            () => _moved.Length > 0 && _moved[_looks++] ? SqliteDatabase.Moved : null,
            SqliteErrors.Instance,
            _news,
            _log);
    }

    public async ValueTask DisposeAsync()
    {
        _committer!.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Commit_SameKeyTwiceInOneBatch_NamesTheFirst()
    {
        var first = Some.NewEvent("web-qa", "mobile");
        WriteOperation<AppendResult>[] batch = [Append(first), Append(Some.NewEvent() with { DedupKey = first.DedupKey })];

        _committer!.Commit(batch);

        Assert.Equal(new AppendResult(AppendStatus.Accepted, first.Id, 2), await batch[0].Completion);
        Assert.Equal(new AppendResult(AppendStatus.Duplicate, first.Id, 2), await batch[1].Completion);
    }

    [Fact]
    public void Commit_Fails_WakesTheLanesThatMayHaveSomethingAndCountsNothing()
    {
        var broken = Breaking(new SqliteException("broken", DiskFull));

        _committer!.Commit([Append(Some.NewEvent("web-qa")), broken]);

        // Once for the batch that failed, once for the event that was then committed alone.
        Assert.Equal(["web-qa 0", "web-qa +1"], _news.Take());
    }

    [Theory]
    [InlineData(DiskFull, "disk full", 0)]
    [InlineData(InputOutputError, "disk input/output error", 2)]
    [InlineData(8, "read-only", 2)]
    [InlineData(11, "database damaged (see 'outbox check')", 2)]
    [InlineData(18, "too large", 0)]
    public async Task Commit_OneOperationFails_CommitsTheOthers(int code, string detail, int reopened)
    {
        var broken = Breaking(new SqliteException("broken", code));
        var (before, after) = (Append(Some.NewEvent("web-qa")), Append(Some.NewEvent("web-qa")));

        _committer!.Commit([before, broken, after]);

        Assert.Equal(AppendStatus.Accepted, (await before.Completion).Status);
        Assert.Equal(AppendStatus.Accepted, (await after.Completion).Status);
        Assert.Equal(detail, await FailureAsync(broken));
        Assert.Equal(reopened, _reopened);
    }

    [Fact]
    public async Task Commit_OperationWithABug_FailsOnlyThatOperation()
    {
        var broken = Breaking(new FormatException("a bug"));
        var other = Append(Some.NewEvent("web-qa"));

        _committer!.Commit([broken, other]);

        Assert.Equal("internal error", await FailureAsync(broken));
        Assert.Equal(AppendStatus.Accepted, (await other.Completion).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, true)]
    public async Task Commit_FileIsGone_FailsTheEventsAfterOneLookAndCommitsTheOthers(params bool[] moved)
    {
        WriteOperation<AppendResult>[] events = [Event(), Event()];
        var other = Append(Some.NewEvent("web-qa"));
        _moved = moved;

        _committer!.Commit([events[0], other, events[1]]);

        foreach (var operation in events) Assert.Equal(SqliteDatabase.Moved, await FailureAsync(operation));
        Assert.Equal(AppendStatus.Accepted, (await other.Completion).Status);
        Assert.Equal(moved.Length, _looks);

        static WriteOperation<AppendResult> Event() =>
            new(rows => AppendRules.Append(rows, Some.NewEvent("web-qa"))) { IsAppend = true };
    }

    [Fact]
    public async Task Commit_ConnectionCannotBeReopened_RejectsAllUntilItIsReopened()
    {
        _reopenError = new SqliteException("gone", CanNotOpen);
        _committer!.Commit([Breaking(new SqliteException("broken", InputOutputError))]);
        WriteOperation<AppendResult>[] refused = [Append(Some.NewEvent("web-qa")), Append(Some.NewEvent("web-qa"))];
        var accepted = Append(Some.NewEvent("web-qa"));

        _committer.Commit(refused);
        _reopenError = null;
        _committer.Commit([accepted]);

        foreach (var operation in refused) Assert.Equal("file can't be opened", await FailureAsync(operation));
        Assert.Equal(AppendStatus.Accepted, (await accepted.Completion).Status);
    }

    [Fact]
    public void Commit_SameBugAgain_IsLoggedOnce()
    {
        for (var i = 0; i < 3; i++) _committer!.Commit([Breaking(new FormatException("a bug"))]);

        Assert.Equal([201], _log.EventIds);
    }

    [Fact]
    public void Commit_ErrorOfTheStore_IsLeftToThoseWhoWait()
    {
        _committer!.Commit([Breaking(new SqliteException("broken", InputOutputError))]);

        Assert.Empty(_log.EventIds);
    }

    [Fact]
    public async Task Commit_Rehearsal_IsUndoneAndNotReported()
    {
        var newEvent = Some.NewEvent("web-qa");
        var (before, after) = (Append(Some.NewEvent("web-qa")), Append(newEvent));
        var probe = new WriteOperation<bool>(_ => true) { Rehearse = rows => AppendRules.Append(rows, newEvent) };

        _committer!.Commit([before, probe, after]);

        Assert.True(await probe.Completion);
        Assert.Equal(AppendStatus.Accepted, (await after.Completion).Status);
        Assert.Equal(["web-qa +1", "web-qa +1"], _news.Take());
    }

    [Theory]
    [InlineData(InputOutputError)]
    [InlineData(11)]
    public async Task Commit_RehearsalFails_FailsOnlyTheProbe(int code)
    {
        var (before, after) = (Append(Some.NewEvent("web-qa")), Append(Some.NewEvent("web-qa")));
        var probe = new WriteOperation<bool>(_ => true)
        {
            Rehearse = rows =>
            {
                AppendRules.Append(rows, Some.NewEvent("mobile"));
                throw new SqliteException("broken", code);
            },
        };

        _committer!.Commit([before, probe, after]);

        await FailureAsync(probe);
        Assert.Equal(["web-qa +1", "web-qa +1"], _news.Take());
        Assert.Equal(AppendStatus.Accepted, (await before.Completion).Status);
        Assert.Equal(AppendStatus.Accepted, (await after.Completion).Status);
    }

    private static WriteOperation<AppendResult> Append(NewEvent newEvent) => new(rows => AppendRules.Append(rows, newEvent));

    // Writes a row, then fails.
    private static WriteOperation<bool> Breaking(Exception error) => new(rows =>
    {
        rows.Probe();
        throw error;
    });

    private static async Task<string> FailureAsync<T>(WriteOperation<T> operation) =>
        (await Assert.ThrowsAsync<OutboxUnavailableException>(() => operation.Completion)).Message;

    private WriteSession Reopen()
    {
        _reopened++;
        return _reopenError is null ? new SqliteWriteSession(File.ConnectToWrite()) : throw _reopenError;
    }
}
