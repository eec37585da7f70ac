using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Destinations that are added, removed and changed while their lanes run.</summary>
public sealed class LaneReconcileTests : IAsyncLifetime
{
    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private readonly List<string> _created = [];
    private readonly LogLines<LaneHost> _log = new();
    private readonly LaneHost _host;

    public LaneReconcileTests()
    {
        _host = new LaneHost(
            (destination, options) =>
            {
                _created.Add(destination.Name);
                return _world.NewLane(destination, options);
            },
            () => _world.Configuration, _world.RateLimiters, _world.Outbox, _world.Outbox, _world.Signals,
            _lifetime, _world.Time, _log);
    }

    private Destination WebQa => _world.Destination;

    private Destination Mobile =>
        _world.Destination with { Name = "mobile", Sender = new ScriptedSender(_world.Time), SettingsDigest = "mobile" };

    public async ValueTask InitializeAsync()
    {
        _world.Configuration = _world.Configure("v1", WebQa);
        await _host.StartAsync(CancellationToken.None);
        _lifetime.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _world.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task Reconcile_NewDestination_SendsItsPendingDeliveries()
    {
        _world.Route = new RouteOptions { To = ["web-qa", "mobile"] };
        _world.Configuration = _world.Configure("v2", WebQa);
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        var mobile = Mobile;

        Reconcile("v3", WebQa, mobile);

        await Eventually.HoldsAsync(() => Sent(mobile) == 2, "both messages");
        Assert.Equal(["web-qa", "mobile"], _host.Statuses.Select(lane => lane.Destination));
        Assert.All(_host.Statuses, lane => Assert.Equal(LaneActivity.Running, lane.State));
    }

    [Fact]
    public async Task Reconcile_DestinationRemoved_RecordsTheSendInProgressAndKeepsTheRest()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await _world.SentAsync(1);

        Reconcile("v2");

        Assert.Empty(_host.Statuses);
        Assert.True(_host.IsServed("web-qa"));
        response.SetResult(SendResult.Delivered());
        await Eventually.HoldsAsync(() => !_host.IsServed("web-qa"), "the end of the lane");
        Assert.Equal(
            [DeliveryState.Pending, DeliveryState.Delivered], (await _world.StoredAsync()).Select(stored => stored.Deliveries[0].State));
        Assert.Single(_world.Sender.Sent);
        Assert.Equal([450], _log.EventIds);
    }

    [Fact]
    public async Task Reconcile_DestinationAddedBackDuringASend_WaitsForItsEnd()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await _world.SentAsync(1);

        Reconcile("v2");
        Reconcile("v3", WebQa);
        Assert.Single(_world.Sender.Sent);
        response.SetResult(SendResult.Delivered());

