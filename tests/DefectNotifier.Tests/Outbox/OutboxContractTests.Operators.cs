using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static readonly DateTimeOffset Later = Some.Moment.AddHours(1);

    [Theory]
    [InlineData(DeliveryState.Dead)]
    [InlineData(DeliveryState.Held)]
    [InlineData(DeliveryState.Discarded)]
    public async Task RetryAsync_Ended_IsPendingAgainAtItsOldPosition(DeliveryState state)
    {
        var ended = await EndedAsync(state);
        await PendingAsync();

        var change = await History.RetryAsync(ended.Id, asRendered: false, Later);

        Assert.Equal(new DeliveryChange(DeliveryChangeStatus.Done, state, "web-qa"), change);
        var head = (await Outbox.ReadPendingAsync("web-qa", 10, Token))[0];
        Assert.Equal((ended.Id, null), (head.Id, head.FirstAttemptAt));
        Assert.Null(head.Rendered);
        var stored = Assert.Single((await StoredAsync(ended.EventId)).Deliveries);
        Assert.Equal((DeliveryState.Pending, null, null), (stored.State, stored.Reason, stored.EndedAt));
        Assert.Single(stored.History);
        Assert.Equal(new StoredAction(Later, OperatorAction.Retry), stored.Actions[^1]);
    }

    [Theory]
    [InlineData(DeliveryState.Pending)]
    [InlineData(DeliveryState.Delivered)]
    public async Task RetryAsync_PendingOrDelivered_ReturnsItsStateAndChangesNothing(DeliveryState state)
    {
        var pending = await EndedAsync(state);
        var before = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);

        Assert.Equal(
            new DeliveryChange(DeliveryChangeStatus.WrongState, state, "web-qa"),
            await History.RetryAsync(pending.Id, asRendered: false, Later));

        var after = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal((before.State, before.Reason, before.EndedAt, 0), (after.State, after.Reason, after.EndedAt, after.Actions.Count));
    }

    [Fact]
    public async Task RetryAsync_TwentyAtOnce_OneSucceedsAndTheOthersFindItPending()
    {
        var ended = await EndedAsync(DeliveryState.Dead);

        var changes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => History.RetryAsync(ended.Id, asRendered: false, Later), Token)));

        Assert.Single(changes, change => change.Status == DeliveryChangeStatus.Done);
        Assert.Equal(19, changes.Count(change => change is { Status: DeliveryChangeStatus.WrongState, Before: DeliveryState.Pending }));
        Assert.Single(Assert.Single((await StoredAsync(ended.EventId)).Deliveries).Actions);
    }

    [Fact]
    public async Task RetryAsync_AsRendered_GivesTheLaneTheStoredMessage()
    {
        var ended = await EndedAsync(DeliveryState.Dead, message: "{\"text\":\"as it was\"}"u8.ToArray());

        await History.RetryAsync(ended.Id, asRendered: true, Later);

        var head = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        Assert.Equal("{\"text\":\"as it was\"}"u8.ToArray(), head.Rendered!.Value.ToArray());
        Assert.Equal(
            OperatorAction.RetryAsRendered, Assert.Single(Assert.Single((await StoredAsync(ended.EventId)).Deliveries).Actions).What);
    }

    [Fact]
    public async Task RetryAsync_AsRenderedOnceAndThenNot_IsRenderedAgain()
    {
        var ended = await EndedAsync(DeliveryState.Dead, message: "{}"u8.ToArray());
        await History.RetryAsync(ended.Id, asRendered: true, Later);
        await Outbox.RecordAsync(Some.Outcome(ended) with { State = DeliveryState.Dead });

        await History.RetryAsync(ended.Id, asRendered: false, Later.AddSeconds(1));

        Assert.Null(Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token)).Rendered);
        Assert.Equal(
            [new StoredAction(Later, OperatorAction.RetryAsRendered), new StoredAction(Later.AddSeconds(1), OperatorAction.Retry)],
            Assert.Single((await StoredAsync(ended.EventId)).Deliveries).Actions);
    }

    [Fact]
    public async Task RetryAsync_AsRenderedWithoutAMessage_IsRefused()
    {
        var ended = await EndedAsync(DeliveryState.Held);

        Assert.Equal(
            new DeliveryChange(DeliveryChangeStatus.NoMessage, DeliveryState.Held, "web-qa"),
            await History.RetryAsync(ended.Id, asRendered: true, Later));

        Assert.Equal(DeliveryState.Held, Assert.Single((await StoredAsync(ended.EventId)).Deliveries).State);
    }

    [Fact]
    public async Task RetryAsync_Pending_RestartsItsAgeAndKeepsItsAttempts()
    {
        var ended = await EndedAsync(DeliveryState.Dead);
        await History.RetryAsync(ended.Id, asRendered: false, Later);
        await Outbox.StartAttemptAsync(ended, Later.AddSeconds(1));

        Assert.Equal(Later.AddSeconds(1), Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token)).FirstAttemptAt);
        Assert.Equal([1, 2], Assert.Single((await StoredAsync(ended.EventId)).Deliveries).History.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task RetryAsync_MayHavePosted_StaysMarked()
    {
        var pending = await PendingAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Held, MayHavePosted = true });

        await History.RetryAsync(pending.Id, asRendered: false, Later);

        Assert.True(Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token)).MayBeRepeat);
    }

    [Theory]
    [InlineData(DeliveryState.Dead)]
    [InlineData(DeliveryState.Held)]
    public async Task DiscardAsync_Ended_IsDiscardedAndKeepsItsReason(DeliveryState state)
    {
        var ended = await EndedAsync(state);

        Assert.Equal(
            new DeliveryChange(DeliveryChangeStatus.Done, state, "web-qa"),
            await History.DiscardAsync(ended.Id, alsoPending: false, Later));

        var stored = Assert.Single((await StoredAsync(ended.EventId)).Deliveries);
        Assert.Equal((DeliveryState.Discarded, SendReason.UnknownError, Later), (stored.State, stored.Reason, stored.EndedAt));
        Assert.Equal(new StoredAction(Later, OperatorAction.Discard), Assert.Single(stored.Actions));
    }

    [Theory]
    [InlineData(DeliveryState.Pending, false, false)]
    [InlineData(DeliveryState.Pending, true, true)]
    [InlineData(DeliveryState.Delivered, true, false)]
    [InlineData(DeliveryState.Discarded, true, false)]
    public async Task DiscardAsync_OtherStates_IsDoneOnlyWhereItIsAllowed(DeliveryState state, bool alsoPending, bool isDone)
    {
        var ended = await EndedAsync(state);

        await Outbox.ReleaseClaimAsync("web-qa");
        var change = await History.DiscardAsync(ended.Id, alsoPending, Later);

        Assert.Equal(new DeliveryChange(isDone ? DeliveryChangeStatus.Done : DeliveryChangeStatus.WrongState, state, "web-qa"), change);
        Assert.Equal(isDone ? DeliveryState.Discarded : state, Assert.Single((await StoredAsync(ended.EventId)).Deliveries).State);
    }

    [Fact]
    public async Task DiscardAsync_Pending_IsRemovedFromTheLane()
    {
        var pending = await PendingAsync();
        await Outbox.ReleaseClaimAsync("web-qa");

        await History.DiscardAsync(pending.Id, alsoPending: true, Later);

        Assert.Empty(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        Assert.Empty(await Outbox.ReadBacklogAsync(Token));
    }

    [Fact]
    public async Task AnyAction_UnknownDelivery_IsNotFound()
    {
        Assert.Equal(new DeliveryChange(DeliveryChangeStatus.NotFound), await History.RetryAsync(4711, asRendered: false, Later));
        Assert.Equal(new DeliveryChange(DeliveryChangeStatus.NotFound), await History.DiscardAsync(4711, alsoPending: true, Later));
    }
}
