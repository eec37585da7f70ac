using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Theory]
    [InlineData(DeliveryState.Delivered)]
    [InlineData(DeliveryState.Dead)]
    [InlineData(DeliveryState.Held)]
    public async Task RecordAsync_EndState_RemovesTheDeliveryFromTheLane(DeliveryState state)
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment);

        await Outbox.RecordAsync(
            Some.Outcome(pending) with
            {
                State = state,
                Outcome = SendOutcome.Rejected,
                Reason = SendReason.InvalidMessage,
                Detail = "no_text",
                Reference = "C1/1.2",
            });

        Assert.Empty(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        var delivery = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal(
            (state, 1, SendReason.InvalidMessage, "no_text", "C1/1.2", Some.Moment.AddSeconds(1)),
            (delivery.State, delivery.Attempts, delivery.Reason, delivery.Detail, delivery.Reference, delivery.EndedAt));
        Assert.Equal(
            new StoredAttempt(1, Some.Moment, Some.Moment.AddSeconds(1), SendOutcome.Rejected, SendReason.InvalidMessage, "no_text"),
            Assert.Single(delivery.History));
    }

    [Fact]
    public async Task RecordAsync_RestartsAge_CountsFromTheNextAttempt()
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, RestartsAge = true });
        Assert.Null((await Outbox.ReadPendingAsync("web-qa", 1, Token))[0].FirstAttemptAt);

        await Outbox.StartAttemptAsync(pending, Some.Moment.AddSeconds(5));
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending });
        await Outbox.StartAttemptAsync(pending, Some.Moment.AddSeconds(9));

        Assert.Equal(Some.Moment.AddSeconds(5), (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0].FirstAttemptAt);
    }

    [Fact]
    public async Task ReadPendingAsync_AmbiguousAttempts_CountOnlySinceAnOperatorDecided()
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        Assert.Equal((null, false), Doubt((await Outbox.ReadPendingAsync("web-qa", 1, Token))[0]));
        await Outbox.RecordAsync(
            Some.Outcome(pending) with { State = DeliveryState.Held, Outcome = SendOutcome.Ambiguous, MayHavePosted = true });

        await History.RetryAsync(pending.Id, asRendered: false, Some.Moment.AddSeconds(2));
        Assert.Equal((Some.Moment, false), Doubt((await Outbox.ReadPendingAsync("web-qa", 1, Token))[0]));

        await Outbox.StartAttemptAsync(pending, Some.Moment.AddSeconds(3));
        await Outbox.RecordAsync(
            Some.Outcome(pending) with { State = DeliveryState.Pending, Outcome = SendOutcome.Ambiguous, MayHavePosted = true });
        Assert.Equal((Some.Moment, true), Doubt((await Outbox.ReadPendingAsync("web-qa", 1, Token))[0]));

        static (DateTimeOffset? Since, bool Is) Doubt(PendingDelivery delivery) => (delivery.DoubtfulSince, delivery.IsInDoubt);
    }

    [Fact]
    public async Task RecordAsync_WithNext_StartsItsAttemptInTheSameCommit()
    {
        await PendingAsync();
        await PendingAsync();
        var page = await Outbox.ReadPendingAsync("web-qa", 2, Token);
        await Outbox.StartAttemptAsync(page[0], Some.Moment);

        await Outbox.RecordAsync(Some.Outcome(page[0]) with { Next = new NextAttempt(page[1].Id) });

        var begun = Assert.Single(Assert.Single((await StoredAsync(page[1].EventId)).Deliveries).History);
        Assert.Equal(new StoredAttempt(1, Some.Moment.AddSeconds(1), EndedAt: null, Outcome: null, Reason: null, Detail: null), begun);
        await Outbox.RecordAsync(Some.Outcome(page[1]));
        Assert.Equal(SendReason.Ok, Assert.Single(Assert.Single((await StoredAsync(page[1].EventId)).Deliveries).History).Reason);
    }

    [Fact]
    public async Task RecordAsync_NextIsNotPending_ThrowsAndRecordsTheOutcome()
    {
        await PendingAsync();
        await PendingAsync();
        var page = await Outbox.ReadPendingAsync("web-qa", 2, Token);
        await Outbox.RecordAsync(Some.Outcome(page[1]) with { State = DeliveryState.Dead });

        var lane = new LaneState("web-qa") { Failures = 2 };
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Outbox.RecordAsync(Some.Outcome(page[0]) with { Next = new NextAttempt(page[1].Id), Lane = lane }));

        Assert.Equal(DeliveryState.Delivered, Assert.Single((await StoredAsync(page[0].EventId)).Deliveries).State);
        Assert.Single(Assert.Single((await StoredAsync(page[1].EventId)).Deliveries).History);
        Assert.Equal(lane, await History.ReadLaneAsync("web-qa", Token));
    }

    [Fact]
    public async Task RecordAsync_WithTheNextStepOfTheSameDelivery_StartsItInTheSameCommit()
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment, SendStep.RootMessage);

        await Outbox.RecordAsync(Some.Outcome(pending) with
        {
            State = DeliveryState.Pending,
            Step = SendStep.RootMessage,
            IsStepDone = true,
            RestartsAge = true,
            Next = new NextAttempt(pending.Id, SendStep.Reply),
        });

        var history = Assert.Single((await StoredAsync(pending.EventId)).Deliveries).History;
        Assert.Equal(
            [(SendStep.RootMessage, SendOutcome.Delivered), (SendStep.Reply, null)],
            history.Select(attempt => (attempt.Step, attempt.Outcome)));
        Assert.Equal(Some.Moment.AddSeconds(1), (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0].FirstAttemptAt);
    }

    [Fact]
    public async Task RecordAsync_LaneIsUnchanged_LeavesTheSavedOne()
    {
        var pending = await PendingAsync();
        var saved = new LaneState("web-qa") { Failures = 3 };
        await Outbox.SaveLaneAsync(saved);

        await Outbox.RecordAsync(Some.Outcome(pending) with { LaneIsUnchanged = true });

        Assert.Equal(saved, await History.ReadLaneAsync("web-qa", Token));
    }

    [Fact]
    public async Task RecordAsync_WithNotices_StoresEachOnceAsItsOwnEvent()
    {
        var pending = await PendingAsync();
        var notice = Some.NewEvent("lobby") with { Name = "notifier.parked" };

        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, Notices = [notice] });
        await Outbox.RecordAsync(Some.Outcome(pending) with { Notices = [notice with { Id = "another" }] });

        Assert.Equal(notice.Id, Assert.Single(await Outbox.ReadPendingAsync("lobby", 10, Token)).EventId);
        Assert.Equal("notifier.parked", (await StoredAsync(notice.Id)).Name);
    }

    [Fact]
    public async Task RecordAsync_StillPending_KeepsItsPlaceAndItsReason()
    {
        var pending = await PendingAsync();
        await PendingAsync();

        await Outbox.RecordAsync(
            Some.Outcome(pending) with { State = DeliveryState.Pending, Outcome = SendOutcome.Wait, Reason = SendReason.RateLimited });

        Assert.Equal(pending.Id, (await Outbox.ReadPendingAsync("web-qa", 10, Token))[0].Id);
        var delivery = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal((DeliveryState.Pending, SendReason.RateLimited, null), (delivery.State, delivery.Reason, delivery.EndedAt));
    }

    [Fact]
    public async Task RecordAsync_AnyOutcomes_AreAllCountedInEveryView()
    {
        var pending = await PendingAsync();
        foreach (var outcome in (SendOutcome[])[SendOutcome.Wait, SendOutcome.Retry, SendOutcome.Ambiguous, SendOutcome.Parked])
        {
            await Outbox.StartAttemptAsync(pending, Some.Moment);
            await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, Outcome = outcome });
        }

        await Outbox.StartAttemptAsync(pending, Some.Moment);

        // The attempt that has not ended is one too.
        var delivery = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal([1, 2, 3, 4, 5], delivery.History.Select(attempt => attempt.Number));
        Assert.Equal(5, delivery.Attempts);
        var listed = await History.ReadDeliveriesAsync(new DeliveryQuery { States = [DeliveryState.Pending] }, Token);
        Assert.Equal(5, Assert.Single(listed.Deliveries).Attempts);
    }

    [Fact]
    public async Task RecordAsync_MayHavePosted_MarksTheDeliveryPermanently()
    {
        var pending = await PendingAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, MayHavePosted = true });
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, MayHavePosted = false });

        Assert.True((await Outbox.ReadPendingAsync("web-qa", 10, Token))[0].MayBeRepeat);
    }

    [Fact]
    public async Task RecordAsync_NoOpenAttempt_IsAddedToTheHistory()
    {
        var pending = await PendingAsync();

        await Outbox.RecordAsync(
            Some.Outcome(pending) with { State = DeliveryState.Dead, Outcome = SendOutcome.Rejected, Reason = SendReason.Expired });

        var delivery = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal(
            new StoredAttempt(
                1, Some.Moment.AddSeconds(1), Some.Moment.AddSeconds(1), SendOutcome.Rejected, SendReason.Expired, Detail: null),
            Assert.Single(delivery.History));
    }

    [Fact]
    public async Task RecordAsync_DeliveryThatIsNotPending_ThrowsAndChangesNothing()
    {
        var pending = await PendingAsync();
        await Outbox.RecordAsync(Some.Outcome(pending));
        var again = Some.Outcome(pending) with { State = DeliveryState.Dead, Lane = new LaneState("web-qa") { Failures = 9 } };

        await Assert.ThrowsAsync<InvalidOperationException>(() => Outbox.RecordAsync(again));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Outbox.RecordAsync(again with { DeliveryId = 4711 }));

        Assert.Equal(DeliveryState.Delivered, Assert.Single((await StoredAsync(pending.EventId)).Deliveries).State);
        Assert.Equal(0, (await History.ReadLaneAsync("web-qa", Token)).Failures);
    }

    [Fact]
    public async Task RecordAsync_OneThrows_TheOthersAreRecorded()
    {
        var pending = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PendingAsync($"lane-{i}")));
        await Outbox.RecordAsync(Some.Outcome(pending[7]));

        var records = pending.Select(delivery => Task.Run(() => Outbox.RecordAsync(Some.Outcome(delivery)), Token)).ToList();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(records));
        Assert.Equal(19, records.Count(record => record.IsCompletedSuccessfully));
        Assert.Empty(await Outbox.ReadBacklogAsync(Token));
    }

    [Fact]
    public async Task StartAttemptAsync_Pending_HasAnAttemptInProgress()
    {
        var pending = await PendingAsync();

        await Outbox.StartAttemptAsync(pending, Some.Moment);

        var attempt = Assert.Single(Assert.Single((await StoredAsync(pending.EventId)).Deliveries).History);
        Assert.Equal(new StoredAttempt(1, Some.Moment, EndedAt: null, Outcome: null, Reason: null, Detail: null), attempt);
        Assert.False((await Outbox.ReadPendingAsync("web-qa", 10, Token))[0].MayBeRepeat);
    }

    [Fact]
    public async Task StartAttemptAsync_EarlierAttemptNeverEnded_EndsItAsMayHavePosted()
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment);

        await Outbox.StartAttemptAsync(pending, Some.Moment.AddSeconds(9));

        var history = Assert.Single((await StoredAsync(pending.EventId)).Deliveries).History;
        Assert.Equal(
            [
                new StoredAttempt(1, Some.Moment, Some.Moment.AddSeconds(9), SendOutcome.Ambiguous, SendReason.Interrupted, Detail: null),
                new StoredAttempt(2, Some.Moment.AddSeconds(9), EndedAt: null, Outcome: null, Reason: null, Detail: null),
            ],
            history);
        var next = (await Outbox.ReadPendingAsync("web-qa", 10, Token))[0];
        Assert.True(next.MayBeRepeat);
    }

    [Fact]
    public async Task StartAttemptAsync_DeliveryThatIsNotPending_Throws()
    {
        var pending = await PendingAsync();
        await Outbox.RecordAsync(Some.Outcome(pending));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Outbox.StartAttemptAsync(pending, Some.Moment));

        Assert.Single(Assert.Single((await StoredAsync(pending.EventId)).Deliveries).History);
    }

    [Fact]
    public async Task ReadPendingAsync_TriedDelivery_HasTheTimeOfItsFirstAttempt()
    {
        var pending = await PendingAsync();
        Assert.Null(pending.FirstAttemptAt);
        foreach (var seconds in (int[])[1, 60])
        {
            await Outbox.StartAttemptAsync(pending, Some.Moment.AddSeconds(seconds));
            await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending });
        }

        var again = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));

        Assert.Equal((Some.Moment.AddSeconds(1), Some.Moment.AddSeconds(60)), (again.FirstAttemptAt, again.LastAttemptAt));
    }
}
