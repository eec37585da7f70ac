using System.Collections.Concurrent;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>A lane that nothing holds: attempts are written down ahead, outcomes while the next message is on its way.</summary>
public sealed class LaneAheadTests : IAsyncDisposable
{
    private readonly LaneWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _commits = new();
    private readonly ConcurrentQueue<AttemptOutcome> _recorded = new();
    private readonly ConcurrentDictionary<long, int> _sentBefore = new();
    private readonly ConcurrentQueue<Exception> _readErrors = new();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task RunAsync_CommitUnderWay_SendsTheNextOneAndNoneWhoseAttemptIsNotWritten()
    {
        await StartAsync(9);
        await CommitAsync();

        // The second's outcome is not written; the attempts up to the seventh's were, with the first's.
        await _world.SentAsync(7);
        await Eventually.HoldsAsync(() => _commits.Count == 6, "six commits under way");
        Assert.Equal(7, _world.Sender.Sent.Count);

        await CommitAsync();
        await _world.SentAsync(8);
        await CommitRestAsync(count: 9);
        Assert.Equal(Enumerable.Range(1, 9), _world.SentDefects);
        Assert.All(await _world.StoredAsync(), one => Assert.Equal(("delivered", 1), (one.Deliveries[0].State, one.Deliveries[0].History.Count)));
    }

    [Fact]
    public async Task RunAsync_AnsweredAndTheNextOneIsMade_LeavesBeforeWhatCameOfTheOneBeforeIsWrittenDown()
    {
        await StartAsync(5);
        await CommitRestAsync(count: 5);

        // The fourth was made together with the third, so it was there when the third was answered.
        Assert.Equal((3L, true), _recorded.Select(outcome => (outcome.DeliveryId, _sentBefore[outcome.DeliveryId] >= 4)).ElementAt(2));
    }

    [Fact]
    public async Task RunAsync_AnsweredOnAThreadThatServesOthersToo_MakesNoMessageThere()
    {
        var made = new CountingFormatter();
        _world.Configuration = _world.Configuration with { Renderer = LaneWorld.RendererWith(made) };
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        for (var id = 1; id <= 3; id++) await _world.AcceptAsync(id);
        _running = _world.NewLane().RunAsync(_stop.Token, _stop.Token);
        await _world.SentAsync(1);

        // The lane goes on here, as it does on the thread that polls the sockets.
        new Thread(() => response.SetResult(SendResult.Delivered())).Start();

        await _world.SentAsync(3);
        Assert.Equal((3, 0), (made.Count, made.CountElsewhere));
    }

    [Fact]
    public async Task RunAsync_ToldToStopWhenTheNextOneHasLeft_WritesDownWhatCameOfItAndTakesTheOthersBack()
    {
        var response = new TaskCompletionSource<SendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Sender.Then(SendResult.Delivered(), times: 3).Then(_ =>
        {
            _stop.Cancel();
            return response.Task;
        });
        await StartAsync(6, timeUp: CancellationToken.None);
        await _world.SentAsync(1);
        while (_world.Sender.Sent.Count < 4) await CommitAsync();
        await CommitRestAsync(() => _recorded.Any(outcome => outcome.DeliveryId == 3), "the third's outcome");
        response.SetResult(SendResult.Delivered());
        await CommitRestAsync(() => _running.IsCompleted, "the lane's end");

        Assert.Equal([1, 2, 3, 4], _world.SentDefects);
        var stored = await _world.StoredAsync();
        Assert.Equal(["pending", "pending", "delivered", "delivered", "delivered", "delivered"], stored.Select(one => one.Deliveries[0].State));
        Assert.Equal([0, 0, 1, 1, 1, 1], stored.Select(one => one.Deliveries[0].History.Count));
        Assert.Contains(_recorded, outcome => outcome is { DeliveryId: 3, Withdrawn: [5, 6] });
    }

    [Fact]
    public async Task RunAsync_DefectsCanNotBeReadWhenMessagesAreMade_PausesAndSendsEachOnce()
    {
        _readErrors.Enqueue(new OutboxUnavailableException("the disk is away"));
        await StartAsync(5);
        await CommitRestAsync(count: 5);

        Assert.Empty(_readErrors);
        Assert.Equal(Enumerable.Range(1, 5), _world.SentDefects);
        Assert.All(await _world.StoredAsync(), one => Assert.Equal("delivered", one.Deliveries[0].State));
    }

