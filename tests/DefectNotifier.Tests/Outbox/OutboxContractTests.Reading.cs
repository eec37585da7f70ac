using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task ReadPendingAsync_StoredEvent_ReturnsWhatWasAppended()
    {
        var newEvent = Some.NewEvent() with
        {
            Decision = new RoutingDecision([3], [new PlannedDelivery("web-qa", 3, "finance")]),
        };
        await Outbox.AppendAsync(newEvent, Token);

        var delivery = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));

        Assert.Equal(newEvent.Id, delivery.EventId);
        Assert.Equal("web-qa", delivery.Destination);
        Assert.Equal("finance", delivery.TemplateSet);
        Assert.False(delivery.MayBeRepeat);
        Assert.Equal(newEvent.ReceivedAt, delivery.ReceivedAt);
        Assert.Equal(newEvent.Source, delivery.Source);
        Assert.Equal(newEvent.TraceParent, delivery.TraceParent);
        Assert.Equal(newEvent.Body.ToArray(), delivery.Body.ToArray());
    }

    [Fact]
    public async Task ReadPendingAsync_OtherCaseOfTheDestination_IsTheSameDestination()
    {
        await Outbox.AppendAsync(Some.NewEvent("Web-QA"), Token);
        await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);

        Assert.Equal(2, (await Outbox.ReadPendingAsync("WEB-QA", 10, Token)).Count);
        Assert.Equal(2, Assert.Single(await Outbox.ReadBacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task ReadPendingAsync_MissingValues_StayMissing()
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa") with { TraceParent = null, Body = ReadOnlyMemory<byte>.Empty }, Token);

        var delivery = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));

        Assert.Null(delivery.TraceParent);
        Assert.Null(delivery.TemplateSet);
        Assert.Equal(0, delivery.Body.Length);
    }

    [Fact]
    public async Task ReadPendingAsync_SeveralDestinations_PagesEachInTheOrderOfAcceptance()
    {
        var accepted = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var newEvent = i % 2 == 0 ? Some.NewEvent("web-qa", "mobile") : Some.NewEvent("mobile");
            accepted.Add(newEvent.Id);
            await Outbox.AppendAsync(newEvent, Token);
        }

        var first = await Outbox.ReadPendingAsync("mobile", 4, Token);
        foreach (var delivery in first) await Outbox.RecordAsync(Some.Outcome(delivery));
        var second = await Outbox.ReadPendingAsync("mobile", 4, Token);
        var other = await Outbox.ReadPendingAsync("web-qa", 4, Token);

        Assert.Equal(accepted, first.Concat(second).Select(delivery => delivery.EventId));
        Assert.Equal(4, first.Count);
        Assert.Equal(first.Concat(second).Select(delivery => delivery.Id).Order(), first.Concat(second).Select(delivery => delivery.Id));
        Assert.Equal([accepted[0], accepted[2], accepted[4]], other.Select(delivery => delivery.EventId));
        foreach (var delivery in second) await Outbox.RecordAsync(Some.Outcome(delivery));
        Assert.Empty(await Outbox.ReadPendingAsync("mobile", 4, Token));
    }

    [Fact]
    public async Task ReadPendingAsync_PlannedWithAgeAndFallback_ReturnsThem()
    {
        var planned = new PlannedDelivery("web-qa", 3, "finance")
        {
            MaxAge = TimeSpan.FromHours(6),
            Fallback = "lobby",
            FallbackAfter = TimeSpan.FromMinutes(10),
        };
        await Outbox.AppendAsync(Some.NewEvent() with { Decision = new RoutingDecision([], [planned]) }, Token);

        var pending = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));

        Assert.Equal(
            (3, "finance", TimeSpan.FromHours(6), "lobby"),
            (pending.Route, pending.TemplateSet, pending.MaxAge, pending.Fallback));
        Assert.Equal(planned, Assert.Single((await StoredAsync(pending.EventId)).Decision.Deliveries));
        Assert.Null(pending.Rendered);
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(500, 2)]
    [InlineData(501, 1)]
    [InlineData(5000, 1)]
    public async Task ReadPendingAsync_LargeBodies_StopsAtTheByteLimitButReturnsOne(int bodyBytes, int expected)
    {
        for (var i = 0; i < 4; i++)
            await Outbox.AppendAsync(Some.NewEvent("web-qa") with { Body = new byte[bodyBytes] }, Token);

        var page = await Outbox.ReadPendingAsync(await Outbox.ClaimOfAsync("web-qa"), 10, Token);

        Assert.Equal((expected, expected < 4), (page.Deliveries.Count, page.MayHaveMore));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task ReadPendingAsync_Limit_SaysWhetherMoreMayBePending(int limit, bool mayHaveMore)
    {
        for (var i = 0; i < 3; i++) await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);

        var page = await Outbox.ReadPendingAsync(await Outbox.ClaimOfAsync("web-qa"), limit, Token);

        Assert.Equal((Math.Min(limit, 3), mayHaveMore), (page.Deliveries.Count, page.MayHaveMore));
    }

    [Fact]
    public async Task ReadBacklogAsync_SeveralDestinations_CountsPendingDeliveriesAndFindsTheOldest()
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
        await Outbox.AppendAsync(Some.NewEvent("web-qa", "billing") with { ReceivedAt = Some.Moment.AddSeconds(5) }, Token);
        await Outbox.AppendAsync(Some.NewEvent("web-qa") with { ReceivedAt = Some.Moment.AddSeconds(9) }, Token);
        await Outbox.RecordAsync(Some.Outcome((await Outbox.ReadPendingAsync("web-qa", 1, Token))[0]));
        await Outbox.RecordAsync(Some.Outcome((await Outbox.ReadPendingAsync("mobile", 1, Token))[0]));

        var backlog = await Outbox.ReadBacklogAsync(Token);

        Assert.Equal([new Backlog("billing", 1, Some.Moment.AddSeconds(5)), new Backlog("web-qa", 2, Some.Moment.AddSeconds(5))], backlog);
    }

    [Fact]
    public async Task ReadEventsAsync_StoredEvent_ReturnsWhatWasAppended()
    {
        var newEvent = Some.NewEvent("web-qa", "mobile") with { OccurredAt = null, ProjectCode = null, SubjectId = long.MaxValue };
        await Outbox.AppendAsync(newEvent, Token);

        var stored = await StoredAsync(newEvent.Id);

        Assert.Equal(newEvent.Id, stored.Id);
        Assert.Equal(newEvent.Source, stored.Source);
        Assert.Equal(newEvent.Name, stored.Name);
        Assert.Null(stored.ProjectCode);
        Assert.Equal(long.MaxValue, stored.SubjectId);
        Assert.Null(stored.OccurredAt);
        Assert.Equal(newEvent.ReceivedAt, stored.ReceivedAt);
        Assert.Equal(newEvent.Decision.Routes, stored.Decision.Routes);
        Assert.Null(stored.Decision.Verdicts);
        Assert.Equal(newEvent.Decision.Deliveries, stored.Decision.Deliveries);
        Assert.Equal(["web-qa", "mobile"], stored.Deliveries.Select(delivery => delivery.Destination));
        Assert.All(stored.Deliveries, delivery => Assert.Equal(DeliveryState.Pending, delivery.State));
        Assert.All(stored.Deliveries, delivery => Assert.Null(delivery.EndedAt));
        Assert.All(stored.Deliveries, delivery => Assert.Empty(delivery.History));
    }

    [Fact]
    public async Task ReadEventsAsync_Limit_ReturnsTheNewestFirst()
    {
        var events = Enumerable.Range(0, 5).Select(_ => Some.NewEvent("web-qa")).ToList();
        foreach (var newEvent in events)
            await Outbox.AppendAsync(newEvent, Token);

        var stored = await History.ReadEventsAsync(new EventQuery { Limit = 3 }, Token);

        Assert.Equal([events[4].Id, events[3].Id, events[2].Id], stored.Select(one => one.Id));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(int.MaxValue, 500)]
    public async Task ReadEventsAsync_LimitOutOfRange_UsesTheNearestLimit(int limit, int expected)
    {
        await Task.WhenAll(Enumerable.Range(0, 501).Select(_ => Outbox.AppendAsync(Some.NewEvent(), Token)));

        Assert.Equal(expected, (await History.ReadEventsAsync(new EventQuery { Limit = limit }, Token)).Count);
    }

    [Fact]
    public async Task ReadEventsAsync_UnknownId_FindsNothing()
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);

        Assert.Empty(await History.ReadEventsAsync(new EventQuery { Id = "no-such-event" }, Token));
    }
}
