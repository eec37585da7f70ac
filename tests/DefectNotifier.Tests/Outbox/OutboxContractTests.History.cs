using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task ReadDeliveriesAsync_NoConditions_ListsDeadAndHeldNewestFirst()
    {
        var ended = new List<PendingDelivery>();
        foreach (var state in Enum.GetValues<DeliveryState>().Where(state => state <= DeliveryState.Discarded))
            ended.Add(await EndedAsync(state));
        ended.Add(await EndedAsync(DeliveryState.Dead));

        var page = await History.ReadDeliveriesAsync(new DeliveryQuery(), Token);

        Assert.Equal([ended[5].Id, ended[3].Id, ended[2].Id], page.Deliveries.Select(delivery => delivery.Id));
        Assert.Equal([DeliveryState.Dead, DeliveryState.Held, DeliveryState.Dead], page.Deliveries.Select(delivery => delivery.State));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task ReadDeliveriesAsync_Ended_HasAllFields()
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        await Outbox.RecordAsync(
            Some.Outcome(pending) with
            {
                State = DeliveryState.Held,
                Reason = SendReason.Timeout,
                Detail = "no response",
                MayHavePosted = true,
                Message = "{}"u8.ToArray(),
            });

        var page = await History.ReadDeliveriesAsync(new DeliveryQuery(), Token);

        Assert.Equal(
            new ListedDelivery(
                pending.Id,
                pending.EventId,
                "defect.created",
                "WEB",
                42,
                "web-qa",
                DeliveryState.Held,
                SendReason.Timeout,
                "no response",
                1,
                MayBeRepeat: true,
                IsMessageStored: true,
                Some.Moment,
                Some.Moment.AddSeconds(1))
            {
                Title = (await History.ReadSummariesAsync(new EventSummaryQuery(), Token)).Events[0].Title,
            },
            Assert.Single(page.Deliveries));
    }

    [Fact]
    public async Task ReadEventsAsync_Versions_AreThoseOfTheDecisionAndOfEachAttempt()
    {
        var newEvent = Some.NewEvent("web-qa");
        await Outbox.AppendAsync(newEvent with { Decision = newEvent.Decision with { Version = "1a2b" } }, Token);
        var pending = (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, Version = "1a2b" });
        // No attempt was started: nothing was sent.
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending });
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        await Outbox.RecordAsync(Some.Outcome(pending) with { Version = "3c4d" });

        var stored = await StoredAsync(newEvent.Id);

        Assert.Equal("1a2b", stored.Decision.Version);
        Assert.Equal(["1a2b", null, "3c4d"], stored.Deliveries[0].History.Select(attempt => attempt.Version));
    }

    [Theory]
    [InlineData(DeliveryState.Pending)]
    [InlineData(DeliveryState.Delivered)]
    [InlineData(DeliveryState.Dead)]
    [InlineData(DeliveryState.Held)]
    [InlineData(DeliveryState.Discarded)]
    public async Task ReadDeliveriesAsync_EachCondition_NarrowsInEveryState(DeliveryState state)
    {
        await EndedAsync(state, Some.NewEvent("mobile") with { ProjectCode = "BILL" }, SendReason.Expired);
        var wanted = await EndedAsync(state);
        await EndedAsync(state, Some.NewEvent("mobile") with { ProjectCode = null }, SendReason.Expired);
        await EndedAsync(state == DeliveryState.Dead ? DeliveryState.Held : DeliveryState.Dead);
        var any = new DeliveryQuery { States = [state] };

        foreach (var query in (DeliveryQuery[])
            [
                any with { Id = wanted.Id },
                any with { EventId = wanted.EventId },
                any with { Destination = "Web-QA" },
                any with { Reason = SendReason.UnknownError },
                any with { ProjectCode = "web" },
            ])
        {
            Assert.Equal(wanted.Id, Assert.Single((await History.ReadDeliveriesAsync(query, Token)).Deliveries).Id);
            Assert.Empty((await History.ReadDeliveriesAsync(query with { Reason = SendReason.TlsFailed }, Token)).Deliveries);
        }

        Assert.Equal(3, (await History.ReadDeliveriesAsync(any, Token)).Deliveries.Count);
        Assert.Empty((await History.ReadDeliveriesAsync(any with { EventId = "no-such-event" }, Token)).Deliveries);
        Assert.Empty((await History.ReadDeliveriesAsync(any with { Id = 4711 }, Token)).Deliveries);
        Assert.Empty((await History.ReadDeliveriesAsync(any with { States = [] }, Token)).Deliveries);
    }

    [Theory]
    [InlineData(DeliveryState.Dead)]
    [InlineData(DeliveryState.Delivered)]
    public async Task ReadDeliveriesAsync_Since_StopsAtTheFirstOlderEvent(DeliveryState state)
    {
        var ended = new List<PendingDelivery>();
        foreach (var second in (int[])[3, 1, 2, 3])
            ended.Add(await EndedAsync(state, Some.NewEvent("web-qa") with { ReceivedAt = Some.Moment.AddSeconds(second) }));

        var page = await History.ReadDeliveriesAsync(new DeliveryQuery { States = [state], Since = Some.Moment.AddSeconds(2) }, Token);

        Assert.Equal([ended[3].Id, ended[2].Id], page.Deliveries.Select(delivery => delivery.Id));
        Assert.Null(page.Next);
    }

    [Theory]
    [InlineData(false, DeliveryState.Dead, DeliveryState.Held)]
    [InlineData(true, DeliveryState.Dead, DeliveryState.Held)]
    [InlineData(true, DeliveryState.Pending)]
    [InlineData(false, DeliveryState.Pending, DeliveryState.Discarded)]
    public async Task ReadDeliveriesAsync_PageByPage_ReturnsEachDeliveryOnceInOrder(bool ofOneDestination, params DeliveryState[] states)
    {
        var ids = new List<long>();
        for (var i = 0; i < 7; i++) ids.Insert(0, (await EndedAsync(states[i % states.Length])).Id);
        var query = new DeliveryQuery { States = states, Limit = 3, Destination = ofOneDestination ? "web-qa" : null };

        var sizes = new List<int>();
        var found = new List<long>();
        DeliveryPage page;
        do
        {
            page = await History.ReadDeliveriesAsync(query, Token);
            sizes.Add(page.Deliveries.Count);
            found.AddRange(page.Deliveries.Select(delivery => delivery.Id));
            query = query with { BeforeId = page.Next };
        }
        while (page.Next is not null);

        Assert.Equal([3, 3, 1], sizes);
        Assert.Equal(ids, found);
    }

    [Fact]
    public async Task ReadDeliveriesAsync_OneEventWithSeveral_ListsThemNewestFirst()
    {
        var newEvent = Some.NewEvent("web-qa", "mobile", "billing");
        await Outbox.AppendAsync(newEvent, Token);
        await EndedAsync(DeliveryState.Dead);

        var page = await History.ReadDeliveriesAsync(
            new DeliveryQuery { EventId = newEvent.Id, States = Enum.GetValues<DeliveryState>() }, Token);

        Assert.Equal(["billing", "mobile", "web-qa"], page.Deliveries.Select(delivery => delivery.Destination));
    }

    [Fact]
    public async Task ReadMessageAsync_StoredOrNot_ReturnsTheBytesOrNull()
    {
        var with = await EndedAsync(DeliveryState.Dead, message: "{\"text\":\"é\"}"u8.ToArray());
        var without = await EndedAsync(DeliveryState.Dead);

        Assert.Equal("{\"text\":\"é\"}"u8.ToArray(), await History.ReadMessageAsync(with.Id, Token));
        Assert.Null(await History.ReadMessageAsync(without.Id, Token));
        Assert.Null(await History.ReadMessageAsync(4711, Token));
        Assert.True(Assert.Single((await StoredAsync(with.EventId)).Deliveries).IsMessageStored);
        Assert.False(Assert.Single((await StoredAsync(without.EventId)).Deliveries).IsMessageStored);
    }

    private async Task<PendingDelivery> EndedAsync(
        DeliveryState state, NewEvent? newEvent = null, SendReason reason = SendReason.UnknownError, byte[]? message = null)
    {
        newEvent ??= Some.NewEvent("web-qa");
        await Outbox.AppendAsync(newEvent, Token);
        var pending = (await Outbox.ReadPendingAsync(newEvent.Decision.Deliveries[0].Destination, 100, Token))
            .Single(delivery => delivery.EventId == newEvent.Id);
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        var recorded = state == DeliveryState.Discarded ? DeliveryState.Dead : state;
        await Outbox.RecordAsync(
            Some.Outcome(pending) with
            {
                State = recorded,
                Reason = reason,
                Message = message is null ? default(ReadOnlyMemory<byte>?) : message,
            });
        if (state == DeliveryState.Discarded) await History.DiscardAsync(pending.Id, alsoPending: false, Some.Moment.AddSeconds(2));
        return pending;
    }
}