    [Fact]
    public async Task RunAsync_RefusedForNow_TakesTheAttemptsAheadBackAndSendsThemOnceAndUnmarked()
    {
        _world.Sender.Then(SendResult.Delivered()).Then(new SendResult(SendOutcome.Retry, SendReason.UnknownError));
        await StartAsync(4);
        await CommitRestAsync(count: 5);

        Assert.Equal([1, 2, 2, 3, 4], _world.SentDefects);
        var stored = await _world.StoredAsync();
        Assert.Equal([1, 1, 2, 1], stored.Select(one => one.Deliveries[0].History.Count));
        Assert.DoesNotContain(_world.Sender.Sent, sent => LaneWorld.TextOf(sent.Message).Contains("repeat"));
        Assert.Contains(_recorded, outcome => outcome.Withdrawn is [3, 4]);
    }

    [Fact]
    public async Task RunAsync_RefusedForNowAndTemplatesChangedMeanwhile_SendsNothingThatWasMadeBefore()
    {
        var made = new CountingFormatter();
        _world.Configuration = _world.Configuration with { Renderer = LaneWorld.RendererWith(made) };
        var response = new TaskCompletionSource<SendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Sender.Then(SendResult.Delivered()).Then(_ => response.Task);
        await StartAsync(4);
        await CommitAsync();
        // The third and the fourth are made while the second is on its way.
        await Eventually.HoldsAsync(() => made.Count == 4, () => $"four messages made, {made.Count} are");

        _world.Configuration = _world.Configure("v2", _world.Destination);
        response.SetResult(new SendResult(SendOutcome.Retry, SendReason.UnknownError));
        await CommitRestAsync(count: 5);

        Assert.Equal(["1 v1", "2 v1", "2 v2", "3 v2", "4 v2"], _world.Sender.Sent.Select(sent => $"{LaneWorld.DefectIn(sent.Message)} {sent.Message.Version}"));
    }

    [Fact]
    public async Task RunAsync_CommitsThatFail_AreTriedAgainAndNothingIsSentTwice()
    {
        await StartAsync(5);
        await CommitAsync();
        await _world.SentAsync(5);
        await CommitAsync(error: new OutboxUnavailableException("the disk is away"));
        await CommitAsync(error: new OutboxUnavailableException("the disk is away"));
        await CommitRestAsync(count: 5);

        Assert.Equal(Enumerable.Range(1, 5), _world.SentDefects);
        Assert.All(await _world.StoredAsync(), one => Assert.Equal(("delivered", 1), (one.Deliveries[0].State, one.Deliveries[0].History.Count)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var commit in _commits) commit.TrySetResult();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    private async Task StartAsync(int count, CancellationToken? timeUp = null)
    {
        for (var id = 1; id <= count; id++) await _world.AcceptAsync(id);
        var outbox = new SlowOutbox(_world.Outbox)
        {
            BeforeRecord = outcome =>
            {
                var commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _sentBefore.TryAdd(outcome.DeliveryId, _world.Sender.Sent.Count);
                _recorded.Enqueue(outcome);
                _commits.Enqueue(commit);
                // A test that has failed waits for nothing.
                return _stop.IsCancellationRequested ? Task.CompletedTask : commit.Task;
            },
            BeforeReadDefects = () => _readErrors.TryDequeue(out var error) ? Task.FromException(error) : Task.CompletedTask,
        };
        var lane = _world.NewLane(outbox: outbox);
        _running = lane.RunAsync(_stop.Token, timeUp ?? _stop.Token);
    }

    // The oldest commit that waits ends.
    private async Task CommitAsync(Exception? error = null)
    {
        await Eventually.HoldsAsync(() => !_commits.IsEmpty, "a commit");
        Assert.True(_commits.TryDequeue(out var commit));
        if (error is null) commit.SetResult();
        else commit.SetException(error);
    }

    private Task CommitRestAsync(int count) =>
        CommitRestAsync(() => _world.Sender.Sent.Count == count && _recorded.Count >= count && _world.Signals.For("web-qa").Waiting == 0, $"{count} messages");

    private Task CommitRestAsync(Func<bool> isDone, string what) => Eventually.HoldsAsync(
        () =>
        {
            _world.Time.Advance(TimeSpan.FromMilliseconds(500));
            while (_commits.TryDequeue(out var commit)) commit.TrySetResult();
            return isDone();
        },
        what);

    private sealed class CountingFormatter : IMessageFormatter
    {
        private readonly SlackMessageFormatter _slack = new();
        private int _count;
        private int _countElsewhere;

        public ChatPlatform Platform => _slack.Platform;

        public int Count => Volatile.Read(ref _count);

        /// <summary>On other threads than the pool's.</summary>
        public int CountElsewhere => Volatile.Read(ref _countElsewhere);

        public ChatMessage Format(MessageDocument document)
        {
            if (!Thread.CurrentThread.IsThreadPoolThread) Interlocked.Increment(ref _countElsewhere);
            Interlocked.Increment(ref _count);
            return _slack.Format(document);
        }

        public ChatMessage Format(JsonTemplate template) => _slack.Format(template);
    }
}
