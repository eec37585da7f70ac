using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Outbox;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Lanes whose claims are granted late, or are lost.</summary>
public sealed class LaneClaimTests : IAsyncLifetime
{
    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private readonly LogLines<LaneHost> _log = new();
    private readonly ScriptedClaims _claims;
    private readonly LaneHost _host;

    public LaneClaimTests()
    {
        _claims = new ScriptedClaims(_world.Outbox);
        _host = new LaneHost(
            _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, _claims, _world.Signals,
            _lifetime, _world.Time, _log);
    }

    public async ValueTask InitializeAsync() => await _host.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _world.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task ClaimAsync_StoreUnavailable_LaneWaitsAndTriesAgain()
    {
        _claims.Error = new OutboxUnavailableException("disk full");
        await _world.AcceptAsync(1);
        _lifetime.Start();

        await Eventually.HoldsAsync(
            () => _host.Statuses[0] is { State: LaneActivity.Waiting, Reason: SendReason.StoreUnavailable, Until: not null },
            "a lane that waits");
        Assert.Empty(_world.Sender.Sent);
        Assert.Equal("web-qa: disk full", Assert.Single(_world.Health.Problems).Detail);
        _claims.Error = null;
        await _world.Time.UntilAsync(() => _world.Sender.Sent.Count == 1, () => "the message");

        await Eventually.HoldsAsync(() => _host.Statuses[0] is { State: LaneActivity.Running, Reason: null }, "a lane that runs");
        Assert.Empty(_world.Health.Problems);
        Assert.Empty(_log.EventIds);
    }

    [Fact]
    public async Task ClaimLost_WhileTheLaneFails_TheFailureIsNotReportedAnyMore()
    {
        await _world.AcceptAsync(1);
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _world.Sender.Sent.Count == 1, "the message");
        _world.Outbox.Error = "the database is away";
        _world.Signals.For("web-qa").Add(1);
        await Eventually.HoldsAsync(() => _world.Health.Problems.Count == 1, "a lane that fails");

        // Another node has the lane now.
        _claims.IsHeldBack = true;
        await _claims.LoseAllAsync();

