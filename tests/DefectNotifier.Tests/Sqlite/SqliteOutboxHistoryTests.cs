using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Outbox;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>What the contract does not specify: how much is read at a time, and what is deleted with a delivery.</summary>
public sealed class SqliteOutboxHistoryTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task ReadDeliveriesAsync_NoMatchInAPage_EndsEarlyAndReturnsWhereToContinue()
    {
        var outbox = _database.Open(options => options.PageRows = 10);
        for (var i = 0; i < 25; i++) await outbox.AppendAsync(Some.NewEvent(i == 0 ? "mobile" : "web-qa"), Token);
        var query = new DeliveryQuery { States = [DeliveryState.Pending, DeliveryState.Dead], Destination = "mobile" };

        var first = await outbox.ReadDeliveriesAsync(query, Token);
        var second = await outbox.ReadDeliveriesAsync(query with { BeforeId = first.Next }, Token);
        var third = await outbox.ReadDeliveriesAsync(query with { BeforeId = second.Next }, Token);

        Assert.Equal((0, 16L), (first.Deliveries.Count, first.Next));
        Assert.Equal((0, 6L), (second.Deliveries.Count, second.Next));
        Assert.Equal((1, null), (third.Deliveries.Count, third.Next));
    }

    [Fact]
    public void PageEnd_AfterAWhile_IsReachedButNeverAtTheFirstRow()
    {
        var time = new FakeTimeProvider();
        var end = new PageEnd(maxRows: 100, time, Token);
        Assert.False(end.IsReached());
        Assert.False(end.IsReached());
        time.Advance(PageEnd.MaxTime);
        Assert.True(end.IsReached());

        var slow = new PageEnd(maxRows: 100, time, Token);
        time.Advance(PageEnd.MaxTime);
        Assert.False(slow.IsReached());
        Assert.True(slow.IsReached());
        Assert.Throws<OperationCanceledException>(() => new PageEnd(100, time, new CancellationToken(canceled: true)).IsReached());
    }

    [Fact]
    public async Task ReadSummariesAsync_ManyEventsOfOneDefect_ReturnsEach()
    {
        var outbox = _database.Open(options => options.PageRows = 10);
        for (var i = 0; i < 25; i++) await outbox.AppendAsync(Some.NewEvent("web-qa", "mobile") with { SubjectId = 7 }, Token);
        foreach (var state in (DeliveryState?[])[null, DeliveryState.Pending])
        {
            var query = new EventSummaryQuery { SubjectId = state is null ? 7 : null, State = state };
            var found = new List<long>();
            do
            {
                var page = await outbox.ReadSummariesAsync(query, Token);
                found.AddRange(page.Events.Select(one => one.Sequence));
                query = query with { Before = page.Next };
            }
            while (query.Before is not null);

            Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => (long)i), found);
        }
    }

    [Fact]
    public async Task ProbeAsync_NothingElseIsWritten_ReportsNoChange()
    {
        var news = new RecordedNews();
        var outbox = _database.Open(news: news);
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var before = news.Changes;

        await outbox.ProbeAsync(Token);
        Assert.Equal(before, news.Changes);

        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        Assert.Equal(before + 1, news.Changes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DeliveryState.Pending)]
    public async Task ReadSummariesAsync_NoMatchInAPage_EndsEarlyAndReturnsWhereToContinue(DeliveryState? state)
    {
        var outbox = _database.Open(options => options.PageRows = 10);
        for (var i = 0; i < 25; i++) await outbox.AppendAsync(Some.NewEvent(i == 0 ? "mobile" : "web-qa"), Token);
        var query = new EventSummaryQuery { Destination = "mobile", State = state };

        var first = await outbox.ReadSummariesAsync(query, Token);
        var second = await outbox.ReadSummariesAsync(query with { Before = first.Next }, Token);
        var third = await outbox.ReadSummariesAsync(query with { Before = second.Next }, Token);

        Assert.Equal((0, 16L), (first.Events.Count, first.Next));
        Assert.Equal((0, 6L), (second.Events.Count, second.Next));
        Assert.Equal((1, null), (third.Events.Count, third.Next));
    }

    [Fact]
    public async Task ReadSummariesAsync_MoreInAStateThanAPageReads_ReturnsEach()
    {
        var outbox = _database.Open(options => options.PageRows = 10);
        for (var i = 0; i < 25; i++)
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa") with { ProjectCode = i == 0 ? "SHOP" : "WEB" }, Token);
            var pending = Assert.Single(await outbox.ReadPendingAsync("web-qa", 1, Token));
            await outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Dead });
        }

        var query = new EventSummaryQuery { State = DeliveryState.Dead, ProjectCode = new Glob("SHOP") };
        var (pages, found) = (0, new List<EventSummary>());
        do
        {
            var page = await outbox.ReadSummariesAsync(query, Token);
            found.AddRange(page.Events);
            query = query with { Before = page.Next };
            pages++;
        }
        while (query.Before is not null);

        Assert.Equal((3, "SHOP"), (pages, Assert.Single(found).ProjectCode));
    }

    [Fact]
    public async Task ReadSummariesAsync_LargeBodies_EndsThePageEarly()
    {
        var outbox = _database.Open();
        for (var i = 0; i < 3; i++)
            await outbox.AppendAsync(Some.NewEvent() with { Body = new byte[(4 * 1024 * 1024) + 1] }, Token);

        var page = await outbox.ReadSummariesAsync(new EventSummaryQuery(), Token);

        Assert.Equal((2, 2L), (page.Events.Count, page.Next));
    }

    [Fact]
    public async Task Open_Again_KeepsOperatorActions()
    {
        PendingDelivery pending;
        await using (var before = _database.Open())
        {
            await before.AppendAsync(Some.NewEvent("web-qa"), Token);
            pending = Assert.Single(await before.ReadPendingAsync("web-qa", 1, Token));
            await before.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Held, Message = "{}"u8.ToArray() });
            await before.RetryAsync(pending.Id, asRendered: true, Some.Moment);
        }

        var after = _database.Open();

        Assert.NotNull(Assert.Single(await after.ReadPendingAsync("web-qa", 1, Token)).Rendered);
        var stored = Assert.Single(Assert.Single(await after.ReadEventsAsync(new EventQuery(), Token)).Deliveries);
        Assert.Equal(new StoredAction(Some.Moment, OperatorAction.RetryAsRendered), Assert.Single(stored.Actions));
    }

    [Fact]
    public async Task ReadEventsAsync_WordsOfALaterVersion_AreNullAndStayInTheFile()
    {
        var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var pending = Assert.Single(await outbox.ReadPendingAsync("web-qa", 1, Token));
        await outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Dead });
        await outbox.RetryAsync(pending.Id, asRendered: false, Some.Moment);
        await outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Dead });
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            UPDATE delivery SET reason = 'later';
            UPDATE attempt SET outcome = 'later', reason = 'later', step = 'later' WHERE number = 1;
            UPDATE operator_action SET action = 'later';
            """;
        command.ExecuteNonQuery();

        var stored = Assert.Single(Assert.Single(await outbox.ReadEventsAsync(new EventQuery(), Token)).Deliveries);
        var listed = Assert.Single((await outbox.ReadDeliveriesAsync(new DeliveryQuery(), Token)).Deliveries);
        await outbox.DiscardAsync(pending.Id, alsoPending: false, Some.Moment);

        Assert.Equal((DeliveryState.Dead, null), (stored.State, stored.Reason));
        Assert.Equal(
            new StoredAttempt(1, Some.Moment, Some.Moment, Outcome: null, Reason: null, Detail: null),
            stored.History[0] with { StartedAt = Some.Moment, EndedAt = Some.Moment });
        Assert.Equal(SendOutcome.Delivered, stored.History[1].Outcome);
        Assert.Equal(OperatorAction.Unknown, Assert.Single(stored.Actions).What);
        Assert.Equal((DeliveryState.Dead, null), (listed.State, listed.Reason));
        command.CommandText =
            "SELECT concat_ws(' ', outcome, reason, step, (SELECT action FROM operator_action LIMIT 1)) FROM attempt WHERE number = 1";
        Assert.Equal("later later later later", command.ExecuteScalar());
    }

    [Fact]
    public async Task AnyMember_AfterDispose_IsUnavailable()
    {
        var outbox = _database.Open();
        await outbox.DisposeAsync();

        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.RetryAsync(1, asRendered: false, Some.Moment));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ReadDeliveriesAsync(new DeliveryQuery(), Token));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ReadMessageAsync(1, Token));
    }
}
