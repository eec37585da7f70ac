using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Notices;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Delivery;

/// <summary>A commit that was written although it was reported as failed: what it stored is sent without a restart.</summary>
public sealed class LostResponseTests : IAsyncDisposable
{
    private readonly LaneWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task AcceptAsync_RepeatedAfterACommitReportedAsFailed_WakesTheLane()
    {
        await StartIdleLaneAsync("web-qa");
        _world.Outbox.LosesResponses = true;
        Assert.Equal(IntakeOutcome.Unavailable, (await _world.AcceptAsync(1, _world.Intake, CancellationToken.None)).Outcome);
        _world.Outbox.LosesResponses = false;

        Assert.Equal(IntakeOutcome.Duplicate, (await _world.AcceptAsync(1, _world.Intake, CancellationToken.None)).Outcome);

        await _world.SentAsync(2);
    }

    [Fact]
    public async Task AnnounceAsync_CommittedButReportedAsFailed_WakesTheFallbacksLane()
    {
        await StartIdleLaneAsync("lobby");
        _world.Route = new RouteOptions { To = ["web-qa"], Fallback = "lobby", FallbackAfter = TimeSpan.FromMinutes(1) };
        await _world.AcceptAsync(1);
        using var host = new LaneHost(
            _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, _world.Outbox, _world.Signals,
            new ScriptedLifetime(), _world.Time, NullLogger<LaneHost>.Instance);
        using var watch = new OverdueWatch(
            _world.Outbox, _world.Outbox, new NoticeWriter(() => _world.Configuration), host, _world.Signals, _world.Health,
            _world.Time, NullLogger<OverdueWatch>.Instance);
        _world.Outbox.LosesResponses = true;
        await watch.StartAsync(CancellationToken.None);

        await _world.Time.RunAsync(TimeSpan.FromMinutes(2));

        // The message to the fallback.
        await _world.SentAsync(2);
        await watch.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    // A lane that has sent its first message and waits for the next one.
    private async Task StartIdleLaneAsync(string name)
    {
        var lane = _world.NewLane(destination: _world.Destination with { Name = name });
        _running = _world.RunAsync(lane, _stop.Token, _stop.Token);
        _world.Route = _world.Route with { To = [name] };
        await _world.AcceptAsync(99);
        await Eventually.HoldsAsync(() => lane.Status is { Waiting: 0 }, "an idle lane");
    }
}
