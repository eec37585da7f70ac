using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static readonly PruneRequest AfterAMonth = new()
    {
        Now = Some.Moment.AddDays(30).AddSeconds(1),
        KeepDelivered = TimeSpan.FromDays(30),
        KeepDead = TimeSpan.FromDays(90),
    };

    private IOutboxRetention Retention => (IOutboxRetention)Outbox;

    [Theory]
    [InlineData(DeliveryState.Pending, false, false)]
    [InlineData(DeliveryState.Held, false, false)]
    [InlineData(DeliveryState.Delivered, true, true)]
    [InlineData(DeliveryState.Discarded, true, true)]
    [InlineData(DeliveryState.Dead, false, true)]
    public async Task PruneAsync_EachState_IsDeletedAfterItsRetentionOrNever(
        DeliveryState state, bool isGoneAfterAMonth, bool isGoneInTheEnd)
    {
        await EndedIdAsync(state);

        await Retention.PruneAsync(AfterAMonth);
        Assert.Equal(isGoneAfterAMonth, (await StoredIdsAsync()).Count == 0);
        await Retention.PruneAsync(AfterAMonth with { Now = Some.Moment.AddDays(10_000) });
        Assert.Equal(isGoneInTheEnd, (await StoredIdsAsync()).Count == 0);
    }

    [Theory]
    [InlineData(DeliveryState.Pending)]
    [InlineData(DeliveryState.Held)]
    [InlineData(DeliveryState.Dead)]
    public async Task PruneAsync_OneDeliveryIsKept_KeepsTheWholeEvent(DeliveryState other)
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
        foreach (var (destination, state) in (IEnumerable<(string, DeliveryState)>)[("web-qa", DeliveryState.Delivered), ("mobile", other)])
            await EndAsync((await Outbox.ReadPendingAsync(destination, 1, Token))[0], state);

        Assert.Equal(0, (await Retention.PruneAsync(AfterAMonth)).Pruned);

        Assert.Equal(2, Assert.Single(await History.ReadEventsAsync(new EventQuery(), Token)).Deliveries.Count);
    }

    [Fact]
    public async Task PruneAsync_Unrouted_CountsFromItsArrival()
    {
        await Outbox.AppendAsync(Some.NewEvent(), Token);

        Assert.Equal(0, (await Retention.PruneAsync(AfterAMonth with { Now = Some.Moment.AddDays(30).AddMilliseconds(-1) })).Pruned);
        Assert.Equal(1, (await Retention.PruneAsync(AfterAMonth with { Now = Some.Moment.AddDays(30) })).Pruned);
    }

    [Fact]
    public async Task PruneAsync_DeliveredLongAfterItsArrival_CountsFromItsEnd()
    {
        var pending = await PendingAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { At = Some.Moment.AddDays(20) });

        Assert.Equal(0, (await Retention.PruneAsync(AfterAMonth)).Pruned);
        Assert.Equal(1, (await Retention.PruneAsync(AfterAMonth with { Now = Some.Moment.AddDays(50) })).Pruned);
    }

    [Fact]
    public async Task PruneAsync_Event_IsDeletedWithItsKeyItsHistoryAndItsMessage()
    {
        var newEvent = Some.NewEvent("web-qa", "mobile");
        await Outbox.AppendAsync(newEvent, Token);
        foreach (var destination in (string[])["web-qa", "mobile"])
        {
            var pending = (await Outbox.ReadPendingAsync(destination, 1, Token))[0];
            await Outbox.StartAttemptAsync(pending, Some.Moment);
            await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending });
            await Outbox.StartAttemptAsync(pending, Some.Moment);
            await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Dead, Message = "{}"u8.ToArray() });
        }

        Assert.Equal(1, (await Retention.PruneAsync(AfterAMonth with { Now = Some.Moment.AddDays(91) })).Pruned);

        Assert.Empty(await History.ReadEventsAsync(new EventQuery { Id = newEvent.Id }, Token));
        Assert.Empty((await History.ReadSummariesAsync(new EventSummaryQuery { State = DeliveryState.Dead }, Token)).Events);
        Assert.Equal(AppendStatus.Accepted, (await Outbox.AppendAsync(newEvent, Token)).Status);
        Assert.Empty((await StoredAsync(newEvent.Id)).Deliveries[0].History);
    }

    [Fact]
    public async Task PruneAsync_StepByStep_DeletesTheOldestFirstAndReadsNothingTwice()
    {
        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
            ids.Insert(0, await EndedIdAsync(i % 3 == 0 ? DeliveryState.Pending : DeliveryState.Delivered));
        var request = AfterAMonth with { Limit = 4 };

        var first = await Retention.PruneAsync(request);
        var second = await Retention.PruneAsync(request with { After = first.After });
        var third = await Retention.PruneAsync(request with { After = second.After });

        Assert.Equal([(2, false), (3, false), (1, true)], new[] { first, second, third }.Select(step => (step.Pruned, step.IsDone)));
        Assert.Equal([ids[0], ids[3], ids[6], ids[9]], await StoredIdsAsync());
    }

    [Fact]
    public async Task PruneAsync_TooYoung_EndsThePruning()
    {
        await EndedIdAsync(DeliveryState.Delivered);
        var young = Some.NewEvent() with { ReceivedAt = AfterAMonth.Now.AddDays(-2) };
        await Outbox.AppendAsync(young, Token);
        await EndedIdAsync(DeliveryState.Delivered);

        var step = await Retention.PruneAsync(AfterAMonth);
        var again = await Retention.PruneAsync(AfterAMonth with { After = step.After });

        Assert.Equal([(1, true), (0, true)], new[] { step, again }.Select(one => (one.Pruned, one.IsDone)));
        Assert.Equal(2, (await StoredIdsAsync()).Count);
    }

    [Fact]
    public async Task PruneAsync_EventFromTheFuture_IsSkipped()
    {
        await Outbox.AppendAsync(Some.NewEvent() with { ReceivedAt = Some.Moment.AddDays(4000) }, Token);
        await EndedIdAsync(DeliveryState.Delivered);

        Assert.Equal(new PruneResult(1, 2, IsDone: true) { Latest = Some.Moment }, await Retention.PruneAsync(AfterAMonth));

        Assert.Single(await StoredIdsAsync());
    }

    [Theory]
    [InlineData(DeliveryState.Delivered)]
    [InlineData(DeliveryState.Dead)]
    public async Task PruneAsync_StoredWhileTheClockWasBehind_IsAsOldAsTheEventBeforeIt(DeliveryState state)
    {
        await Outbox.AppendAsync(Some.NewEvent() with { ReceivedAt = Some.Moment.AddDays(20) }, Token);
        var wrong = Some.Moment.AddYears(-20);
        await Outbox.AppendAsync(Some.NewEvent("web-qa") with { ReceivedAt = wrong }, Token);
        var pending = (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = state, At = wrong });
        var request = AfterAMonth with { Limit = 1 };

        for (var step = await Retention.PruneAsync(request); !step.IsDone;)
            step = await Retention.PruneAsync(request with { After = step.After, Latest = step.Latest });

        Assert.Equal(2, (await StoredIdsAsync()).Count);
    }

    [Fact]
    public async Task ReadClockAsync_NothingSaved_IsTheArrivalOfTheNewestEvent()
    {
        Assert.Null(await Retention.ReadClockAsync(Token));
        await Outbox.AppendAsync(Some.NewEvent() with { ReceivedAt = Some.Moment.AddDays(2) }, Token);
        await Outbox.AppendAsync(Some.NewEvent() with { ReceivedAt = Some.Moment.AddDays(1) }, Token);

        Assert.Equal(Some.Moment.AddDays(1), await Retention.ReadClockAsync(Token));
    }

    [Fact]
    public async Task SaveClockAsync_Twice_KeepsTheLastAlsoWhenItIsEarlier()
    {
        await Outbox.AppendAsync(Some.NewEvent(), Token);

        await Retention.SaveClockAsync(Some.Moment.AddDays(9));
        await Retention.SaveClockAsync(Some.Moment.AddDays(8));

        Assert.Equal(Some.Moment.AddDays(8), await Retention.ReadClockAsync(Token));
    }

    [Fact]
    public async Task PruneAsync_EmptyStore_IsDone() =>
        Assert.Equal(new PruneResult(0, 0, IsDone: true), await Retention.PruneAsync(AfterAMonth));

    [Fact]
    public async Task PruneAsync_Deliveries_DoesNotReuseTheirIds()
    {
        var before = await PendingAsync();
        await EndAsync(before, DeliveryState.Delivered);
        await Retention.PruneAsync(AfterAMonth);

        Assert.True((await PendingAsync()).Id > before.Id);
    }

    [Fact]
    public async Task ReadUsedBytesAsync_LargeEventAddedAndDeleted_GrowsAndShrinks()
    {
        var before = await Retention.ReadUsedBytesAsync(Token);
        await Outbox.AppendAsync(Some.NewEvent() with { Body = new byte[1_000_000] }, Token);
        var full = await Retention.ReadUsedBytesAsync(Token);
        await Retention.PruneAsync(AfterAMonth);
        var after = await Retention.ReadUsedBytesAsync(Token);

        Assert.InRange(full - before, 900_000, 1_100_000);
        Assert.InRange(after - before, 0, 50_000);
    }

    private async Task<string> EndedIdAsync(DeliveryState state)
    {
        var newEvent = Some.NewEvent("web-qa");
        await Outbox.AppendAsync(newEvent, Token);
        await EndAsync((await Outbox.ReadPendingAsync("web-qa", 100, Token))[^1], state);
        return newEvent.Id;
    }

    private Task EndAsync(PendingDelivery pending, DeliveryState state) => Outbox.RecordAsync(Some.Outcome(pending) with { State = state });

    private async Task<List<string>> StoredIdsAsync() =>
        [.. (await History.ReadEventsAsync(new EventQuery(), Token)).Select(stored => stored.Id)];
}
