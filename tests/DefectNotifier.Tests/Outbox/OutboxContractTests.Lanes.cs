using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task RecordAsync_Lane_IsSavedWithTheOutcome()
    {
        var pending = await PendingAsync();
        var lane = new LaneState("web-qa") { NotBefore = Some.Moment.AddSeconds(30), Failures = 2 };

        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, Lane = lane });

        Assert.Equal(lane, await History.ReadLaneAsync("web-qa", Token));
    }

    [Fact]
    public async Task SaveLaneAsync_AllFields_AreReadBackExactly()
    {
        var lane = new LaneState("web-qa")
        {
            NotBefore = Some.Moment.AddMilliseconds(1),
            WaitReason = SendReason.RateLimited,
            WaitCount = 2,
            WaitSince = Some.Moment.AddMilliseconds(-1),
            Failures = 3,
            FailingSince = Some.Moment.AddMinutes(-2),
            ParkedReason = SendReason.BadCredentials,
            ParkedAt = Some.Moment.AddMinutes(-3),
            ParkedSettings = "5f2c",
        };
        await Outbox.SaveLaneAsync(new LaneState("mobile") { Failures = 1 });

        await Outbox.SaveLaneAsync(lane);

        Assert.Equal(lane, await History.ReadLaneAsync("web-qa", Token));
        Assert.Equal(new LaneState("mobile") { Failures = 1 }, await History.ReadLaneAsync("mobile", Token));
    }

    [Fact]
    public async Task SaveLaneAsync_Emptied_ClearsEveryField()
    {
        await Outbox.SaveLaneAsync(new LaneState("web-qa")
        {
            NotBefore = Some.Moment,
            WaitReason = SendReason.Timeout,
            WaitCount = 7,
            WaitSince = Some.Moment,
            Failures = 3,
            ParkedReason = SendReason.HookGone,
            ParkedSettings = "x",
        });

        await Outbox.SaveLaneAsync(new LaneState("web-qa"));

        Assert.Equal(new LaneState("web-qa"), await History.ReadLaneAsync("web-qa", Token));
    }

    [Fact]
    public async Task ReadLaneAsync_OtherCase_IsTheSameLane()
    {
        await Outbox.SaveLaneAsync(new LaneState("Web-QA") { Failures = 3 });
        await Outbox.SaveLaneAsync(new LaneState("web-qa") { Failures = 4 });

        Assert.Equal(new LaneState("WEB-QA") { Failures = 4 }, await History.ReadLaneAsync("WEB-QA", Token));
    }

    [Fact]
    public async Task ReadLaneAsync_NeverSaved_IsFresh()
    {
        Assert.Equal(new LaneState("web-qa"), await History.ReadLaneAsync("web-qa", Token));
    }
}
