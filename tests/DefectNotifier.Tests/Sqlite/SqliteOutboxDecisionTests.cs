using DefectNotifier.Outbox;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxDecisionTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AppendAsync_EventsThatShareADecision_StoreItOnce()
    {
        var outbox = _database.Open();
        var first = Some.NewEvent("web-qa");
        var other = Some.NewEvent("mobile");

        foreach (var one in (NewEvent[])[first, Some.NewEvent() with { Decision = first.Decision }, other, Some.NewEvent() with { Decision = first.Decision }])
            await outbox.AppendAsync(one, Token);

        Assert.Equal(2L, Ask("SELECT count(*) FROM decision"));
        Assert.Equal(["web-qa", "mobile", "web-qa", "web-qa"], await DecidedAsync(outbox));
    }

    [Fact]
    public async Task AppendAsync_AfterATransactionThatWasUndone_StoresTheDecisionAnew()
    {
        var outbox = _database.Open();
        Do("CREATE TRIGGER none_of_it BEFORE INSERT ON event WHEN NEW.name = 'broken' BEGIN SELECT RAISE(ABORT, 'broken'); END");
        var broken = Some.NewEvent("web-qa") with { Name = "broken" };

        var refused = await outbox.AppendAsync(broken, Token);
        await outbox.AppendAsync(Some.NewEvent() with { Decision = broken.Decision }, Token);

        Assert.Equal(AppendStatus.Unavailable, refused.Status);
        Assert.Equal(["web-qa"], await DecidedAsync(outbox));
    }

    [Fact]
    public async Task PruneAsync_DecisionsThatNoEventHasAnyMore_AreForgottenAndTheOthersStay()
    {
        var outbox = _database.Open();
        var first = Some.NewEvent();
        await outbox.AppendAsync(first, Token);
        // As if so many had come in between that the decision is stored anew for the next ones.
        Do("UPDATE event SET seq = 1000000");
        await outbox.AppendAsync(Some.NewEvent() with { Decision = first.Decision }, Token);
        await outbox.AppendAsync(Some.NewEvent() with { Decision = first.Decision, ReceivedAt = Some.Moment.AddDays(1) }, Token);
        Assert.Equal("0 1000001", Ask("SELECT group_concat(since, ' ') FROM decision"));
        var request = new PruneRequest { Now = Some.Moment.AddDays(2), KeepDelivered = TimeSpan.FromDays(1.5), KeepDead = TimeSpan.FromDays(1.5) };

        Assert.Equal(2, (await outbox.PruneAsync(request)).Pruned);

        Assert.Equal("1000001", Ask("SELECT group_concat(since, ' ') FROM decision"));
        var left = Assert.Single(await outbox.ReadEventsAsync(new EventQuery(), Token));
        Assert.Equal(first.Decision.Deliveries, left.Decision.Deliveries);
    }

    private static async Task<IEnumerable<string>> DecidedAsync(IOutboxHistory outbox) =>
        (await outbox.ReadEventsAsync(new EventQuery(), Token)).Select(stored => Assert.Single(stored.Decision.Deliveries).Destination);

    private void Do(string sql) => Ask(sql);

    private object? Ask(string sql)
    {
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
