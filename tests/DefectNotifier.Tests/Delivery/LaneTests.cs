using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class LaneTests : IAsyncDisposable
{
    private readonly LaneWorld _world = new();
    private CancellationTokenSource _stopAsked = new();
    private CancellationTokenSource _timeUp = new();
    private Lane _lane;
    private Task _running = Task.CompletedTask;

    public LaneTests() => _lane = _world.NewLane();

    [Fact]
    public async Task RunAsync_ManyEvents_SendsThemInOrderOfAcceptance()
    {
        Start();
        for (var id = 1; id <= 200; id++) await _world.AcceptAsync(id);

        await _world.SentAsync(200);

        Assert.Equal(Enumerable.Range(1, 200), _world.SentDefects);
        await Eventually.HoldsAsync(
            () => _lane.Status is { Waiting: 0, State: LaneActivity.Running }, "an idle lane");
    }

    [Fact]
    public async Task RunAsync_RetryAfter_ContinuesAtThatTimeAndNotEarlier()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(17) });
        Start();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(
            () => _lane.Status is { State: LaneActivity.Waiting, Reason: SendReason.RateLimited }, "a waiting lane");

        await _world.AcceptAsync(2);
        await RunUntilSentAsync(3);

        Assert.Equal([1, 1, 2], _world.SentDefects);
        Assert.True(_world.Sender.Sent[1].At >= Some.Moment.AddSeconds(17));
    }

    [Fact]
    public async Task RunAsync_RetryAfterAndRestart_KeepsTheWait()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(17) });
        Start();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status.State == LaneActivity.Waiting, "a waiting lane");

        _lane = _world.RestartedLane();
        var second = _world.RunAsync(_lane, _stopAsked.Token, _timeUp.Token);
        await Eventually.HoldsAsync(() => _lane.Status.Until == Some.Moment.AddSeconds(17), "the restarted lane to wait");
        Assert.Single(_world.Sender.Sent);
        await StopAsync();
        await second;
    }

    [Fact]
    public async Task RunAsync_ClockSetBackDuringAWait_WaitsTheRemainingTime()
    {
        // A clock that can be set back while its timers run on, like a corrected wall clock.
        var clock = new ShiftedTime(_world.Time);
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(100) });
        _lane = _world.NewLane(clock);
        Start();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status.State == LaneActivity.Waiting, "a waiting lane");

        clock.Shift = TimeSpan.FromHours(-12);
        await RunUntilSentAsync(2);

        Assert.Equal(Some.Moment.AddSeconds(100), _world.Sender.Sent[1].At);
    }

    [Fact]
    public async Task RunAsync_ClockSetForwardDuringAWait_DoesNotSendEarlier()
    {
        var clock = new ShiftedTime(_world.Time);
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(100) });
        _lane = _world.NewLane(clock);
        Start();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status.State == LaneActivity.Waiting, "a waiting lane");

        clock.Shift = TimeSpan.FromDays(2);
        await RunUntilSentAsync(2);

        Assert.True(_world.Sender.Sent[1].At - Some.Moment >= TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task RunAsync_ClockSetForwardBeyondMaxAge_GivesNothingUp()
    {
        var clock = new ShiftedTime(_world.Time);
        _world.Sender.Then(new SendResult(SendOutcome.Retry, SendReason.ServerError), times: 3);
        _lane = _world.NewLane(clock);
        Start();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status.State == LaneActivity.Waiting, "a waiting lane");

        clock.Shift = TimeSpan.FromDays(400);
        await RunUntilSentAsync(4);

        await Eventually.HoldsAsync(() => _lane.Status.Waiting == 0, "an empty lane");
        Assert.Equal(DeliveryState.Delivered, (await _world.StoredAsync())[0].Deliveries[0].State);
    }

    [Fact]
    public async Task RunAsync_ClockSetBackBeforeARestart_WaitsNoLongerThanRetryAfter()
    {
        var clock = new ShiftedTime(_world.Time);
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(50) });
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.WorkspaceBusy) { RetryAfter = TimeSpan.FromSeconds(70) });
        _lane = _world.NewLane(clock);
        Start();
        await _world.AcceptAsync(1);
        foreach (var (sent, reason, wait) in new[] { (1, SendReason.RateLimited, 50), (2, SendReason.WorkspaceBusy, 70) })
        {
            await RunUntilSentAsync(sent);
            await Eventually.HoldsAsync(() => _lane.Status.Reason == reason, "a waiting lane");
            await StopAsync();
            clock.Shift -= TimeSpan.FromHours(5);
            _lane = _world.RestartedLane(clock);
            Start();
            var limit = clock.GetUtcNow() + TimeSpan.FromSeconds(wait);
            await Eventually.HoldsAsync(() => _lane.Status.Reason == reason, "a restarted lane that waits");
            Assert.True(_lane.Status.Until <= limit);
        }
    }

    [Fact]
    public async Task RunAsync_CommitAfterTheWebhookTimedOut_IsStillSent()
    {
        var slow = new SlowOutbox(_world.Outbox);
        Start();
        await Eventually.HoldsAsync(() => _lane.Status.State == LaneActivity.Running, "a lane that waits for work");
        using var limit = new CancellationTokenSource();
        var accepting = _world.AcceptAsync(1, _world.IntakeInto(slow), limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        Assert.Empty(_world.Sender.Sent);

        slow.Release();
        await _world.SentAsync(1);
    }

    [Fact]
    public async Task RunAsync_FormatterThrows_DeliveryIsDeadAndTheLaneContinues()
    {
        _lane = _world.NewLane(formatter: new ThrowingFormatter());
        Start();
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);

        await Eventually.HoldsAsync(() => _lane.Status.Waiting == 0, "an empty lane");

        var stored = await _world.StoredAsync();
        Assert.All(
            stored,
            one => Assert.Equal((DeliveryState.Dead, SendReason.InvalidMessage), (one.Deliveries[0].State, one.Deliveries[0].Reason)));
        Assert.Empty(_world.Sender.Sent);
    }

    [Fact]
    public async Task RunAsync_AmbiguousFailure_HoldsTheNextAndMarksTheRepeat()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Ambiguous, SendReason.ServerError));
        Start();
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await Eventually.HoldsAsync(() => _lane.Status.State == LaneActivity.Waiting, "a waiting lane");
        await RunUntilSentAsync(3);

        Assert.Equal([1, 1, 2], _world.SentDefects);
        Assert.DoesNotContain("may be a repeat", LaneWorld.TextOf(_world.Sender.Sent[0].Message), StringComparison.Ordinal);
        Assert.Contains("may be a repeat", LaneWorld.TextOf(_world.Sender.Sent[1].Message), StringComparison.Ordinal);
        Assert.DoesNotContain("may be a repeat", LaneWorld.TextOf(_world.Sender.Sent[2].Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RejectedMessage_IsDeadAndTheNextIsSent()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "invalid_blocks" });
        Start();
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await _world.SentAsync(2);
        await Eventually.HoldsAsync(() => _lane.Status.Waiting == 0, "an empty lane");

        var stored = await _world.StoredAsync();
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Dead], stored.Select(one => one.Deliveries[0].State));
        Assert.Equal((SendReason.InvalidMessage, "invalid_blocks"), (stored[1].Deliveries[0].Reason, stored[1].Deliveries[0].Detail));
    }

    [Fact]
    public async Task RunAsync_Parked_KeepsDeliveriesAndResumesAfterASuccessfulProbe()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.HookGone));
        Start();
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await Eventually.HoldsAsync(
            () => _lane.Status is { State: LaneActivity.Parked, Reason: SendReason.HookGone, Waiting: 2 }, "a parked lane");

        await RunUntilSentAsync(3);

        Assert.True(_world.Sender.Sent[1].At - Some.Moment >= TimeSpan.FromMinutes(15));
        await Eventually.HoldsAsync(() => _lane.Status is { State: LaneActivity.Running, Waiting: 0 }, "a running lane");
    }

    [Fact]
    public async Task RunAsync_OutageLongerThanMaxAge_DoesNotCountTowardsMaxAge()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed), times: 30).Then(
            new SendResult(SendOutcome.Retry, SendReason.ServerError));
        _world.Route = _world.Route with { MaxAge = TimeSpan.FromMinutes(1) };
        Start();
        await _world.AcceptAsync(1);

        await RunUntilSentAsync(32);

        await Eventually.HoldsAsync(() => _lane.Status.Waiting == 0, "an empty lane");
        Assert.Equal(DeliveryState.Delivered, (await _world.StoredAsync())[0].Deliveries[0].State);
    }

    [Fact]
    public async Task RunAsync_OutboxFailsAfterTheSend_RecordsLaterAndDoesNotSendAgain()
    {
        _world.Sender.Then(_ =>
        {
            _world.Outbox.Error = "disk full";
            return Task.FromResult(SendResult.Delivered());
        });
        Start();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _world.Outbox.Refusals > 0, "an outcome that could not be recorded");
        _world.Outbox.Error = null;
        await _world.Time.UntilAsync(() => _lane.Status.Waiting == 0, () => "the outcome to be recorded");

        Assert.Single(_world.Sender.Sent);
        Assert.Equal(DeliveryState.Delivered, (await _world.StoredAsync())[0].Deliveries[0].State);
    }

    [Fact]
    public async Task RunAsync_StopAsked_FinishesTheSendAndTakesNoOther()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        Start();
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await _world.SentAsync(1);

        await _stopAsked.CancelAsync();
        response.SetResult(SendResult.Delivered());
        await _running;

        Assert.Single(_world.Sender.Sent);
        var stored = await _world.StoredAsync();
        Assert.Equal([DeliveryState.Pending, DeliveryState.Delivered], stored.Select(one => one.Deliveries[0].State));
        Assert.Equal(LaneActivity.Stopped, _lane.Status.State);
    }

    [Fact]
    public async Task RunAsync_StopAskedDuringASend_LeavesNoAttemptOpen()
    {
        var response = new TaskCompletionSource<SendResult>();
        for (var id = 1; id <= 3; id++) await _world.AcceptAsync(id);
        _world.Sender.Then(SendResult.Delivered()).Then(_ => response.Task);
        Start();
        await _world.SentAsync(2);

        await _stopAsked.CancelAsync();
        response.SetResult(SendResult.Delivered());
        await _running;

        var stored = await _world.StoredAsync();
        Assert.Equal(
            [DeliveryState.Pending, DeliveryState.Delivered, DeliveryState.Delivered], stored.Select(one => one.Deliveries[0].State));
        Assert.Equal([0, 1, 1], stored.Select(one => one.Deliveries[0].History.Count(attempt => attempt.EndedAt is not null)));
        Assert.Empty(stored[0].Deliveries[0].History);
    }

    [Fact]
    public async Task RunAsync_TimeUp_LeavesTheDeliveryPending()
    {
        _world.Sender.ThenHang();
        Start();
        await _world.AcceptAsync(1);
        await _world.SentAsync(1);

        await _stopAsked.CancelAsync();
        await _timeUp.CancelAsync();
        await _running;

        var delivery = (await _world.StoredAsync())[0].Deliveries[0];
        Assert.Equal(DeliveryState.Pending, delivery.State);
        Assert.Equal((SendOutcome.Ambiguous, SendReason.Interrupted), (delivery.History[0].Outcome, delivery.History[0].Reason));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopAsked.Dispose();
        _timeUp.Dispose();
        _world.Dispose();
    }

    private async Task StopAsync()
    {
        await _stopAsked.CancelAsync();
        await _timeUp.CancelAsync();
        await _running;
    }

    private Task RunUntilSentAsync(int count) => _world.Time.UntilAsync(() => _world.Sender.Sent.Count >= count, () => $"{count} messages");

    private void Start()
    {
        if (_stopAsked.IsCancellationRequested) (_stopAsked, _timeUp) = (new CancellationTokenSource(), new CancellationTokenSource());
        _running = _world.RunAsync(_lane, _stopAsked.Token, _timeUp.Token);
    }
}
