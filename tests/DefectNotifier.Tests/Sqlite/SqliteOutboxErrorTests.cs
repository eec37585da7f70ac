using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxErrorTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AppendAsync_BeyondTheWaitingLimit_IsBusyAtOnceButLanesAreNot()
    {
        var outbox = _database.Open(options => options.WaitingLimit = 3);
        using var blocker = _database.Connect();
        using var held = blocker.BeginTransaction();
        var waiting = Enumerable.Range(0, 3).Select(_ => outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).ToList();

        var beyond = outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var lane = outbox.SaveLaneAsync(new LaneState("web-qa") { Failures = 1 });

        Assert.True(beyond.IsCompleted);
        Assert.Equal(new AppendResult(AppendStatus.Busy, EventId: null, 0), await beyond);
        held.Rollback();
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(AppendStatus.Accepted, result.Status));
        await lane;
        Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
    }

    [Fact]
    public async Task AppendAsync_CancelledWhileWaiting_IsStillStored()
    {
        var outbox = _database.Open();
        using var blocker = _database.Connect();
        using var held = blocker.BeginTransaction();
        using var cancelled = new CancellationTokenSource();
        var waiting = outbox.AppendAsync(Some.NewEvent("web-qa"), cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.Rollback();
        await outbox.ProbeAsync(Token);
        Assert.Single(await outbox.ReadPendingAsync("web-qa", 10, Token));
    }

    [Fact]
    public async Task ReadPendingAsync_WriterBlocked_StillReturns()
    {
        var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var claim = await outbox.ClaimAsync("web-qa", Token);
        using var blocker = _database.Connect();
        using var held = blocker.BeginTransaction();
        var waiting = outbox.ProbeAsync(Token);

        Assert.Single((await outbox.ReadPendingAsync(claim, 10, Token)).Deliveries);

        Assert.False(waiting.IsCompleted);
        held.Rollback();
        await waiting;
    }

    [Fact]
    public async Task AppendAsync_DiskFull_IsUnavailableUntilThereIsSpaceAgain()
    {
        using var disk = SmallDisk.MountOrSkip("size=3m");
        await using var outbox = _database.Open(options => options.Path = disk.File("outbox.db"));
        var accepted = new List<string?>();
        accepted.Add((await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).EventId);
        disk.Fill("filler");
        var fillers = 0;
        AppendResult refused;
        while (true)
        {
            // Events that still fit into the write-ahead log are accepted.
            refused = await outbox.AppendAsync(Some.NewEvent("web-qa") with { Body = new byte[10_000] }, Token);
            if (refused.Status != AppendStatus.Accepted) break;
            accepted.Add(refused.EventId);
            Assert.True(++fillers < 1000);
        }

        Assert.Equal(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, "disk full"), refused);
        var together = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => outbox.AppendAsync(Some.NewEvent("web-qa") with { Body = new byte[10_000] }, Token)));
        Assert.All(together, result => Assert.Equal((AppendStatus.Unavailable, "disk full"), (result.Status, result.Detail)));
        Assert.Equal(accepted, (await outbox.ReadPendingAsync("web-qa", 2000, Token)).Select(delivery => delivery.EventId));

        File.Delete(disk.File("filler"));

        var again = await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        Assert.Equal(AppendStatus.Accepted, again.Status);
        accepted.Add(again.EventId);
        await outbox.ProbeAsync(Token);
        Assert.Equal(accepted, (await outbox.ReadPendingAsync("web-qa", 2000, Token)).Select(delivery => delivery.EventId));
        await outbox.DisposeAsync();
        await using var reopened = _database.Open(options => options.Path = disk.File("outbox.db"));
        Assert.Equal(accepted, (await reopened.ReadPendingAsync("web-qa", 2000, Token)).Select(delivery => delivery.EventId));
    }

    [Fact]
    public async Task Open_DiskFullAndAnAttemptLeftOpen_ClaimsTheLaneWhenThereIsSpace()
    {
        using var disk = SmallDisk.MountOrSkip("size=3m");
        var before = _database.Open();
        await before.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
        await before.StartAttemptAsync((await before.ReadPendingAsync("web-qa", 1, Token))[0], Some.Moment);
        // As a process leaves them that is killed.
        foreach (var end in (string[])["", "-wal", "-shm"]) TemporaryDatabase.Copy(_database.Path + end, disk.File("outbox.db" + end));
        disk.Fill("filler");
        await using var after = _database.Open(options => options.Path = disk.File("outbox.db"));

        var error = await Assert.ThrowsAsync<OutboxUnavailableException>(() => after.ClaimAsync("web-qa", Token));
        Assert.Equal("disk full", error.Message);
        // Nothing has to be written for this one.
        Assert.Equal(0, (await after.ClaimAsync("mobile", Token)).Interrupted);
        File.Delete(disk.File("filler"));
        Assert.Equal(1, (await after.ClaimAsync("web-qa", Token)).Interrupted);
    }

    [Fact]
    public async Task LaneMembers_DiskFull_ThrowUnavailableAndWorkAgainWithSpace()
    {
        using var disk = SmallDisk.MountOrSkip("size=3m");
        await using var outbox = _database.Open(options => options.Path = disk.File("outbox.db"));
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var pending = (await outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await outbox.StartAttemptAsync(pending, Some.Moment);
        disk.Fill("filler");
        var outcome = Some.Outcome(pending) with { State = DeliveryState.Pending, Detail = new string('x', 100_000) };

        var error = await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.RecordAsync(outcome));
        Assert.Equal("disk full", error.Message);
        File.Delete(disk.File("filler"));
        await outbox.RecordAsync(outcome);

        Assert.Equal(1, Assert.Single(Assert.Single(await outbox.ReadEventsAsync(new EventQuery(), Token)).Deliveries).Attempts);
    }

    [Fact]
    public async Task AppendAsync_TableMissing_IsUnavailableAndTheWriterContinues()
    {
        var outbox = _database.Open();
        Execute("ALTER TABLE delivery RENAME TO hidden");

        var refused = await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ReadBacklogAsync(Token));
        Execute("ALTER TABLE hidden RENAME TO delivery");

        Assert.Equal(AppendStatus.Unavailable, refused.Status);
        Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
        Assert.Single(await outbox.ReadBacklogAsync(Token));
    }

    private void Execute(string sql)
    {
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
