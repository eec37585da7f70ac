using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>What lanes report when the outbox can't be used, or when there is a bug.</summary>
public sealed class LaneHealthTests : IAsyncDisposable
{
    private readonly LogLines<Lane> _log = new();
    private readonly LaneWorld _world;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    public LaneHealthTests() => _world = new LaneWorld { LaneLogger = _log };

    [Fact]
    public async Task RunAsync_PageCannotBeRead_FailsUntilItCan()
    {
        var lane = Start("web-qa");
        await Eventually.HoldsAsync(() => lane.Status.State == LaneActivity.Running, "a lane that waits for work");

        _world.Outbox.Error = "database damaged";
        _world.Signals.PendingChanged("web-qa", 0);

        await FailsAsync("web-qa: database damaged");
        Assert.Equal((LaneActivity.Waiting, SendReason.StoreUnavailable), (lane.Status.State, lane.Status.Reason));
        await AdvanceUntilAsync(() => _world.Outbox.Refusals >= 5);
        Assert.Equal([50], _world.HealthLog.EventIds);
        Assert.StartsWith("delivery (web-qa) does not work: database damaged.", _world.HealthLog.Texts[0], StringComparison.Ordinal);

        _world.Outbox.Error = null;
        await AdvanceUntilAsync(() => _world.Health.Problems.Count == 0);

        await _world.AcceptAsync(1);
        await _world.SentAsync(1);
        Assert.Equal([50, 51], _world.HealthLog.EventIds);
        await Eventually.HoldsAsync(() => lane.Status.State == LaneActivity.Running, "a lane that runs");
    }

    [Fact]
    public async Task RunAsync_ReadsButCannotStartAttempts_FailsWithoutInterruption()
    {
        await _world.AcceptAsync(1);
        var outbox = new FailingStarts(_world.Outbox) { Error = new OutboxUnavailableException("database damaged") };
        var lane = Start("web-qa", outbox.Outbox);
        await FailsAsync("web-qa: database damaged");

        await AdvanceUntilAsync(() =>
        {
            Assert.Single(_world.Health.Problems);
            Assert.Equal(SendReason.StoreUnavailable, lane.Status.Reason);
            return outbox.Starts >= 5;
        });
        Assert.Equal([50], _world.HealthLog.EventIds);
        outbox.Error = null;
        await AdvanceUntilAsync(() => _world.Health.Problems.Count == 0);

        await _world.SentAsync(1);
    }

    [Fact]
    public async Task RunAsync_OutcomeCannotBeRecorded_FailsAndIsNotShownAsRunning()
    {
        _world.Sender.Then(_ =>
        {
            _world.Outbox.Error = "disk full";
            return Task.FromResult(SendResult.Delivered());
        });
        await _world.AcceptAsync(1);
        var lane = Start("web-qa");

        await FailsAsync("web-qa: disk full");

        Assert.Equal((LaneActivity.Waiting, SendReason.StoreUnavailable), (lane.Status.State, lane.Status.Reason));
        _world.Outbox.Error = null;
        await AdvanceUntilAsync(() => _world.Health.Problems.Count == 0);
        Assert.Single(_world.Sender.Sent);
    }

    [Fact]
    public async Task RunAsync_Bug_FailsAndLogsTheExceptionOnce()
    {
        await _world.AcceptAsync(1);
        var outbox = new FailingStarts(_world.Outbox) { Error = new InvalidOperationException("a bug") };
        var lane = Start("web-qa", outbox.Outbox);

        await AdvanceUntilAsync(() => outbox.Starts >= 5);

        await FailsAsync("web-qa: unexpected error (InvalidOperationException)");
        Assert.Equal(SendReason.InternalError, lane.Status.Reason);
        Assert.Equal([406], _log.EventIds);
    }

    [Fact]
    public async Task RunAsync_TwoLanesFail_AreOneProblemUntilBothWork()
    {
        _world.Route = _world.Route with { To = ["web-qa", "mobile"] };
        await _world.AcceptAsync(1);
        var webQa = new FailingStarts(_world.Outbox) { Error = new OutboxUnavailableException("database damaged") };
        var mobile = new FailingStarts(_world.Outbox) { Error = new OutboxUnavailableException("disk full") };
        Start("web-qa", webQa.Outbox);
        await FailsAsync("web-qa: database damaged");
        Start("mobile", mobile.Outbox);
        await FailsAsync("web-qa: database damaged (and 1 more)");

        webQa.Error = null;
        await AdvanceUntilAsync(() => _world.Health.Problems is [{ Detail: "mobile: disk full" }]);
        mobile.Error = null;
        await AdvanceUntilAsync(() => _world.Health.Problems.Count == 0);

        Assert.Equal([50, 51], _world.HealthLog.EventIds);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
        _world.Dispose();
    }

    private Lane Start(string name, IOutbox? outbox = null)
    {
        var lane = _world.NewLane(destination: _world.Destination with { Name = name }, outbox: outbox);
        _running.Add(_world.RunAsync(lane, _stop.Token, _stop.Token));
        return lane;
    }

    private Task FailsAsync(string detail) => Eventually.HoldsAsync(
        () => _world.Health.Problems is [{ Part: "delivery", IsVital: true } problem] && problem.Detail == detail,
        () => string.Join('\n', _world.Health.Problems));

    private Task AdvanceUntilAsync(Func<bool> holds) => Eventually.HoldsAsync(
        () =>
        {
            if (holds()) return true;
            _world.Time.Advance(TimeSpan.FromMilliseconds(200));
            return false;
        },
        () => string.Join('\n', _world.Health.Problems));

    /// <summary>An outbox in which no attempt can be started while there is an error.</summary>
    private sealed class FailingStarts
    {
        public FailingStarts(IOutbox inner) => Outbox = new SlowOutbox(inner) { BeforeStart = StartAsync };

        public SlowOutbox Outbox { get; }

        public Exception? Error { get; set; }

        public int Starts { get; private set; }

        private Task StartAsync()
        {
            Starts++;
            return Error is null ? Task.CompletedTask : Task.FromException(Error);
        }
    }
}
