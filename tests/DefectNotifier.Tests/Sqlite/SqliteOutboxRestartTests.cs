using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxRestartTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Open_Again_FindsEverything()
    {
        var newEvent = Some.NewEvent("web-qa", "mobile");
        var lane = new LaneState("web-qa") { NotBefore = Some.Moment.AddSeconds(30), Failures = 1 };
        await using (var before = _database.Open())
        {
            await before.AppendAsync(newEvent, Token);
            var pending = (await before.ReadPendingAsync("web-qa", 1, Token))[0];
            await before.StartAttemptAsync(pending, Some.Moment);
            await before.RecordAsync(Some.Outcome(pending) with { Lane = lane });
        }

        var after = _database.Open();

        var stored = Assert.Single(await after.ReadEventsAsync(new EventQuery(), Token));
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Pending], stored.Deliveries.Select(delivery => delivery.State));
        Assert.Single(stored.Deliveries[0].History);
        Assert.Equal(newEvent.Id, Assert.Single(await after.ReadPendingAsync("mobile", 10, Token)).EventId);
        Assert.Equal(lane, await after.ReadLaneAsync("web-qa", Token));
        Assert.Equal(
            new AppendResult(AppendStatus.Duplicate, newEvent.Id, 2),
            await after.AppendAsync(Some.NewEvent() with { DedupKey = newEvent.DedupKey }, Token));
    }

    [Fact]
    public async Task Open_AttemptLeftOpen_EndsAsInterruptedAndMayBeRepeat()
    {
        await using (var before = _database.Open())
        {
            await before.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
            await before.StartAttemptAsync((await before.ReadPendingAsync("web-qa", 1, Token))[0], Some.Moment);
        }

        _database.Time.Advance(TimeSpan.FromMinutes(1));
        var after = _database.Open();

        var cut = Assert.Single(await after.ReadPendingAsync("web-qa", 10, Token));
        Assert.True(cut.MayBeRepeat);
        Assert.False(Assert.Single(await after.ReadPendingAsync("mobile", 10, Token)).MayBeRepeat);
        var history = Assert.Single(await after.ReadEventsAsync(new EventQuery(), Token)).Deliveries[0].History;
        Assert.Equal(
            new StoredAttempt(1, Some.Moment, Some.Moment.AddMinutes(1), SendOutcome.Ambiguous, SendReason.Interrupted, Detail: null),
            Assert.Single(history));
    }

    [Fact]
    public async Task Open_FilesOfAProcessThatWasKilled_FindsWhatWasAccepted()
    {
        var outbox = _database.Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => outbox.AppendAsync(Some.NewEvent("web-qa"), Token)));
        var copy = _database.Folder.CreateSubdirectory("copy");
        foreach (var file in (string[])["outbox.db", "outbox.db-wal"])
            TemporaryDatabase.Copy(Path.Combine(_database.Folder.FullName, file), Path.Combine(copy.FullName, file));

        var after = _database.Open(options => options.Path = Path.Combine(copy.FullName, "outbox.db"));

        var found = await after.ReadPendingAsync("web-qa", 100, Token);
        Assert.Equal(results.Select(result => result.EventId).Order(), found.Select(delivery => delivery.EventId).Order());
    }

    [Fact]
    public async Task DisposeAsync_AppendsWaiting_CommitsThemFirst()
    {
        var outbox = _database.Open();
        var waiting = Enumerable.Range(0, 300).Select(_ => outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).ToList();

        await outbox.DisposeAsync();

        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(AppendStatus.Accepted, result.Status));
        Assert.Equal(300, Assert.Single(await _database.Open().ReadBacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task DisposeAsync_Always_LeavesOneDatabaseFile()
    {
        var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        await outbox.ReadBacklogAsync(Token);

        await outbox.DisposeAsync();

        Assert.Equal(["outbox.db", "outbox.db.lock"], _database.Folder.GetFiles().Select(file => file.Name).Order());
    }

    [Fact]
    public async Task DisposeAsync_Twice_IsHarmless()
    {
        var outbox = _database.Open();

        await outbox.DisposeAsync();
        await outbox.DisposeAsync();

        await _database.Open().ProbeAsync(Token);
    }

    [Fact]
    public async Task AnyMember_AfterDispose_IsUnavailable()
    {
        var outbox = _database.Open();
        await outbox.DisposeAsync();

        var result = await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);

        Assert.Equal(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, "the outbox is closed"), result);
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.SaveLaneAsync(new LaneState("web-qa")));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ReadBacklogAsync(Token));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ProbeAsync(Token));
    }
}
