using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Notices;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Delivery;

/// <summary><c>Delivery:AlertTo</c> that is configured while a destination is parked already.</summary>
public sealed class ParkedAlertTests : IAsyncDisposable
{
    private static readonly TimeSpan Probe = TimeSpan.FromMinutes(15);

    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private readonly List<IDisposable> _owned = [];
    private LaneHost? _host;
    private OverdueWatch? _watch;

    [Fact]
    public async Task AlertTo_ConfiguredByAReload_IsNotifiedOnce()
    {
        await ParkAsync();
        Assert.Empty(await AlertsAsync());

        Configure("ops");
        await AlertAsync();
        await _world.Time.RunAsync(TimeSpan.FromMinutes(10));

        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("ops", Assert.Single(alert.Deliveries).Destination);
    }

    [Fact]
    public async Task AlertTo_ConfiguredByARestart_IsNotifiedOnceForAllRestarts()
    {
        await ParkAsync();
        for (var restart = 0; restart < 3; restart++)
        {
            await StopAsync();
            _world.Outbox.Restart();
            Configure("ops");
            await StartAsync();
            await AlertAsync();
            await _world.Time.RunAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Single(await AlertsAsync());
    }

    [Fact]
    public async Task AlertTo_ConfiguredBefore_IsNotifiedOnlyByTheLane()
    {
        Configure("ops");
        await ParkAsync();

        await _world.Time.RunAsync(TimeSpan.FromMinutes(10));

        Assert.Single(await AlertsAsync());
    }

    [Fact]
    public async Task AlertTo_ChangedOrTheParkedDestinationItself_IsNotifiedLikeANewOne()
    {
        Configure("ops");
        await ParkAsync();

        Configure("web-qa");
        await _world.Time.RunAsync(TimeSpan.FromMinutes(1));
        Assert.Single(await AlertsAsync());

        Configure("oncall");
        await AlertAsync(count: 2);
        Assert.Equal(["oncall", "ops"], (await AlertsAsync()).Select(alert => alert.Deliveries[0].Destination));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _owned.ForEach(one => one.Dispose());
        _lifetime.Dispose();
        _world.Dispose();
    }

    // The first message parks the lane, and every probe fails.
    private async Task ParkAsync()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials), times: 1000);
        await StartAsync();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _host!.Statuses[0].State == LaneActivity.Parked, "a parked lane");
        await _world.Time.RunAsync(TimeSpan.FromMinutes(1));
    }

    private void Configure(string alertTo) => _world.Configuration = _world.Configuration with
    {
        Delivery = new DeliveryOptions { ParkedProbe = Probe, AlertTo = alertTo },
    };

    private async Task StartAsync()
    {
        _host = new LaneHost(
            _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, _world.Outbox, _world.Signals, _lifetime,
            _world.Time, NullLogger<LaneHost>.Instance);
        _watch = new OverdueWatch(
            _world.Outbox, _world.Outbox, new NoticeWriter(() => _world.Configuration), _host, _world.Signals, _world.Health, _world.Time,
            NullLogger<OverdueWatch>.Instance);
        _owned.AddRange([_host, _watch]);
        await _host.StartAsync(CancellationToken.None);
        _lifetime.Start();
        await _watch.StartAsync(CancellationToken.None);
    }

    private async Task StopAsync()
    {
        if (_host is null) return;
        await _watch!.StopAsync(CancellationToken.None);
        await _host.StopAsync(CancellationToken.None);
        _host = null;
    }

    // The watch runs beside the lane, and may begin later.
    private Task AlertAsync(int count = 1) =>
        _world.Time.UntilAsync(async () => (await AlertsAsync()).Count >= count, () => $"{count} alerts");

    private async Task<List<StoredEvent>> AlertsAsync() => [.. (await _world.StoredAsync()).Where(one => one.Name == "notifier.parked")];
}
