using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>An operator resumes a parked destination.</summary>
public sealed class LaneResumeTests : IDisposable
{
    private readonly LaneWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lane _lane;

    public LaneResumeTests() => _lane = _world.NewLane();

    public void Dispose()
    {
        _stop.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Resume_Parked_TriesAtOnce()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.HookGone));
        await _world.AcceptAsync(1);
        var running = _world.RunAsync(_lane, _stop.Token, CancellationToken.None);
        await Eventually.HoldsAsync(() => _lane.Status is { State: LaneActivity.Parked }, "a parked lane");

        Assert.True(await _world.Outbox.ResumeAsync("web-qa"));

        await _world.SentAsync(2);
        await Eventually.HoldsAsync(() => _lane.Status is { State: LaneActivity.Running, Waiting: 0 }, "a lane that runs");
        Assert.Equal(Some.Moment, _world.Time.GetUtcNow());
        await StopAsync(running);
    }

    [Fact]
    public async Task Resume_StillMisconfigured_IsParkedAgain()
    {
        _world.Sender.Then(
            new SendResult(SendOutcome.Parked, SendReason.HookGone)).Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials));
        await _world.AcceptAsync(1);
        var running = _world.RunAsync(_lane, _stop.Token, CancellationToken.None);
        await Eventually.HoldsAsync(() => _lane.Status is { State: LaneActivity.Parked, Reason: SendReason.HookGone }, "a parked lane");

        Assert.True(await _world.Outbox.ResumeAsync("web-qa"));

        await Eventually.HoldsAsync(
            () => _lane.Status is { State: LaneActivity.Parked, Reason: SendReason.BadCredentials, Until: not null },
            "a lane that is parked again");
        Assert.Equal(2, _world.Sender.Sent.Count);
        await StopAsync(running);
    }

    [Fact]
    public async Task Resume_NotParked_ReturnsFalseAndKeepsTheWait()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(30) });
        await _world.AcceptAsync(1);
        var running = _world.RunAsync(_lane, _stop.Token, CancellationToken.None);
        await Eventually.HoldsAsync(
            () => _lane.Status is { State: LaneActivity.Waiting, Reason: SendReason.RateLimited }, "a lane that waits");

        Assert.False(await _world.Outbox.ResumeAsync("web-qa"));

        Assert.Equal(LaneActivity.Waiting, _lane.Status.State);
        Assert.Single(_world.Sender.Sent);
        await StopAsync(running);
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
