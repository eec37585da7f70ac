using System.Collections.Concurrent;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>When attempts start, and in which commits.</summary>
public sealed class LaneAttemptTests : IAsyncDisposable
{
    private readonly LaneWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<AttemptOutcome> _recorded = new();
    private readonly ConcurrentQueue<Exception> _recordErrors = new();
    private readonly ConcurrentQueue<Exception> _readErrors = new();
    private TaskCompletionSource? _commit;
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task RunAsync_NothingHoldsTheLane_StartsTheNextAttemptInTheCommitOfTheOutcome()
    {
        await StartAsync(3);

        await EmptyAsync();
        Assert.Equal(2, _recorded.ElementAt(0).Next?.DeliveryId);
        Assert.Equal(3, _recorded.ElementAt(1).Next?.DeliveryId);
        Assert.Null(_recorded.ElementAt(2).Next);
        Assert.Equal([1, 2, 3], _world.SentDefects);
        Assert.All(await _world.StoredAsync(), one => Assert.Single(one.Deliveries[0].History));
    }

    [Fact]
    public async Task RunAsync_RateLimit_StartsNoAttemptBeforeItsPermitIsDue()
    {
        await StartAsync(3, perSecond: 1);

        await EmptyAsync();
        Assert.All(_recorded, outcome => Assert.Null(outcome.Next));
        Assert.All(await _world.StoredAsync(), one => Assert.Single(one.Deliveries[0].History));
    }

    [Fact]
    public async Task RunAsync_OutcomeNotCommitted_SendsNothingElse()
    {
        _commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync(2);
        await Eventually.HoldsAsync(() => !_recorded.IsEmpty, "the first outcome");
        Assert.Single(_world.Sender.Sent);

        _commit.SetResult();

        await EmptyAsync();
        Assert.Equal([1, 2], _world.SentDefects);
    }

    [Fact]
    public async Task RunAsync_CommitFails_RetriesItAndSendsNothingTwice()
    {
        _recordErrors.Enqueue(new OutboxUnavailableException("disk full"));
        _recordErrors.Enqueue(new OutboxUnavailableException("disk full"));
        await StartAsync(3);

        await EmptyAsync();
        Assert.Equal([1, 2, 3], _world.SentDefects);
        Assert.All(
            await _world.StoredAsync(),
            one => Assert.Equal((DeliveryState.Delivered, 1), (one.Deliveries[0].State, one.Deliveries[0].History.Count)));
    }

    [Fact]
    public async Task RunAsync_DefectCanNotBeReadAfterTheAttemptStarted_SendsItOnceAndUnmarked()
    {
        _world.Sender.Then(_ =>
        {
            _readErrors.Enqueue(new OutboxUnavailableException("disk full"));
            return Task.FromResult(SendResult.Delivered());
        });
        await StartAsync(2);

        await EmptyAsync();
        Assert.Empty(_readErrors);
        Assert.Equal([1, 2], _world.SentDefects);
        Assert.All(
            await _world.StoredAsync(),
            one => Assert.Equal((DeliveryState.Delivered, 1), (one.Deliveries[0].State, one.Deliveries[0].History.Count)));
        Assert.DoesNotContain(_world.Sender.Sent, sent => LaneWorld.TextOf(sent.Message).Contains("repeat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_AnotherLaneGets429AfterTheAttemptStarted_EndsItUnsentAndWaits()
    {
        var isHeld = false;
        var shared = new SharedRateLimit("web-qa", new RateLimitOptions { PerSecond = 0 });
        await StartAsync(2, beforeRead: () =>
        {
            // The second delivery is loaded: its attempt is in the outbox.
            if (_recorded.Count != 1 || isHeld) return;
            isHeld = true;
            _world.RateLimiters.For(shared).CloseFor(TimeSpan.FromSeconds(30));
        });

        await EmptyAsync();
        Assert.Equal([1, 2], _world.SentDefects);
        Assert.True(_world.Sender.Sent[1].At - Some.Moment >= TimeSpan.FromSeconds(30));
        Assert.Equal(
            [SendOutcome.Wait, SendOutcome.Delivered],
            (await _world.StoredAsync())[0].Deliveries[0].History.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task RunAsync_SendFailed_RetriesInOrderAndUnmarked()
    {
        _world.Sender.Then(SendResult.Delivered()).Then(new SendResult(SendOutcome.Retry, SendReason.UnknownError));
        await StartAsync(4);

        await EmptyAsync();
        Assert.Equal([1, 2, 2, 3, 4], _world.SentDefects);
        Assert.Equal([1, 1, 2, 1], (await _world.StoredAsync()).Select(one => one.Deliveries[0].History.Count));
        Assert.DoesNotContain(_world.Sender.Sent, sent => LaneWorld.TextOf(sent.Message).Contains("repeat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_TemplatesChangedBeforeARetry_RendersWithTheNewOnes()
    {
        _world.Configuration = _world.Configure("v1", _world.Destination);
        _world.Sender.Then(_ =>
        {
            _world.Configuration = _world.Configure("v2", _world.Destination);
            return Task.FromResult(new SendResult(SendOutcome.Retry, SendReason.UnknownError));
        });
        await StartAsync(2);

        await EmptyAsync();
        Assert.Equal(
            ["1 v1", "1 v2", "2 v2"], _world.Sender.Sent.Select(sent => $"{LaneWorld.DefectIn(sent.Message)} {sent.Message.Version}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _commit?.TrySetResult();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    private async Task StartAsync(int count, double perSecond = 0, Action? beforeRead = null)
    {
        for (var id = 1; id <= count; id++) await _world.AcceptAsync(id);
        var outbox = new SlowOutbox(_world.Outbox)
        {
            BeforeRecord = outcome =>
            {
                if (_recordErrors.TryDequeue(out var error)) return Task.FromException(error);
                _recorded.Enqueue(outcome);
                return _commit?.Task ?? Task.CompletedTask;
            },
            BeforeReadDefect = () =>
            {
                beforeRead?.Invoke();
                return _readErrors.TryDequeue(out var error) ? Task.FromException(error) : Task.CompletedTask;
            },
        };
        var destination =
            _world.Destination with { Limits = [new SharedRateLimit("web-qa", new RateLimitOptions { PerSecond = perSecond })] };
        _running = _world.RunAsync(_world.NewLane(destination: destination, outbox: outbox), _stop.Token, _stop.Token);
    }

    private Task EmptyAsync() => _world.Time.UntilAsync(() => _world.Signals.For("web-qa").Waiting == 0, () => "an empty lane");
}
