using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>How a lane handles a message that may have been posted.</summary>
public sealed class RepeatTests : IAsyncDisposable
{
    private static readonly SendResult Lost = new(SendOutcome.Ambiguous, SendReason.ConnectionLost);

    private readonly LaneWorld _world = new();
    private readonly SearchableSender _searchable;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public RepeatTests() => _searchable = new SearchableSender(_world.Sender, _world.Time);

    [Fact]
    public async Task RunAsync_FoundInTheChannel_DeliversWithoutASecondSend()
    {
        _world.Sender.Then(Lost);
        _searchable.Then(new LookupResult(LookupStatus.Found) { Reference = "C1/1.2" });
        await RunAsync(_world.Destination with { Sender = _searchable });

        var delivery = await EndedAsync(DeliveryState.Delivered);
        Assert.Single(_world.Sender.Sent);
        Assert.Equal((SendReason.Found, "C1/1.2"), (delivery.Reason, delivery.Reference));
        Assert.Equal(
            [(SendOutcome.Ambiguous, SendReason.ConnectionLost), (SendOutcome.Delivered, SendReason.Found)],
            delivery.History.Select(attempt => (attempt.Outcome, attempt.Reason)));
        var (correlationKey, since) = Assert.Single(_searchable.Asked);
        Assert.EndsWith("-" + delivery.Id, correlationKey, StringComparison.Ordinal);
        Assert.Equal(delivery.History[0].StartedAt, since);
        Assert.True(delivery.History[1].EndedAt - delivery.History[0].EndedAt >= _world.Options.ConfirmAfter);
    }

    [Fact]
    public async Task RunAsync_NotFoundInTheChannel_SendsAgainUnmarked()
    {
        _world.Sender.Then(Lost);
        await RunAsync(_world.Destination with { Sender = _searchable });

        await EndedAsync(DeliveryState.Delivered);
        Assert.Equal(2, _world.Sender.Sent.Count);
        Assert.All(
            _world.Sender.Sent, sent => Assert.DoesNotContain("may be a repeat", LaneWorld.TextOf(sent.Message), StringComparison.Ordinal));
        Assert.Equal(_world.Sender.Sent[0].CorrelationKey, _world.Sender.Sent[1].CorrelationKey);
    }

    [Fact]
    public async Task RunAsync_LookupFailsForAWhile_LooksUpAgainBeforeSending()
    {
        _world.Sender.Then(Lost);
        _searchable
            .Then(
                new LookupResult(LookupStatus.Failed)
                {
                    Error = new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(20) },
                })
            .Then(new LookupResult(LookupStatus.Failed), times: 2)
            .Then(new LookupResult(LookupStatus.Found));
        await RunAsync(_world.Destination with { Sender = _searchable });

