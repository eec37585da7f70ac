using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>The notices of the service, and who receives them.</summary>
public sealed class NoticeTests : IAsyncDisposable
{
    private readonly LaneWorld _world = new() { Options = new DeliveryOptions { AlertTo = "ops" } };
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task RunAsync_ParkedAndRunningAgain_NotifiesOnceForEach()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials) { Detail = "token_revoked" }, times: 3);
        Start();
        await _world.AcceptAsync(1);

        await SentAsync(4);

        var notices = await NoticesAsync("ops");
        Assert.Equal(["notifier.parked", "notifier.resumed"], notices.Select(notice => notice.Name));
        Assert.Equal(
            ("web-qa", "bad-credentials", "token_revoked", 1),
            (Text(notices[0], "destination"), Text(notices[0], "reason"), Text(notices[0], "detail"),
                notices[0].Payload.GetProperty("waiting").GetInt32()));
        Assert.Contains("valid token", Text(notices[0], "advice"), StringComparison.Ordinal);
        Assert.Equal(2, _world.Signals.For("ops").Waiting);
    }

    [Fact]
    public async Task RunAsync_AlertDestinationItselfParked_NotifiesNoOne()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.HookGone));
        _world.Route = new RouteOptions { To = ["ops"] };
        Start(_world.Destination with { Name = "ops" });
        await _world.AcceptAsync(1);

        await SentAsync(2);

        Assert.Single(await _world.StoredAsync());
    }

    [Fact]
    public async Task RunAsync_DeadWithAFallback_NotifiesTheFallback()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "invalid_blocks" });
        _world.Route = new RouteOptions { To = ["web-qa"], Fallback = "lobby" };
        Start();
        await _world.AcceptAsync(7);
        await _world.AcceptAsync(8);

        await SentAsync(2);

        var notice = Assert.Single(await NoticesAsync("lobby"));
        Assert.Equal(("notifier.undelivered", "dead", "invalid-message", "invalid_blocks"),
            (notice.Name, Text(notice, "state"), Text(notice, "reason"), Text(notice, "detail")));
        var listed = Assert.Single(notice.Payload.GetProperty("events").EnumerateArray());
        Assert.Equal(
            ("defect.created", "WEB", 7, "WEB D-7", "new", "Defect", "https://app.qase.io/defect/WEB/view/7"),
            (listed.GetProperty("name").GetString(), listed.GetProperty("project").GetString(), listed.GetProperty("id").GetInt32(),
                listed.GetProperty("label").GetString(), listed.GetProperty("what").GetString(),
                listed.GetProperty("title").GetString(), listed.GetProperty("url").GetString()));
    }

    [Theory]
    [InlineData("run.completed", """{"id":531}""", "Run 531 completed", "https://app.qase.io/run/WEB/dashboard/531")]
    [InlineData("suite.created", """{"id":3,"title":"Basket"}""", "Suite created: Basket", null)]
    public async Task RunAsync_DeadEventOfAnotherKind_IsListedAsASentence(string name, string payload, string label, string? url)
    {
        _world.Sender.Then(new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "invalid_blocks" });
        _world.Route = new RouteOptions { To = ["web-qa"], Fallback = "lobby", Events = ["*"] };
        Start();
        await _world.AcceptAsync(name, payload, _world.Intake, TestContext.Current.CancellationToken);

        await SentAsync(1);

        var listed = Assert.Single(Assert.Single(await NoticesAsync("lobby")).Payload.GetProperty("events").EnumerateArray());
        Assert.Equal(
            (label, null, null, url),
            (listed.GetProperty("label").GetString(), listed.GetProperty("what").GetString(),
                listed.GetProperty("title").GetString(), listed.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task RunAsync_SettingsFixed_NotifiesThatItRunsAgain()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.BadCredentials));
        using var first = new CancellationTokenSource();
        var running = _world.RunAsync(_world.NewLane(), first.Token, first.Token);
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(async () => (await NoticesAsync("ops")).Count == 1, () => "no alarm");
        await first.CancelAsync();
        await running;

        Start(_world.Destination with { SettingsDigest = "fixed" });
        await SentAsync(2);

        var notices = await NoticesAsync("ops");
        Assert.Equal(["notifier.parked", "notifier.resumed"], notices.Select(notice => notice.Name));
        Assert.All(notices, notice => Assert.Equal("bad-credentials", notice.Payload.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task RunAsync_RejectedByAParkedDestination_NotifiesAlertToAndTheFallback()
    {
        _world.Sender.Then(
            new SendResult(SendOutcome.Parked, SendReason.HookGone)).Then(new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage));
        _world.Route = new RouteOptions { To = ["web-qa"], Fallback = "lobby" };
        Start();
        await _world.AcceptAsync(1);

        await SentAsync(2);

        Assert.Equal(["notifier.parked", "notifier.resumed"], (await NoticesAsync("ops")).Select(notice => notice.Name));
        Assert.Equal(["notifier.undelivered"], (await NoticesAsync("lobby")).Select(notice => notice.Name));
    }

    [Fact]
    public async Task Resume_ParkedLane_TriesAtOnce()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Parked, SendReason.HookGone));
        var lane = Start();
        Assert.False(await _world.Outbox.ResumeAsync(lane.DestinationName));
        await _world.AcceptAsync(1);
        await Eventually.HoldsAsync(() => lane.Status is { State: LaneActivity.Parked, Until: not null }, "a parked lane");

        Assert.True(await _world.Outbox.ResumeAsync(lane.DestinationName));

        await _world.SentAsync(2);
        Assert.Equal(Some.Moment, _world.Sender.Sent[1].At);
        await Eventually.HoldsAsync(() => lane.Status is { State: LaneActivity.Running, Waiting: 0 }, "a running lane");
        Assert.False(await _world.Outbox.ResumeAsync(lane.DestinationName));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    private static string? Text(DefectEvent notice, string name) => notice.Payload.GetProperty(name).GetString();

    private Lane Start(Destination? destination = null)
    {
        var lane = _world.NewLane(destination: destination);
        _running = _world.RunAsync(lane, _stop.Token, _stop.Token);
        return lane;
    }

    // The pending notices of a destination, as its lane would read them.
    private async Task<List<DefectEvent>> NoticesAsync(string destination) =>
        [
            .. (await _world.Outbox.ReadPendingAsync(destination, 10, CancellationToken.None))
                .Select(pending => WebhookParser.Parse(pending.Body, pending.Source).Event!)];

    private Task SentAsync(int count) => _world.Time.UntilAsync(
        () => _world.Sender.Sent.Count == count && _world.Signals.For("web-qa").Waiting == 0, () => "the sends");
}
