using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>The outbox on a disk that other files fill.</summary>
public sealed class SqliteOutboxDiskTests : IAsyncDisposable
{
    private const long MinFree = 4 * 1024 * 1024;
    private const string AlmostFull = "disk almost full: less than Outbox:MinFreeBytes is free";

    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AppendAsync_LittleFreeSpace_IsRefusedWhileOutcomesAreRecorded()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        await using var outbox = Open(disk);
        for (var i = 0; i < 200; i++) await AcceptAsync(outbox);
        var pending = await outbox.ReadPendingAsync("web-qa", 1000, Token);
        disk.Fill("filler", spare: (int)MinFree - 4096);
        _database.Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var delivery in pending) await EndAsync(outbox, delivery);

        Assert.Equal(200, pending.Count);
        Assert.Equal(
            new AppendResult(AppendStatus.Unavailable, EventId: null, 0, AlmostFull),
            await outbox.AppendAsync(Some.NewEvent("web-qa"), Token));
        Assert.Equal(AlmostFull, (await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ProbeAsync(Token))).Message);
        Assert.Empty(await outbox.ReadBacklogAsync(Token));

        File.Delete(disk.File("filler"));
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        await AcceptAsync(outbox);
        await outbox.ProbeAsync(Token);
    }

    [Fact]
    public async Task AppendAsync_WithinASecond_DoesNotMeasureAgain()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        await using var outbox = Open(disk);
        await AcceptAsync(outbox);

        disk.Fill("filler", spare: 1024 * 1024);
        await AcceptAsync(outbox);
        _database.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(AlmostFull, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
        File.Delete(disk.File("filler"));
        Assert.Equal(AlmostFull, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
    }

    [Fact]
    public async Task AppendAsync_OutboxFillsTheDiskItself_AcceptsAgainAfterPruningAlthoughNoFileShrank()
    {
        using var disk = SmallDisk.MountOrSkip("size=24m");
        await using var outbox = Open(disk);
        AppendResult refused;
        do
        {
            _database.Time.Advance(TimeSpan.FromSeconds(1));
            refused = await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[100_000] }, Token);
        }
        while (refused.Status == AppendStatus.Accepted);

        Assert.Equal(AlmostFull, refused.Detail);
        var request = new PruneRequest { Now = Some.Moment.AddDays(1), KeepDelivered = TimeSpan.Zero, KeepDead = TimeSpan.Zero };
        for (var step = await outbox.PruneAsync(request); !step.IsDone;)
            step = await outbox.PruneAsync(request with { After = step.After });
        _database.Time.Advance(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 20; i++)
            Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[20_000] }, Token)).Status);
    }

    [Fact]
    public async Task Open_DiskFull_ReadsStoredEventsAndAcceptsNewOnesOnceThereIsSpace()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        await using (var before = Open(disk)) await AcceptAsync(before);
        disk.Fill("filler", spare: 64 * 1024);

        await using var outbox = Open(disk);
        Assert.Single(await outbox.ReadPendingAsync("web-qa", 100, Token));
        Assert.Equal(AlmostFull, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
        File.Delete(disk.File("filler"));
        _database.Time.Advance(TimeSpan.FromSeconds(1));

        await AcceptAsync(outbox);
    }

    [Fact]
    public async Task Open_NoSpaceAtAll_SaysWhatItIsNeededForAndWorksWithSpace()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        await using (var before = Open(disk)) await AcceptAsync(before);
        disk.Fill("filler");

        var refused = Assert.Throws<OutboxOpenException>(() => Open(disk));

        Assert.Contains("disk full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Free some space", refused.Message, StringComparison.Ordinal);
        File.Delete(disk.File("filler"));
        await using var outbox = Open(disk);
        Assert.Single(await outbox.ReadPendingAsync("web-qa", 100, Token));
    }

    private SqliteOutbox Open(SmallDisk disk) => _database.Open(options =>
    {
        options.Path = disk.File("outbox.db");
        options.MinFreeBytes = MinFree;
    });

    private static async Task AcceptAsync(SqliteOutbox outbox) =>
        Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);

    private static async Task EndAsync(SqliteOutbox outbox, PendingDelivery delivery)
    {
        await outbox.StartAttemptAsync(delivery, Some.Moment);
        await outbox.RecordAsync(
            Some.Outcome(delivery) with { Detail = new string('x', 400), Reference = "C0123456789/1767603600.000100" });
    }
}
