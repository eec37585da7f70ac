using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>The outbox on a disk that somebody else fills to the last byte.</summary>
public sealed class SqliteOutboxReserveTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task RecordAsync_DiskFull_RecordsHundredsOfOutcomesWhileAppendsAreRefused()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        var outbox = Open(disk);
        var accepted = await AcceptAsync(outbox, 500);
        var owed = await outbox.ReadPendingAsync("web-qa", 1000, Token);
        Assert.Equal(500, owed.Count);
        disk.Fill("filler");

        foreach (var delivery in owed) await EndAsync(outbox, delivery);

        Assert.Equal(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, "disk full"), await outbox.AppendAsync(Some.NewEvent("web-qa"), Token));
        Assert.Equal("disk full", (await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ProbeAsync(Token))).Message);
        Assert.False(File.Exists(ReserveOn(disk)));

        File.Delete(disk.File("filler"));
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        accepted.AddRange(await AcceptAsync(outbox, 1));
        await outbox.ProbeAsync(Token);
        Assert.True(File.Exists(ReserveOn(disk)));
        await AllIsWholeAsync(outbox, accepted);
        await outbox.DisposeAsync();
        await using var reopened = Open(disk);
        await AllIsWholeAsync(reopened, accepted);
    }

    [Fact]
    public async Task RecordAsync_DiskFullAndAppendsInTheSameBatch_RecordsTheOneAndRefusesTheOthers()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        await using var outbox = Open(disk);
        await AcceptAsync(outbox, 20);
        var owed = await outbox.ReadPendingAsync("web-qa", 20, Token);
        disk.Fill("filler");
        await FillLogAsync(outbox);

        var appends = new List<Task<AppendResult>>();
        var outcomes = new List<Task>();
        foreach (var delivery in owed)
        {
            appends.Add(outbox.AppendAsync(Some.NewEvent("web-qa") with { Body = new byte[10_000] }, Token));
            outcomes.Add(EndAsync(outbox, delivery));
        }

        await Task.WhenAll(outcomes);
        Assert.All(await Task.WhenAll(appends), result => Assert.Equal((AppendStatus.Unavailable, "disk full"), (result.Status, result.Detail)));
    }

    [Fact]
    public async Task Open_DiskFullWithoutAReserve_WorksAndAcceptsOnceThereIsRoom()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        var accepted = new List<string>();
        await using (var before = Open(disk)) accepted.AddRange(await AcceptAsync(before, 10));
        File.Delete(ReserveOn(disk));
        disk.Fill("filler", spare: 64 * 1024);

        await using var outbox = Open(disk);
        Assert.Equal(10, (await outbox.ReadPendingAsync("web-qa", 100, Token)).Count);
        Assert.Equal("disk full", (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
        File.Delete(disk.File("filler"));
        _database.Time.Advance(TimeSpan.FromSeconds(1));

        accepted.AddRange(await AcceptAsync(outbox, 1));
        Assert.Equal(accepted, (await outbox.ReadPendingAsync("web-qa", 100, Token)).Select(delivery => delivery.EventId));
        Assert.True(File.Exists(ReserveOn(disk)));
    }

    [Fact]
    public async Task Open_DiskFullAndAttemptsToClose_SpendsTheReserveForThem()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        await using (var before = Open(disk))
        {
            await AcceptAsync(before, 1);
            await before.StartAttemptAsync((await before.ReadPendingAsync("web-qa", 1, Token))[0].Id, Some.Moment);
        }

        disk.Fill("filler");

        await using var outbox = Open(disk);

        Assert.True((await outbox.ReadPendingAsync("web-qa", 1, Token))[0].MayBeRepeat);
        Assert.Equal("disk full", (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
    }

    [Fact]
    public async Task Open_FilesOfAProcessThatWasKilledAndNotAByteLeft_SpendsTheReserveAndFindsEverything()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        var killed = _database.Open();
        var accepted = await AcceptAsync(killed, 200);
        foreach (var ending in (string[])["", "-wal"]) File.Copy(_database.Path + ending, disk.File("outbox.db" + ending));
        await File.WriteAllBytesAsync(ReserveOn(disk), new byte[SqliteOutboxOptions.StandardReserveBytes], Token);
        disk.Fill("filler");

        await using var outbox = Open(disk);

        var owed = await outbox.ReadPendingAsync("web-qa", 1000, Token);
        Assert.Equal(accepted, owed.Select(delivery => delivery.EventId));
        foreach (var delivery in owed) await EndAsync(outbox, delivery);
        Assert.Empty(await outbox.ReadBacklogAsync(Token));
    }

    [Fact]
    public async Task AppendAsync_OurOwnFilesFillTheDisk_AcceptsAgainAfterPruningThoughNoFileShrank()
    {
        using var disk = SmallDisk.MountOrSkip("size=24m");
        await using var outbox = Open(disk);
        await AcceptAsync(outbox, 50);
        var owed = await outbox.ReadPendingAsync("web-qa", 50, Token);
        await FillLogAsync(outbox);
        foreach (var delivery in owed) await EndAsync(outbox, delivery);
        Assert.False(File.Exists(ReserveOn(disk)));

        var request = new PruneRequest { Now = Some.Moment.AddDays(1), KeepDelivered = TimeSpan.Zero, KeepDead = TimeSpan.Zero };
        for (var step = await outbox.PruneAsync(request); !step.IsDone;)
            step = await outbox.PruneAsync(request with { After = step.After });
        _database.Time.Advance(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 20; i++)
            Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[20_000] }, Token)).Status);
        Assert.True(File.Exists(ReserveOn(disk)));
    }

    private SqliteOutbox Open(SmallDisk disk) => _database.Open(options =>
    {
        options.Path = disk.File("outbox.db");
        options.ReserveBytes = SqliteOutboxOptions.StandardReserveBytes;
    });

    private static string ReserveOn(SmallDisk disk) => disk.File("outbox.db.reserve");

    private static async Task<List<string>> AcceptAsync(SqliteOutbox outbox, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var result = await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
            Assert.Equal(AppendStatus.Accepted, result.Status);
            ids.Add(result.EventId!);
        }

        return ids;
    }

    // Until nothing more is accepted: the log may have room when the disk has none.
    private static async Task FillLogAsync(SqliteOutbox outbox)
    {
        AppendResult result;
        do
            result = await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[20_000] }, Token);
        while (result.Status == AppendStatus.Accepted);
    }

    private static async Task EndAsync(SqliteOutbox outbox, PendingDelivery delivery)
    {
        await outbox.StartAttemptAsync(delivery.Id, Some.Moment);
        await outbox.RecordAsync(Some.Outcome(delivery) with { Detail = new string('x', 400), Reference = "C0123456789/1767603600.000100" });
    }

    // All that was accepted is there; all but the last one have been delivered.
    private static async Task AllIsWholeAsync(SqliteOutbox outbox, List<string> accepted)
    {
        var stored = new List<StoredEvent>();
        foreach (var id in accepted) stored.AddRange(await outbox.ReadEventsAsync(new EventQuery { Id = id }, Token));

        Assert.Equal(accepted, stored.Select(one => one.Id));
        Assert.All(stored[..^1], one => Assert.Equal(("delivered", 400), (one.Deliveries[0].State, one.Deliveries[0].History[0].Detail!.Length)));
        Assert.Equal("pending", stored[^1].Deliveries[0].State);
    }
}
