using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxPruningTests : IAsyncDisposable
{
    private static readonly PruneRequest Everything =
        new() { Now = Some.Moment.AddDays(1000), KeepDelivered = TimeSpan.Zero, KeepDead = TimeSpan.Zero };

    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task PruneAsync_Events_DeletesAllTheirRows()
    {
        var outbox = _database.Open();
        foreach (var state in (DeliveryState[])[DeliveryState.Dead, DeliveryState.Delivered, DeliveryState.Discarded])
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
            var pending = (await outbox.ReadPendingAsync("web-qa", 1, Token))[0];
            await outbox.StartAttemptAsync(pending, Some.Moment);
            await outbox.RecordAsync(Some.Outcome(pending) with { State = state, Message = "{}"u8.ToArray() });
        }

        await outbox.DiscardAsync(1, alsoPending: false, Some.Moment);
        Assert.Equal(1L, Ask("SELECT count(*) FROM operator_action"));

        Assert.Equal(3, (await outbox.PruneAsync(Everything)).Pruned);

        foreach (var table in (string[])["event", "delivery", "attempt", "message", "operator_action"])
            Assert.Equal((table, 0L), (table, Ask($"SELECT count(*) FROM {table}")));
        Assert.Equal(1L, Ask("SELECT count(*) FROM lane"));
    }

    [Fact]
    public async Task PruneAsync_LargeBodies_DeletesFewPerStep()
    {
        var outbox = _database.Open();
        for (var i = 0; i < 6; i++)
            await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[1024 * 1024] }, Token);

        var first = await outbox.PruneAsync(Everything);
        var second = await outbox.PruneAsync(Everything with { After = first.After });

        Assert.Equal((4, false), (first.Pruned, first.IsDone));
        Assert.Equal((2, true), (second.Pruned, second.IsDone));
    }

    [Fact]
    public async Task PruneAsync_FreedSpace_IsReused()
    {
        var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[1024 * 1024] }, Token);
        var pages = Ask("PRAGMA page_count");

        await outbox.PruneAsync(Everything);
        await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[1024 * 1024] }, Token);

        Assert.Equal(pages, Ask("PRAGMA page_count"));
    }

    [Fact]
    public async Task PruneAsync_DuringAppends_IsCommittedWithThem()
    {
        var outbox = _database.Open();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => outbox.AppendAsync(Some.NewEvent(), Token)));
        using var blocker = _database.Connect();
        using var held = blocker.BeginTransaction();

        var pruning = outbox.PruneAsync(Everything);
        var appending = outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        held.Rollback();

        Assert.Equal(256, (await pruning).Pruned);
        Assert.Equal(AppendStatus.Accepted, (await appending).Status);
    }

    [Fact]
    public async Task PruneAsync_AfterDispose_IsUnavailable()
    {
        var outbox = _database.Open();
        await outbox.DisposeAsync();

        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.PruneAsync(Everything));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ReadUsedBytesAsync(Token));
    }

    private object? Ask(string sql)
    {
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