        var delivery = await EndedAsync(DeliveryState.Delivered);
        Assert.Single(_world.Sender.Sent);
        Assert.Equal(
            [
                (SendOutcome.Ambiguous, SendReason.ConnectionLost),
                (SendOutcome.Wait, SendReason.RateLimited),
                (SendOutcome.Retry, SendReason.LookupFailed),
                (SendOutcome.Retry, SendReason.LookupFailed),
                (SendOutcome.Delivered, SendReason.Found),
            ],
            delivery.History.Select(attempt => (attempt.Outcome, attempt.Reason)));
    }

    [Theory]
    [InlineData(WhenUnsure.Resend, DeliveryState.Delivered, 2)]
    [InlineData(WhenUnsure.Hold, DeliveryState.Held, 1)]
    public async Task RunAsync_LookupAlwaysFails_FollowsWhenUnsure(WhenUnsure whenUnsure, DeliveryState state, int sends)
    {
        _world.Sender.Then(Lost);
        _searchable.Then(new LookupResult(LookupStatus.Failed), times: 50);
        await RunAsync(_world.Destination with { Sender = _searchable, WhenUnsure = whenUnsure });

        await EndedAsync(state);
        Assert.Equal(6, _searchable.Asked.Count);
        Assert.Equal(sends, _world.Sender.Sent.Count);
    }

    [Fact]
    public async Task RunAsync_NoLookupAndHold_HoldsItForReviewAndTheLaneContinues()
    {
        _world.Sender.Then(Lost);
        await RunAsync(_world.Destination with { WhenUnsure = WhenUnsure.Hold });
        await _world.AcceptAsync(2);

        var delivery = await EndedAsync(DeliveryState.Held);
        Assert.Equal((SendReason.Unconfirmed, 2), (delivery.Reason, delivery.History.Count));
        await Eventually.HoldsAsync(() => _world.SentDefects.SequenceEqual([1, 2]), "the next message");
        Assert.Contains("may be a repeat", System.Text.Encoding.UTF8.GetString(_world.Outbox.MessageOf(delivery.Id)!.Value.Span),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_HeldAndRetriedByAnOperator_SendsAgainDespiteHarmlessFailures()
    {
        _world.Sender.Then(Lost).Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(1) })
            .Then(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed));
        await RunAsync(_world.Destination with { WhenUnsure = WhenUnsure.Hold });
        var held = await EndedAsync(DeliveryState.Held);

        await _world.Outbox.RetryAsync(held.Id, asRendered: false, _world.Time.GetUtcNow());
        _world.Signals.For("web-qa").Add(1);

        await EndedAsync(DeliveryState.Delivered);
        Assert.Equal(4, _world.Sender.Sent.Count);
        Assert.All(_world.Sender.Sent.Skip(1),
            sent => Assert.Contains("may be a repeat", LaneWorld.TextOf(sent.Message), StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_RetriedByAnOperatorAndLostAgain_LooksUpSinceTheFirstDoubt()
    {
        _world.Sender.Then(Lost).Then(Lost);
        _searchable.Then(new LookupResult(LookupStatus.Impossible));
        await RunAsync(_world.Destination with { Sender = _searchable, WhenUnsure = WhenUnsure.Hold });
        var held = await EndedAsync(DeliveryState.Held);

        await _world.Outbox.RetryAsync(held.Id, asRendered: false, _world.Time.GetUtcNow());
        _world.Signals.For("web-qa").Add(1);

        var delivered = await EndedAsync(DeliveryState.Delivered);
        Assert.All(_searchable.Asked, asked => Assert.Equal(delivered.History[0].StartedAt, asked.Since));
        Assert.Equal(2, _searchable.Asked.Count);
    }

    [Fact]
    public async Task RunAsync_ClockSetBackSinceTheDoubt_DoesNotLookUpTheFuture()
    {
        var clock = new ShiftedTime(_world.Time);
        _world.Sender.Then(_ =>
        {
            clock.Shift = TimeSpan.FromHours(-2);
            return Task.FromResult(Lost);
        });
        _running = _world.RunAsync(_world.NewLane(clock, _world.Destination with { Sender = _searchable }), _stop.Token, _stop.Token);
        await _world.AcceptAsync(1);

        await EndedAsync(DeliveryState.Delivered);
        Assert.Empty(_searchable.Asked);
        Assert.Contains("may be a repeat", LaneWorld.TextOf(_world.Sender.Sent[1].Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LookupImpossible_SendsAgainMarkedAsPossibleRepeat()
    {
        _world.Sender.Then(Lost);
        _searchable.Then(new LookupResult(LookupStatus.Impossible) { Detail = "missing_scope" });
        await RunAsync(_world.Destination with { Sender = _searchable });

        await EndedAsync(DeliveryState.Delivered);
        Assert.Contains("may be a repeat", LaneWorld.TextOf(_world.Sender.Sent[1].Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LookupHangs_EndsWithTheTimeoutAndLooksUpAgain()
    {
        _world.Sender.Then(Lost);
        _searchable.ThenHang().Then(new LookupResult(LookupStatus.Found));
        await RunAsync(_world.Destination with { Sender = _searchable, Timeout = TimeSpan.FromSeconds(3) });

        var delivery = await EndedAsync(DeliveryState.Delivered);
        Assert.Equal("no response within 3 s", delivery.History[1].Detail);
        Assert.Single(_world.Sender.Sent);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    private async Task RunAsync(Destination destination)
    {
        _world.Time.RequestTimeout = destination.Timeout;
        _running = _world.RunAsync(_world.NewLane(destination: destination), _stop.Token, _stop.Token);
        await _world.AcceptAsync(1);
    }

    // Lets time pass until the first event's delivery has this state.
    private async Task<StoredDelivery> EndedAsync(DeliveryState state)
    {
        StoredDelivery? delivery = null;
        await _world.Time.UntilAsync(
            async () =>
            {
                delivery = (await _world.StoredAsync())[^1].Deliveries[0];
                return delivery.State == state;
            },
            () => $"delivery is {delivery}");
        return delivery!;
    }
}
