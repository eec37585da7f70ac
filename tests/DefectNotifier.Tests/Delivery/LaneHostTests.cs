using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Delivery;

public sealed class LaneHostTests : IDisposable
{
    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private readonly LaneHost _host;

    public LaneHostTests() => _host = NewHost(_world.Signals);

    [Fact]
    public async Task StartAsync_ServiceNotUpYet_CountsTheBacklogAndSendsNothing()
    {
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        var counted = new OutboxSignals();
        // Without a lane of its own: two lanes would send at once.
        using var host = NewHost(counted, _world.Configure("none"));

        await host.StartAsync(CancellationToken.None);
        await _host.StartAsync(CancellationToken.None);

        Assert.Equal(2, counted.For("web-qa").Waiting);
        Assert.Equal(LaneActivity.Stopped, _host.Statuses[0].State);
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _world.Sender.Sent.Count == 2, "both messages");
        await StopAsync();
    }

    [Fact]
    public async Task ApplicationStopping_ServerStillBusy_TakesNoFurtherDelivery()
    {
        var response = new TaskCompletionSource<SendResult>();
        _world.Sender.Then(_ => response.Task);
        await StartAsync();
        await _world.AcceptAsync(1);
        await _world.AcceptAsync(2);
        await Eventually.HoldsAsync(() => _world.Sender.Sent.Count == 1, "the first message");

        _lifetime.StopApplication();
        response.SetResult(SendResult.Delivered());

        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Stopped, "a stopped lane");
        Assert.Single(_world.Sender.Sent);
        await StopAsync();
    }

    [Fact]
    public async Task Resume_NameInAnotherCase_FindsTheLane()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.HookGone));
        await StartAsync();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Parked, "a parked lane");

        Assert.False(await _world.Outbox.ResumeAsync("nobody"));
        Assert.True(await _world.Outbox.ResumeAsync("Web-QA"));

        await _world.SentAsync(2);
        await StopAsync();
    }

    [Fact]
    public async Task StopAsync_SendHangs_IsCancelledAfterStopWithin()
    {
        _world.Sender.ThenHang();
        await StartAsync();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _world.Sender.Sent.Count == 1, "the message");

        // The host's own time is over already, as after a server that waited for a slow sender.
        _lifetime.StopApplication();
        var stopping = _host.StopAsync(new CancellationToken(canceled: true));
        _world.Time.Advance(_world.Options.StopWithin - TimeSpan.FromMilliseconds(1));
        Assert.False(_world.Sender.IsCut);
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.HoldsAsync(() => stopping.IsCompleted, "the end");

        await stopping;
        Assert.True(_world.Sender.IsCut);
        Assert.Equal(SendReason.Interrupted, (await _world.StoredAsync())[0].Deliveries[0].Reason);
    }

    public void Dispose()
    {
        _host.Dispose();
        _world.Dispose();
        _lifetime.Dispose();
    }

    private LaneHost NewHost(OutboxSignals signals, PipelineConfiguration? configuration = null) =>
        new(_world.NewLane, () => configuration ?? _world.Configuration, _world.RateLimiters, _world.Outbox, _world.Outbox, signals,
            _lifetime, _world.Time, NullLogger<LaneHost>.Instance);

    private async Task StartAsync()
    {
        await _host.StartAsync(CancellationToken.None);
        _lifetime.Start();
    }

    private Task StopAsync()
    {
        _lifetime.StopApplication();
        return _host.StopAsync(CancellationToken.None);
    }
}
