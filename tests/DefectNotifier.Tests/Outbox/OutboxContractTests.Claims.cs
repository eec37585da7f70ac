using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task ClaimAsync_ClaimedAlready_WaitsForTheRelease()
    {
        var first = await Claims.ClaimAsync("web-qa", Token);
        var second = Claims.ClaimAsync("WEB-QA", Token);
        var other = await Claims.ClaimAsync("mobile", Token);
        Assert.False(second.IsCompleted);

        await Claims.ReleaseAsync(first);

        Assert.True((await second).Epoch > first.Epoch);
        Assert.Equal(("mobile", true, false), (other.Name, other.MaySend, other.Lost.IsCancellationRequested));
    }

    [Fact]
    public async Task ClaimAsync_CancelledWhileItWaits_LeavesTheNameToItsHolder()
    {
        var first = await Claims.ClaimAsync("web-qa", Token);
        using var stop = new CancellationTokenSource();
        var second = Claims.ClaimAsync("web-qa", stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Outbox.SaveLaneAsync(first, new LaneState("web-qa"));
        await Claims.ReleaseAsync(first);
        await Claims.ClaimAsync("web-qa", Token);
    }

    [Fact]
    public async Task ReleaseAsync_Twice_DoesNotReleaseTheNextHolder()
    {
        var first = await Claims.ClaimAsync("web-qa", Token);
        await Claims.ReleaseAsync(first);
        var second = await Claims.ClaimAsync("web-qa", Token);

        await Claims.ReleaseAsync(first);

        Assert.False(Claims.ClaimAsync("web-qa", Token).IsCompleted);
        await Outbox.SaveLaneAsync(second, new LaneState("web-qa"));
    }

    [Fact]
    public async Task AnyMember_ClaimGivenUp_IsRefusedAndChangesNothing()
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var claim = await Claims.ClaimAsync("web-qa", Token);
        var pending = Assert.Single((await Outbox.ReadPendingAsync(claim, 10, Token)).Deliveries);
        await Outbox.StartAttemptAsync(claim, pending.Id, Some.Moment);

        await Claims.ReleaseAsync(claim);

        await Assert.ThrowsAsync<ClaimLostException>(() => Outbox.ReadPendingAsync(claim, 10, Token));
        await Assert.ThrowsAsync<ClaimLostException>(() => Outbox.StartAttemptAsync(claim, pending.Id, Some.Moment));
        await Assert.ThrowsAsync<ClaimLostException>(() => Outbox.RecordAsync(claim, Some.Outcome(pending)));
        await Assert.ThrowsAsync<ClaimLostException>(() => Outbox.SaveLaneAsync(claim, new LaneState("web-qa") { Failures = 3 }));
        Assert.Empty(await History.ReadLanesAsync(Token));
        Assert.Null(Assert.Single(Assert.Single((await StoredAsync(pending.EventId)).Deliveries).History).EndedAt);
    }

    [Fact]
    public async Task ClaimAsync_AttemptsLeftOpen_EndsThoseOfItsLane()
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
        var (web, mobile) = (await Claims.ClaimAsync("web-qa", Token), await Claims.ClaimAsync("mobile", Token));
        foreach (var claim in (Claim[])[web, mobile])
            await Outbox.StartAttemptAsync(claim, (await Outbox.ReadPendingAsync(claim, 1, Token)).Deliveries[0].Id, Some.Moment);
        await Outbox.SaveLaneAsync(web, new LaneState("web-qa") { Failures = 3 });
        await Claims.ReleaseAsync(web);

        var again = await Claims.ClaimAsync("Web-QA", Token);

        Assert.Equal((1, new LaneState("Web-QA") { Failures = 3 }), (again.Interrupted, again.State));
        Assert.True(Assert.Single((await Outbox.ReadPendingAsync(again, 10, Token)).Deliveries).MayBeRepeat);
        Assert.False(Assert.Single((await Outbox.ReadPendingAsync(mobile, 10, Token)).Deliveries).MayBeRepeat);
        var stored = Assert.Single(await History.ReadEventsAsync(new EventQuery(), Token));
        Assert.Equal([SendReason.Interrupted, null], stored.Deliveries.Select(delivery => Assert.Single(delivery.History).Reason));
    }

    [Fact]
    public async Task ClaimAsync_UpdateLeftOpen_IsNoPossibleRepeat()
    {
        var pending = await PendingAsync();
        var claim = await Outbox.ClaimOfAsync("web-qa");
        await Outbox.StartAttemptAsync(claim, pending.Id, Some.Moment, SendStep.Update);
        await Claims.ReleaseAsync(claim);

        var again = await Claims.ClaimAsync("web-qa", Token);

        Assert.False(Assert.Single((await Outbox.ReadPendingAsync(again, 10, Token)).Deliveries).MayBeRepeat);
    }

    [Fact]
    public async Task ClaimAsync_Duty_HasAFreshState()
    {
        var duty = await Claims.ClaimAsync("@prune", Token);

        Assert.Equal(("@prune", 0), (duty.Name, duty.Interrupted));
        Assert.False(Claims.ClaimAsync("@prune", Token).IsCompleted);
    }

    [Fact]
    public async Task RecordAsync_SameOutcomeAgain_ChangesNothing()
    {
        var pending = await PendingAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        var outcome = Some.Outcome(pending) with { State = DeliveryState.Pending, Next = new NextAttempt(pending.Id) };
        await Outbox.RecordAsync(outcome);
        var before = Assert.Single((await StoredAsync(pending.EventId)).Deliveries).History;
        _news.Take();

        await Outbox.RecordAsync(outcome);

        var delivery = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal(before, delivery.History);
        Assert.Empty(_news.Take());
        await Outbox.RecordAsync(Some.Outcome(pending));
        Assert.Equal(DeliveryState.Delivered, Assert.Single((await StoredAsync(pending.EventId)).Deliveries).State);
    }

    [Fact]
    public async Task DiscardAsync_PendingWithAClaimedLane_IsRefused()
    {
        var pending = await PendingAsync();
        var claim = await Outbox.ClaimOfAsync("web-qa");
        await Outbox.StartAttemptAsync(claim, pending.Id, Some.Moment);

        Assert.Equal(DeliveryChangeStatus.WrongState, (await History.DiscardAsync(pending.Id, alsoPending: true, Some.Moment)).Status);
        await Claims.ReleaseAsync(claim);
        Assert.Equal(DeliveryChangeStatus.Done, (await History.DiscardAsync(pending.Id, alsoPending: true, Some.Moment)).Status);

        // What the attempt has sent is not known.
        var delivery = Assert.Single((await StoredAsync(pending.EventId)).Deliveries);
        Assert.Equal((DeliveryState.Discarded, SendReason.Interrupted), (delivery.State, Assert.Single(delivery.History).Reason));
    }

    [Fact]
    public async Task ResumeAsync_Parked_IsTriedNow()
    {
        var parked = new LaneState("web-qa")
        {
            ParkedReason = SendReason.HookGone,
            ParkedSettings = "digest",
            NotBefore = Some.Moment,
            WaitSince = Some.Moment,
            WaitReason = SendReason.HookGone,
        };
        await Outbox.SaveLaneAsync(parked);
        await Outbox.SaveLaneAsync(new LaneState("mobile") { NotBefore = Some.Moment });
        // Its settings were changed.
        await Outbox.SaveLaneAsync(new LaneState("ops") { ParkedReason = SendReason.HookGone, ParkedAt = Some.Moment });
        _news.Take();

        Assert.True(await History.ResumeAsync("Web-QA"));
        Assert.False(await History.ResumeAsync("mobile"));
        Assert.False(await History.ResumeAsync("ops"));
        Assert.False(await History.ResumeAsync("nobody"));

        var reported = _news.Take();
        Assert.Equal("Web-QA resumed", reported[0]);
        // A node also finds it when it reads the claims, which can be just now.
        Assert.All(reported, one => Assert.Equal("web-qa resumed", one, ignoreCase: true));
        Assert.Equal(parked with { NotBefore = null, WaitSince = null }, await History.ReadLaneAsync("web-qa", Token));
        Assert.Equal(new LaneState("mobile") { NotBefore = Some.Moment }, await History.ReadLaneAsync("mobile", Token));
    }

    [Fact]
    public async Task ResumeAsync_ParkedWithARequestedWait_KeepsThatWait()
    {
        var parked = new LaneState("web-qa")
        {
            ParkedReason = SendReason.HookGone,
            ParkedSettings = "digest",
            NotBefore = Some.Moment,
            WaitSince = Some.Moment,
            WaitReason = SendReason.WorkspaceBusy,
        };
        await Outbox.SaveLaneAsync(parked);

        Assert.True(await History.ResumeAsync("web-qa"));

        Assert.Equal(parked, await History.ReadLaneAsync("web-qa", Token));
    }

    [Fact]
    public async Task News_EveryChangeOfWhatIsPending_IsReportedAfterItsCommit()
    {
        var newEvent = Some.NewEvent("web-qa", "mobile");
        await Outbox.AppendAsync(newEvent, Token);
        Assert.Equal(["web-qa +1", "mobile +1"], _news.Take());
        await Outbox.AppendAsync(newEvent with { Id = "again" }, Token);
        Assert.Equal(["web-qa 0", "mobile 0"], _news.Take());

        var pending = (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await Outbox.StartAttemptAsync(pending, Some.Moment);
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending });
        Assert.Empty(_news.Take());
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Dead, Notices = [Some.NewEvent("lobby")] });
        Assert.Equal(["lobby +1", "web-qa -1"], _news.Take().Order());

        await History.RetryAsync(pending.Id, asRendered: false, Some.Moment);
        Assert.Equal(["web-qa +1"], _news.Take());
        await Outbox.ReleaseClaimAsync("web-qa");
        await History.DiscardAsync(pending.Id, alsoPending: true, Some.Moment);
        Assert.Equal(["web-qa -1"], _news.Take());
        await History.DiscardAsync(pending.Id, alsoPending: true, Some.Moment);
        Assert.Empty(_news.Take());
    }
}