        await _world.SentAsync(2);
        await Eventually.HoldsAsync(() => _world.Signals.For("web-qa").Waiting == 0, "an empty queue");
        Assert.Equal([1, 2], _world.SentDefects);
    }

    [Fact]
    public async Task Reconcile_DestinationChanged_ContinuesInOrderWithNewSettings()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        foreach (var id in Enumerable.Range(1, 4)) await _world.AcceptAsync(id);
        await _world.SentAsync(1);
        var replacement = new ScriptedSender(_world.Time);

        Reconcile("v2", WebQa with { SettingsDigest = "fixed", Sender = replacement });
        response.SetResult(SendResult.Delivered());

        await Eventually.HoldsAsync(
            () =>
            {
                Assert.NotEqual(LaneActivity.Stopped, _host.Statuses[0].State);
                return replacement.Sent.Count == 3;
            },
            "the others");
        Assert.Equal([1], _world.SentDefects);
        Assert.Equal([2, 3, 4], replacement.Sent.Select(sent => LaneWorld.DefectIn(sent.Message)));
        await Eventually.HoldsAsync(() => _world.Signals.For("web-qa").Waiting == 0, "an empty queue");
        Assert.All(await _world.StoredAsync(), stored => Assert.Single(stored.Deliveries[0].History));
    }

    [Fact]
    public async Task Reconcile_ParkedDestinationFixed_SendsAtOnce()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials), times: 2);
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Parked, "a parked lane");

        Reconcile("v2", WebQa with { SettingsDigest = "still wrong" });
        await _world.SentAsync(2);
        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Parked, "a parked lane");
        Reconcile("v3", WebQa with { SettingsDigest = "fixed" });

        await _world.SentAsync(3);
        await Eventually.HoldsAsync(() => _host.Statuses[0] is { State: LaneActivity.Running, Waiting: 0 }, "a running lane");
    }

    [Fact]
    public async Task Statuses_ParkedDestinationChangedDuringItsProbe_ShowTheLaneThatStillRuns()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials)).Then(_ => response.Task);
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Parked, "a parked lane");
        await _world.Outbox.ResumeAsync("web-qa");
        await _world.SentAsync(2);

        Reconcile("v2", WebQa with { SettingsDigest = "other" });

        var shown = _host.Statuses[0];
        response.SetResult(SendResult.Delivered());
        Assert.Equal((LaneActivity.Parked, 1), (shown.State, shown.Waiting));
        await Eventually.HoldsAsync(() => _host.Statuses[0] is { State: LaneActivity.Running, Waiting: 0 }, "a running lane");
    }

    [Fact]
    public async Task Reconcile_OptionsThatLanesDoNotUse_KeepsTheLane()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        await _world.AcceptAsync(1);
        await _world.SentAsync(1);

        Reconcile("v2", WebQa, Mobile);
        _world.Configuration =
            _world.Configuration with { Delivery = new DeliveryOptions { AlertTo = "mobile", StopWithin = TimeSpan.FromSeconds(1) } };
        _host.Reconcile();
        Assert.Equal(["web-qa", "mobile"], _created);
        _world.Configuration = _world.Configuration with { Delivery = new DeliveryOptions { MaxAge = TimeSpan.FromHours(1) } };
        _host.Reconcile();

        Assert.Equal(["web-qa", "mobile", "web-qa", "mobile"], _created);
        response.SetResult(SendResult.Delivered());
        await Eventually.HoldsAsync(() => _world.Signals.For("web-qa").Waiting == 0, "an empty queue");
    }

    [Fact]
    public async Task Reconcile_FasterRateLimit_AppliesAtOnce()
    {
        Reconcile("v2", WithRateLimit(0.01));
        foreach (var id in Enumerable.Range(1, 3)) await _world.AcceptAsync(id);
        await Eventually.HoldsAsync(
            () => _host.Statuses[0] is { State: LaneActivity.Waiting, Reason: SendReason.RateLimit },
            "a lane that waits for its rate limit");
        Assert.Single(_world.Sender.Sent);

        // The clock stands still, so the other messages can be sent only without a rate limit.
        Reconcile("v3", WithRateLimit(0));

        await _world.SentAsync(3);
    }

    [Fact]
    public async Task Reconcile_ManyTimesUnderLoad_LosesRepeatsAndReordersNothing()
    {
        const int Count = 400;
        ScriptedSender[] senders = [new(_world.Time), new(_world.Time)];
        var all = new List<int>();
        IEnumerable<int> Order() => senders.SelectMany(sender => sender.Sent.Select(sent => LaneWorld.DefectIn(sent.Message)));
        var accepting = Task.Run(
            async () =>
            {
                foreach (var id in Enumerable.Range(1, Count))
                {
                    await _world.AcceptAsync(id);
                    if (id % 5 == 0) await Task.Yield();
                }
            },
            TestContext.Current.CancellationToken);
        var random = new Random(7);
        for (var version = 2; !accepting.IsCompleted || version < 200; version++)
        {
            var settings = random.Next(4);
            Destination[] destinations = settings == 3
                ? [] : [WebQa with { SettingsDigest = settings.ToString(), Sender = new CountingSender(all, senders[settings % 2]) }];
            Reconcile($"v{version}", destinations);
            await Task.Yield();
        }

        await accepting;
        Reconcile("last", WebQa with { SettingsDigest = "last", Sender = new CountingSender(all, senders[0]) });
        await Eventually.HoldsAsync(() => _world.Signals.For("web-qa").Waiting == 0, "an empty queue");

        var first = _world.SentDefects.ToList();
        Assert.Equal(Enumerable.Range(1, Count), first.Concat(all));
        Assert.Equal(Count - first.Count, Order().Count());
        Assert.All(await _world.StoredAsync(),
            stored => Assert.Equal([SendOutcome.Delivered], stored.Deliveries[0].History.Select(attempt => attempt.Outcome)));
    }

    [Fact]
    public async Task StopAsync_LaneBeingReplaced_WaitsForBoth()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        await _world.AcceptAsync(1);
        await _world.SentAsync(1);
        Reconcile("v2", WebQa with { SettingsDigest = "other" });

        _lifetime.StopApplication();
        var stopping = _host.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        response.SetResult(SendResult.Delivered());

        await stopping;
        Assert.Equal(DeliveryState.Delivered, (await _world.StoredAsync())[0].Deliveries[0].State);
    }

    private static int Sent(Destination destination) => ((ScriptedSender)destination.Sender).Sent.Count;

    private Destination WithRateLimit(double perSecond) => WebQa with
    {
        SettingsDigest = $"{perSecond}",
        Limits = [new SharedRateLimit("place", new RateLimitOptions { PerSecond = perSecond, Burst = 1 })],
    };

    private void Reconcile(string version, params Destination[] destinations)
    {
        _world.Configuration = _world.Configure(version, destinations);
        _host.Reconcile();
    }

    // Only one lane sends at a time, so a plain list is enough.
    private sealed class CountingSender(List<int> all, ScriptedSender inner) : IMessageSender
    {
        public async Task<SendResult> SendAsync(
            ChatMessage message, string correlationKey, CancellationToken cancellationToken)
        {
            all.Add(LaneWorld.DefectIn(message));
            await Task.Yield();
            return await inner.SendAsync(message, correlationKey, cancellationToken);
        }
    }
}
