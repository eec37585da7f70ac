using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Two destinations in one workspace, and a 429 to a lookup of one of them.</summary>
public sealed class LookupLimitTests : IAsyncDisposable
{
    private static readonly SendResult Lost = new(SendOutcome.Ambiguous, SendReason.ConnectionLost);
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(3);

    private static readonly SendResult Limited = new(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = Asked };

    private readonly LaneWorld _world = new();
    private readonly ScriptedSender _webPosts;
    private readonly ScriptedSender _mobilePosts;
    private readonly SearchableSender _web;
    private readonly SearchableSender _mobile;
    private readonly List<Task> _running = [];
    private CancellationTokenSource _stop = new();
    private readonly Lane _webLane;
    private Lane _mobileLane;

    public LookupLimitTests()
    {
        _world.Time.RequestTimeout = SendTimeout;
        (_webPosts, _mobilePosts) = (new ScriptedSender(_world.Time), new ScriptedSender(_world.Time));
        (_web, _mobile) = (new SearchableSender(_webPosts, _world.Time), new SearchableSender(_mobilePosts, _world.Time));
        _webLane = _world.NewLane(destination: To("web-qa", _web));
        _mobileLane = _world.NewLane(destination: To("mobile-qa", _mobile));
    }

    [Theory]
    [InlineData(LookupStatus.Failed)]
    [InlineData(LookupStatus.Impossible)]
    public async Task RunAsync_LookupGets429_HoldsLookupsOfTheWorkspaceButNoPosts(LookupStatus status)
    {
        await MeetLimitAsync(status);

        await AcceptAsync(2, "mobile-qa");
        await Eventually.HoldsAsync(() => _mobilePosts.Sent.Count == 1, "a post without time passing");
        _mobilePosts.Then(Lost);
        await AcceptAsync(3, "mobile-qa");
        // After a failed search web-qa waits too.
        await RunUntilMobileWaitsAsync(timers: status == LookupStatus.Failed ? 2 : 1);
        await RunUntilAsync(() => _mobile.AskedAt.Count > 0, "its search");

        Assert.True(_mobile.AskedAt[0] >= _web.AskedAt[0] + Asked);
        // The wait does not count towards the lookup's timeout of three seconds.
        await RunUntilAsync(() => _mobileLane.Status.Waiting == 0, "an empty lane");
        Assert.Equal([(SendOutcome.Ambiguous, SendReason.ConnectionLost), (SendOutcome.Delivered, SendReason.Ok)],
            (await HistoryAsync("mobile-qa")).Select(attempt => (attempt.Outcome, attempt.Reason)));
    }

    [Fact]
    public async Task RunAsync_LookupGets429AndRestart_KeepsTheHold()
    {
        await MeetLimitAsync(LookupStatus.Failed);
        _mobilePosts.Then(Lost);
        await AcceptAsync(2, "mobile-qa");
        await RunUntilMobileWaitsAsync(timers: 2);
        await StopAsync();

        _mobileLane = _world.RestartedLane(destination: To("mobile-qa", _mobile));
        Run(_mobileLane);
        await RunUntilMobileWaitsAsync(timers: 1);
        await RunUntilAsync(() => _mobile.AskedAt.Count > 0, "its search");

        Assert.True(_mobile.AskedAt[0] >= _web.AskedAt[0] + Asked);
    }

    [Fact]
    public async Task RunAsync_LookupGets429_LooksUpAgainAfterTheHold()
    {
        await MeetLimitAsync(LookupStatus.Failed);

        await RunUntilAsync(() => _web.AskedAt.Count > 1, "a second search");

        Assert.InRange(_web.AskedAt[1] - _web.AskedAt[0], Asked, Asked + TimeSpan.FromMilliseconds(1));
        Assert.Equal([(SendOutcome.Ambiguous, SendReason.ConnectionLost), (SendOutcome.Wait, SendReason.RateLimited)],
            (await HistoryAsync("web-qa")).Take(2).Select(attempt => (attempt.Outcome, attempt.Reason)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _world.Dispose();
    }

    private Destination To(string name, IMessageSender sender) => _world.Destination with
    {
        Name = name,
        Limits = [new SharedRateLimit(name, new RateLimitOptions { PerSecond = 0 }),
            new SharedRateLimit("T1:chat.postMessage", new RateLimitOptions { PerSecond = 0 })],
        LookupLimit = new SharedRateLimit("T1:conversations.history", new RateLimitOptions { PerSecond = 0.75, Burst = 5 }),
        Timeout = SendTimeout,
        Sender = sender,
    };

    // The first lookup of web-qa gets a 429; both lanes run.
    private async Task MeetLimitAsync(LookupStatus status)
    {
        _webPosts.Then(Lost);
        _web.Then(new LookupResult(status) { Error = Limited });
        Run(_webLane);
        Run(_mobileLane);
        await AcceptAsync(1, "web-qa");
        await _world.Time.UntilAsync(
            async () => (await HistoryAsync("web-qa")).Count(attempt => attempt.EndedAt is not null) == 2, () => "the end of the search");
    }

    private Task RunUntilMobileWaitsAsync(int timers) => RunUntilAsync(
        () => _mobileLane.Status is { State: LaneActivity.Waiting, Reason: SendReason.RateLimited },
        "a lane that waits for its search",
        timers);

    private Task RunUntilAsync(Func<bool> condition, string what, int timers = 1) =>
        _world.Time.UntilAsync(condition, () => what, timers);

    private void Run(Lane lane) => _running.Add(_world.RunAsync(lane, _stop.Token, _stop.Token));

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private Task AcceptAsync(int id, string destination)
    {
        _world.Route = _world.Route with { To = [destination] };
        return _world.AcceptAsync(id);
    }

    // The attempts of the destination's latest delivery.
    private async Task<IReadOnlyList<StoredAttempt>> HistoryAsync(string destination) =>
        (await _world.StoredAsync()).SelectMany(stored => stored.Deliveries).First(delivery => delivery.Destination == destination).History;
}