        await Eventually.HoldsAsync(() => _world.Health.Problems.Count == 0, "no problem");
    }

    // As when the clocks of all nodes are wrong.
    [Fact]
    public async Task ClaimAsync_NoNodeTakesTheLane_IsNotShownAsRunningForLong()
    {
        _claims.Roster = new Roster([Some.Node("this") with { IsThis = true }]);
        _claims.IsHeldBack = true;
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _host.Statuses[0].State == LaneActivity.Running, "a lane that waits for its claim");

        _world.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((LaneActivity.Waiting, null), (_host.Statuses[0].State, _host.Statuses[0].Reason));
    }

    [Fact]
    public async Task Send_AnyResult_IsReportedToTheClaim()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed), times: 3);
        await _world.AcceptAsync(1);
        _lifetime.Start();

        await _world.Time.UntilAsync(() => _claims.Reports.Count == 2, () => "two reports");

        // Within a send it is tried three times to connect.
        Assert.Equal(
            [("web-qa", SendReason.ConnectFailed), ("web-qa", SendReason.Ok)], _claims.Reports);
    }

    [Fact]
    public async Task ClaimAsync_StoreUnavailableAndTheDestinationRemoved_FailsNoLonger()
    {
        _claims.Error = new OutboxUnavailableException("disk full");
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _world.Health.Problems.Count == 1, "a lane that fails");

        _world.Configuration = _world.Configure("v2");
        _host.Reconcile();

        await Eventually.HoldsAsync(() => _world.Health.Problems.Count == 0, "no problem");
    }

    [Fact]
    public async Task ClaimAsync_LoggerThrows_LaneIsShownAsStopped()
    {
        using var lifetime = new ScriptedLifetime();
        using var host = new LaneHost(
            _world.NewLane, () => _world.Configuration, _world.RateLimiters, _world.Outbox, _claims, _world.Signals,
            lifetime, _world.Time, _log);
        _world.LaneLogger = new ThrowingLogger();
        _claims.Error = new InvalidOperationException("a bug");
        await host.StartAsync(CancellationToken.None);

        lifetime.Start();

        await Eventually.HoldsAsync(() => host.Statuses[0].State == LaneActivity.Stopped, "a stopped lane");
    }

    [Fact]
    public async Task Status_ItIsNotKnownWhichNodeHasTheLane_WaitsForTheStore()
    {
        await _world.Outbox.ClaimAsync("web-qa", TestContext.Current.CancellationToken);
        var node = Some.Node("other", "web-qa");
        _claims.Roster = new Roster([node]);
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _host.Statuses[0] is { State: LaneActivity.Running, Node: "other" }, "a lane of another node");

        _claims.Roster = new Roster([node with { LeaseLeftMilliseconds = 0 }]);

        Assert.True(_host.Statuses[0] is { State: LaneActivity.Waiting, Reason: SendReason.StoreUnavailable, Node: null });
    }

    // What the others have sent is not known to this node.
    [Fact]
    public async Task StopAsync_NodesShareTheOutbox_CountsNoPendingDeliveries()
    {
        _claims.Roster = new Roster([Some.Node("this") with { IsThis = true }]);
        _lifetime.Start();

        await _host.StopAsync(CancellationToken.None);

        Assert.Equal(["DefectNotifier stops. What is pending is sent by other nodes, or after the next start"], _log.Texts);
    }

    [Fact]
    public async Task MaySend_NotSure_GivesTheClaimUpBeforeItPauses()
    {
        _claims.MaySend = false;
        await _world.AcceptAsync(1);
        _lifetime.Start();

        await Eventually.HoldsAsync(
            () => _world.StoredAsync().Result[0].Deliveries[0].History.Count == 1, "an attempt that was started and not sent");

        // The clock stands still, so the lane does not claim again.
        var claim = await _world.Outbox.ClaimAsync("web-qa", TestContext.Current.CancellationToken);

        Assert.Equal(1, claim.Interrupted);
        Assert.Empty(_world.Sender.Sent);
        await _world.Outbox.ReleaseAsync(claim);
    }

    [Fact]
    public async Task ClaimAsync_AttemptLeftOpen_IsLoggedOnce()
    {
        await _world.AcceptAsync(1);
        var dead = await _world.Outbox.ClaimAsync("web-qa", CancellationToken.None);
        var pending = Assert.Single((await _world.Outbox.ReadPendingAsync(dead, 1, CancellationToken.None)).Deliveries);
        await _world.Outbox.StartAttemptAsync(dead, pending.Id, _world.Time.GetUtcNow());
        await _world.Outbox.ReleaseAsync(dead);

        _lifetime.Start();

        await _world.SentAsync(1);
        Assert.Equal([453], _log.EventIds);
    }

    [Fact]
    public async Task Lost_DuringASend_CutsItAndTheNextClaimSendsItAsAPossibleRepeat()
    {
        _world.Sender.ThenHang();
        await _world.AcceptAsync(1);
        _lifetime.Start();
        await _world.SentAsync(1);

        await _claims.LoseAllAsync();

        await _world.SentAsync(2);
        Assert.True(_world.Sender.IsCut);
        await Eventually.HoldsAsync(() => _host.Statuses[0] is { State: LaneActivity.Running, Waiting: 0 }, "an empty lane");
        var delivery = (await _world.StoredAsync())[0].Deliveries[0];
        Assert.Equal([SendReason.Interrupted, SendReason.Ok], delivery.History.Select(attempt => attempt.Reason));
        Assert.Contains("may be a repeat", LaneWorld.TextOf(_world.Sender.Sent[1].Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaySend_NotSure_SendsNothing()
    {
        _claims.MaySend = false;
        await _world.AcceptAsync(1);
        _lifetime.Start();
        await _world.Time.UntilAsync(() => _log.EventIds.Count > 1, () => "a lane that was claimed again");

        Assert.Empty(_world.Sender.Sent);
        _claims.MaySend = true;

        await _world.Time.UntilAsync(() => _world.Sender.Sent.Count == 1, () => "the message");
    }

    private sealed class ThrowingLogger : ILogger<Lane>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("the log is broken");
    }
}
