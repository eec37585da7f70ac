using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Delivery;

/// <summary>How a lane that hangs differs from one that waits.</summary>
public sealed class LaneStepTests : IAsyncLifetime
{
    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private readonly LaneHost _host;

    public LaneStepTests() => _host = new LaneHost(
        _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, _world.Outbox, _world.Signals, _lifetime,
        _world.Time, NullLogger<LaneHost>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long? Step => Assert.Single(_host.Steps).Step;

    public async ValueTask InitializeAsync()
    {
        await _host.StartAsync(Token);
        _lifetime.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        var stopping = _host.StopAsync(Token);
        await _world.Time.UntilAsync(() => stopping.IsCompleted, () => "the end");
        _host.Dispose();
        _world.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task Step_NothingToSend_IsNull() => await Eventually.HoldsAsync(() => Step is null, "an idle lane");

    [Fact]
    public async Task Step_ChatDoesNotRespond_StaysUntilTheOutcome()
    {
        _world.Sender.ThenHang();
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => _world.Sender.Sent.Count == 1, "a send");
        var during = Step;
        Assert.NotNull(during);
        Assert.Equal(("web-qa", during), Assert.Single(_host.Steps));

        // The attempt times out; then the lane waits before the next one.
        await _world.Time.UntilAsync(() => _host.Statuses[0].State == LaneActivity.Waiting, () => "a wait");

        Assert.NotEqual(during, Step);
    }

    [Fact]
    public async Task Step_DestinationIsParked_IsNull()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials));
        await _world.AcceptAsync(1);

        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Parked && Step is null, "a parked lane");
    }
}
