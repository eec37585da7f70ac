using System.Diagnostics.Metrics;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Delivery;

public sealed class StoreWatchTests : IAsyncLifetime
{
    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private readonly LaneHost _host;
    private readonly StoreWatch _watch;
    private readonly IMeterFactory _meters = new ServiceCollection().AddMetrics().BuildServiceProvider()
        .GetRequiredService<IMeterFactory>();

    private readonly NotifierMetrics _metrics;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];

    public StoreWatchTests()
    {
        _host = new LaneHost(
            _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, _world.Outbox, _world.Signals, _lifetime,
            _world.Time, NullLogger<LaneHost>.Instance);
        _metrics = new NotifierMetrics(_meters);
        _watch = new StoreWatch(_world.Outbox, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _values[instrument.Name] = value);
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _values[instrument.Name] = value);
        _listener.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The lanes run, and the chat does not respond.
    public async ValueTask InitializeAsync()
    {
        _world.Sender.ThenHang();
        await _host.StartAsync(Token);
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Running, "a lane that runs");
    }

    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        var stopping = _host.StopAsync(Token);
        await AdvanceUntilAsync(() => stopping.IsCompleted);
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        _host.Dispose();
        _listener.Dispose();
        _metrics.Dispose();
        _world.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task Run_NoOneAsks_NoticesAnErrorAndItsEndAndLogsBothOnce()
    {
        await _watch.StartAsync(Token);
        await Eventually.HoldsAsync(() => _watch.Backlog is not null, "the first check");
        Assert.True(_watch.IsReady);

        _world.Outbox.Error = "disk full";
        await AdvanceUntilAsync(() => !_watch.IsReady && _world.Outbox.Refusals >= 6);
        Assert.Equal([("store", "disk full", true)], _world.Health.Problems.Select(one => (one.Part, one.Detail, one.IsVital)));
        Assert.Equal([50], _world.HealthLog.EventIds);

        _world.Outbox.Error = null;
        await AdvanceUntilAsync(() => _watch.IsReady);
        Assert.Equal([50, 51], _world.HealthLog.EventIds);
    }

    [Fact]
    public async Task Metrics_Backlog_ComesFromTheStoreAndIsNotANumberWhileItCannotBeRead()
    {
        await _world.AcceptAsync(1);
        await _world.SentAsync(1);
        await _world.AcceptAsync(2);
        await _watch.StartAsync(Token);
        await Eventually.HoldsAsync(() => _watch.Backlog is not null, "the first check");
        _world.Time.Advance(TimeSpan.FromSeconds(7));

        _listener.RecordObservableInstruments();
        Assert.Equal((2, 7, 1), Values());
        Assert.Equal((2, Some.Moment), (_watch.Lanes[0].Waiting, _watch.Lanes[0].OldestReceivedAt));

        _world.Outbox.Error = "database damaged";
        await _watch.CheckAsync(TimeSpan.Zero, Token);
        _listener.RecordObservableInstruments();
        Assert.Equal((double.NaN, double.NaN, 0), Values());
        Assert.Equal((null, null), (_watch.Lanes[0].Waiting, _watch.Lanes[0].OldestReceivedAt));
    }

    [Fact]
    public async Task Metrics_NothingWaits_AreZero()
    {
        await _watch.StartAsync(Token);
        await Eventually.HoldsAsync(() => _watch.Backlog is not null, "the first check");

        _listener.RecordObservableInstruments();

        Assert.Equal((0, 0, 1), Values());
    }

    [Fact]
    public async Task IsReady_WebhookCouldNotBeStored_IsFalseUntilOneCould()
    {
        // While the lane sends, it does not read.
        await _world.AcceptAsync(3);
        await _world.SentAsync(1);
        _world.Outbox.Error = "conflicts with what is stored";
        Assert.Equal(IntakeOutcome.Unavailable, (await _world.AcceptAsync(1, _world.Intake, Token)).Outcome);
        _world.Outbox.Error = null;

        Assert.False(_watch.IsReady);
        Assert.Equal([("intake", "conflicts with what is stored")], _world.Health.Problems.Select(one => (one.Part, one.Detail)));
        await _world.AcceptAsync(2);

        Assert.True(_watch.IsReady);
    }

    [Fact]
    public async Task CheckAsync_StoreDoesNotRespond_IsAnErrorAfterFiveSeconds()
    {
        var silent = new SlowOutbox(_world.Outbox) { BeforeProbe = () => Task.Delay(Timeout.InfiniteTimeSpan, _world.Time, Token) };
        using var watch = new StoreWatch(silent, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);

        var checking = watch.CheckAsync(TimeSpan.Zero, Token);
        await AdvanceUntilAsync(() => checking.IsCompleted);

        Assert.Equal("the store does not respond within 5 s", await checking);
        Assert.False(watch.IsReady);
    }

    [Fact]
    public async Task SilentFor_StoreDoesNotRespond_GrowsUntilItRespondsEvenWithAnError()
    {
        var hanging = new TaskCompletionSource();
        var store = new SlowOutbox(_world.Outbox) { BeforeProbe = () => hanging.Task };
        using var watch = new StoreWatch(store, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);
        var checking = watch.CheckAsync(TimeSpan.Zero, Token);
        await AdvanceUntilAsync(() => checking.IsCompleted);
        _world.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.InRange(watch.SilentFor, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4));

        // A full disk does not become free by a restart.
        _world.Outbox.Error = "disk full";
        hanging.SetResult();
        Assert.Equal("disk full", await watch.CheckAsync(TimeSpan.Zero, Token));

        Assert.Equal(TimeSpan.Zero, watch.SilentFor);
    }

    [Fact]
    public async Task CheckAsync_TrialWriteSucceededLately_IsNotRepeated()
    {
        using var watch = CountingWatch(out var probes);

        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        _world.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal(1, probes());
        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(1), Token));
        Assert.Equal(2, probes());
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal(3, probes());
    }

    [Fact]
    public async Task CheckAsync_TrialWriteFailedOrSomethingElseFails_IsRepeated()
    {
        using var watch = CountingWatch(out var probes);
        _world.Outbox.Error = "disk full";
        Assert.Equal("disk full", await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal("disk full", await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal(2, probes());
        _world.Outbox.Error = null;
        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal(3, probes());

        // A lane and a webhook failed since.
        _world.Health.Fails(HealthPart.Delivery, "disk I/O error", "mobile");
        _world.Health.Fails(HealthPart.Intake, "disk I/O error");
        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal(4, probes());
        Assert.Equal(["delivery"], _world.Health.Problems.Select(one => one.Part));
        Assert.False(watch.IsReady);
    }

    [Fact]
    public async Task CheckAsync_Reused_ReadsTheCountsAndTheirErrorsAllTheSame()
    {
        using var watch = CountingWatch(out var probes);
        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        await _world.AcceptAsync(1);
        await _world.SentAsync(1);
        await _world.AcceptAsync(2);

        Assert.Null(await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));
        Assert.Equal(2, watch.Lanes[0].Waiting);
        _world.Outbox.Error = "database damaged";
        Assert.Equal("database damaged", await watch.CheckAsync(TimeSpan.FromSeconds(5), Token));

        Assert.Equal(1, probes());
        Assert.False(watch.IsReady);
    }

    [Fact]
    public async Task CheckAsync_SeveralAtOnce_ShareTrialWrites()
    {
        var (hanging, probes) = (new TaskCompletionSource(), 0);
        var store = new SlowOutbox(_world.Outbox)
        {
            BeforeProbe = () =>
            {
                Interlocked.Increment(ref probes);
                return hanging.Task;
            },
        };
        using var watch = new StoreWatch(store, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);

        using var abort = new CancellationTokenSource();
        var aborted = watch.CheckAsync(TimeSpan.Zero, abort.Token);
        var checking = Enumerable.Range(0, 9).Select(_ => watch.CheckAsync(TimeSpan.Zero, Token)).ToList();
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => aborted);
        hanging.SetResult();

        Assert.All(await Task.WhenAll(checking), Assert.Null);
        // Those that asked after the first check had begun share the second one.
        Assert.InRange(probes, 1, 2);
    }

    [Fact]
    public async Task CheckAsync_CountingTakesLong_OthersShareTheNextCount()
    {
        var (counting, counts) = (new TaskCompletionSource(), 0);
        var store = new SlowOutbox(_world.Outbox)
        {
            BeforeCount = () =>
            {
                Interlocked.Increment(ref counts);
                return counting.Task;
            },
        };
        using var watch = new StoreWatch(store, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);
        var first = watch.CheckAsync(TimeSpan.Zero, Token);
        await Eventually.HoldsAsync(() => counts == 1, "a count");

        var others = Enumerable.Range(0, 9).Select(_ => watch.CheckAsync(TimeSpan.Zero, Token)).ToList();
        await _world.AcceptAsync(1);
        counting.SetResult();

        Assert.Null(await first);
        Assert.All(await Task.WhenAll(others), Assert.Null);
        Assert.Equal(2, counts);
        Assert.Equal(1, watch.Lanes[0].Waiting);
    }

    [Fact]
    public async Task Run_AfterASlowCheck_ChecksAgainWithinHalfAMinute()
    {
        var hanging = new TaskCompletionSource();
        var store = new SlowOutbox(_world.Outbox) { BeforeProbe = () => hanging.Task };
        using var watch = new StoreWatch(store, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);
        await watch.StartAsync(Token);
        await AdvanceUntilAsync(() => !watch.IsReady);
        var failedAt = _world.Time.GetUtcNow();
        hanging.SetResult();

        await AdvanceUntilAsync(() => watch.IsReady);

        Assert.InRange(_world.Time.GetUtcNow() - failedAt, TimeSpan.Zero, TimeSpan.FromSeconds(35));
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Run_SeveralNodes_CountsWhatTheOthersSent()
    {
        var claims = new ScriptedClaims(_world.Outbox) { Roster = new Roster([Some.Node("this"), Some.Node("other", "web-qa")]) };
        using var host = new LaneHost(
            _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, claims, _world.Signals, _lifetime,
            _world.Time, NullLogger<LaneHost>.Instance);
        var activities = new DestinationActivities();
        using var watch = new StoreWatch(_world.Outbox, _world.Outbox, host, activities, _world.Health, _metrics, _world.Time);
        await watch.StartAsync(Token);
        Assert.Equal(0, SentByOthers());

        await SendAsync();
        await AdvanceUntilAsync(() => SentByOthers() == 1);
        // The last one before the other node leaves.
        await SendAsync();
        claims.Roster = new Roster([Some.Node("this")]);
        await AdvanceUntilAsync(() => SentByOthers() == 2);
        await watch.StopAsync(CancellationToken.None);

        async Task SendAsync()
        {
            await _world.Outbox.AppendAsync(Some.NewEvent("mobile-qa"), Token);
            var delivery = Assert.Single(await _world.Outbox.ReadPendingAsync("mobile-qa", 1, Token));
            await _world.Outbox.StartAttemptAsync(delivery, _world.Time.GetUtcNow());
            await _world.Outbox.RecordAsync(Some.Outcome(delivery) with { At = _world.Time.GetUtcNow() });
        }

        long SentByOthers() => activities.For("mobile-qa").Read(_world.Time.GetUtcNow()).Sent.Sum();
    }

    [Fact]
    public async Task IsReady_LaneStopped_IsFalse()
    {
        _lifetime.StopApplication();

        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Stopped, "a stopped lane");

        Assert.False(_watch.IsReady);
    }

    private StoreWatch CountingWatch(out Func<int> probes)
    {
        var count = 0;
        var store = new SlowOutbox(_world.Outbox)
        {
            BeforeProbe = () =>
            {
                Interlocked.Increment(ref count);
                return Task.CompletedTask;
            },
        };
        probes = () => count;
        return new StoreWatch(store, _world.Outbox, _host, _world.Activities, _world.Health, _metrics, _world.Time);
    }

    private (double Waiting, double Age, double Ready) Values() =>
        (_values["defectnotifier.waiting"], _values["defectnotifier.waiting.oldest_age"], _values["defectnotifier.ready"]);

    private Task AdvanceUntilAsync(Func<bool> holds) => Eventually.HoldsAsync(
        () =>
        {
            if (holds()) return true;
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return false;
        },
        () => string.Join('\n', _world.Health.Problems));
}
