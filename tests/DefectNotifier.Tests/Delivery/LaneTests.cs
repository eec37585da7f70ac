using System.Diagnostics.Metrics;
using System.Text;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class LaneTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly InMemoryOutbox _outbox = new();
    private readonly LaneSignals _signals = new();
    private readonly NotifierMetrics _metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private readonly CancellationTokenSource _stopAsked = new();
    private readonly CancellationTokenSource _timeUp = new();
    private readonly ScriptedSender _sender;
    private readonly EventIntake _intake;
    private Lane _lane;
    private Task _running = Task.CompletedTask;

    public LaneTests()
    {
        _sender = new ScriptedSender(_time);
        _intake = new EventIntake(new RouteTable([new RouteOptions { To = ["web-qa"] }]), _outbox, _signals, _metrics, _time);
        _lane = NewLane();
    }

    [Fact]
    public async Task RunAsync_ManyEvents_SendsThemInTheOrderOfAcceptance()
    {
        Start();
        for (var id = 1; id <= 200; id++) await AcceptAsync(id);

        await SentAsync(200);

        Assert.Equal(Enumerable.Range(1, 200), _sender.Sent.Select(sent => DefectIn(sent.Message)));
        await Eventually.HoldsAsync(() => _lane.Status is { Waiting: 0, OldestReceivedAt: null, State: "running" }, "an idle lane");
    }

    [Fact]
    public async Task RunAsync_RetryAfter_GoesOnAtThatMomentAndNotEarlier()
    {
        _sender.Then(new SendResult(Fate.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(17) });
        Start();
        await AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status is { State: "waiting", Reason: "rate-limited" }, "a waiting lane");

        _time.Advance(TimeSpan.FromSeconds(16.9));
        await AcceptAsync(2);
        Assert.Single(_sender.Sent);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await SentAsync(3);

        Assert.Equal([1, 1, 2], _sender.Sent.Select(sent => DefectIn(sent.Message)));
        Assert.Equal(Some.Moment.AddSeconds(17), _sender.Sent[1].At);
    }

    [Fact]
    public async Task RunAsync_RetryAfterAndRestart_IsStillObeyed()
    {
        _sender.Then(new SendResult(Fate.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(17) });
        Start();
        await AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status.State == "waiting", "a waiting lane");

        _lane = NewLane();
        var second = _lane.RunAsync(_stopAsked.Token, _timeUp.Token);
        await Eventually.HoldsAsync(() => _lane.Status.Until == Some.Moment.AddSeconds(17), "the restarted lane to wait");
        Assert.Single(_sender.Sent);
        await StopAsync();
        await second;
    }

    [Theory]
    [InlineData(-7200)]
    [InlineData(-5)]
    public async Task RunAsync_ClockSetBackDuringAWait_WaitsWhatRemained(int seconds)
    {
        // Time that can be set back, whose timers run on: what a corrected wall clock looks like.
        var clock = new ShiftedTime(_time);
        _sender.Then(new SendResult(Fate.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(100) });
        _lane = NewLane(clock);
        Start();
        await AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status.State == "waiting", "a waiting lane");

        clock.Shift = TimeSpan.FromSeconds(seconds);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _sender.Sent.Count == 2;
            },
            "the second try");

        Assert.InRange((_sender.Sent[1].At - Some.Moment).TotalSeconds, 100, 170);
    }

    [Fact]
    public async Task RunAsync_PaceSavedAheadOfTheClock_SendsWithinABurst()
    {
        await _outbox.SaveLaneAsync(new LaneState("web-qa") { PaceFullAt = Some.Moment.AddHours(2) });
        _lane = NewLane(pace: new PaceOptions { PerSecond = 1, Burst = 3 });
        Start();
        await AcceptAsync(1);
        await Eventually.HoldsAsync(() => _lane.Status is { State: "waiting", Reason: "pace" }, "a paced lane");

        _time.Advance(TimeSpan.FromSeconds(3));
        await SentAsync(1);
    }

    [Fact]
    public async Task RunAsync_CommitThatComesTooLateForItsSender_IsStillSent()
    {
        var slow = new SlowOutbox(_outbox);
        var intake = new EventIntake(new RouteTable([new RouteOptions { To = ["web-qa"] }]), slow, _signals, _metrics, _time);
        Start();
        await Eventually.HoldsAsync(() => _lane.Status.State == "running", "a lane that waits for work");
        using var limit = new CancellationTokenSource();
        var accepting = intake.AcceptAsync(WebhookParser.Parse(BodyOf(1), "").Event!, BodyOf(1), limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        Assert.Empty(_sender.Sent);

        slow.Release();
        await SentAsync(1);
    }

    [Fact]
    public async Task RunAsync_FormatterThatThrows_CostsTheDeliveryNotTheLane()
    {
        _lane = NewLane(formatter: new ThrowingFormatter());
        Start();
        await AcceptAsync(1);
        await AcceptAsync(2);

        await Eventually.HoldsAsync(() => _lane.Status.Waiting == 0, "an empty lane");

        var stored = await _outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None);
        Assert.All(stored, one => Assert.Equal(("dead", "invalid-message"), (one.Deliveries[0].State, one.Deliveries[0].Reason)));
        Assert.Empty(_sender.Sent);
    }

    [Fact]
    public async Task RunAsync_Failure_HoldsTheOnesBehindAndMarksTheRepeat()
    {
        _sender.Then(new SendResult(Fate.Ambiguous, SendReason.ServerError));
        Start();
        await AcceptAsync(1);
        await AcceptAsync(2);
        await Eventually.HoldsAsync(() => _lane.Status.State == "waiting", "a waiting lane");
        _time.Advance(TimeSpan.FromSeconds(2));
        await SentAsync(3);

        Assert.Equal([1, 1, 2], _sender.Sent.Select(sent => DefectIn(sent.Message)));
        Assert.DoesNotContain("may be a repeat", TextOf(_sender.Sent[0].Message), StringComparison.Ordinal);
        Assert.Contains("may be a repeat", TextOf(_sender.Sent[1].Message), StringComparison.Ordinal);
        Assert.DoesNotContain("may be a repeat", TextOf(_sender.Sent[2].Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RefusedMessage_IsDeadAndTheNextGoesOut()
    {
        _sender.Then(new SendResult(Fate.Refused, SendReason.InvalidMessage) { Detail = "invalid_blocks" });
        Start();
        await AcceptAsync(1);
        await AcceptAsync(2);
        await SentAsync(2);
        await Eventually.HoldsAsync(() => _lane.Status.Waiting == 0, "an empty lane");

        var stored = await _outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None);
        Assert.Equal(["delivered", "dead"], stored.Select(one => one.Deliveries[0].State));
        Assert.Equal(("invalid-message", "invalid_blocks"), (stored[1].Deliveries[0].Reason, stored[1].Deliveries[0].Detail));
    }

    [Fact]
    public async Task RunAsync_Parked_KeepsEverythingAndResumesWhenAProbeSucceeds()
    {
        _sender.Then(new SendResult(Fate.Parked, SendReason.HookGone));
        Start();
        await AcceptAsync(1);
        await AcceptAsync(2);
        await Eventually.HoldsAsync(() => _lane.Status is { State: "parked", Reason: "hook-gone", Waiting: 2 }, "a parked lane");

        // The lane naps for a minute at most, so that a clock that was set is noticed.
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(30));
                return _sender.Sent.Count == 3;
            },
            "the probe");

        Assert.InRange(_sender.Sent[1].At - Some.Moment, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60));
        await Eventually.HoldsAsync(() => _lane.Status is { State: "running", Waiting: 0 }, "a running lane");
    }

    [Fact]
    public async Task RunAsync_StoreFailsAfterTheSend_RecordsWhenItIsBackAndDoesNotSendAgain()
    {
        _sender.Then(_ =>
        {
            _outbox.Fault = "disk full";
            return Task.FromResult(SendResult.Delivered());
        });
        Start();
        await AcceptAsync(1);
        await SentAsync(1);
        _outbox.Fault = null;
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _lane.Status.Waiting == 0;
            },
            "the outcome to be recorded");

        Assert.Single(_sender.Sent);
        Assert.Equal("delivered", (await _outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None))[0].Deliveries[0].State);
    }

    [Fact]
    public async Task RunAsync_StopAsked_LetsTheSendFinishAndTakesNothingMore()
    {
        var answer = new TaskCompletionSource<SendResult>();
        _sender.Then(_ => answer.Task);
        Start();
        await AcceptAsync(1);
        await AcceptAsync(2);
        await SentAsync(1);

        await _stopAsked.CancelAsync();
        answer.SetResult(SendResult.Delivered());
        await _running;

        Assert.Single(_sender.Sent);
        var stored = await _outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None);
        Assert.Equal(["pending", "delivered"], stored.Select(one => one.Deliveries[0].State));
        Assert.Equal("stopped", _lane.Status.State);
    }

    [Fact]
    public async Task RunAsync_TimeUp_LeavesTheDeliveryPendingWithoutAnAttempt()
    {
        _sender.Then(async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
            return SendResult.Delivered();
        });
        Start();
        await AcceptAsync(1);
        await SentAsync(1);

        await _stopAsked.CancelAsync();
        await _timeUp.CancelAsync();
        await _running;

        var delivery = (await _outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None))[0].Deliveries[0];
        Assert.Equal(("pending", 0), (delivery.State, delivery.Attempts));
        Assert.Equal(("ambiguous", "interrupted"), (delivery.History[0].Fate, delivery.History[0].Reason));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopAsked.Dispose();
        _timeUp.Dispose();
        _metrics.Dispose();
    }

    private async Task StopAsync()
    {
        await _stopAsked.CancelAsync();
        await _timeUp.CancelAsync();
        await _running;
    }

    private void Start() => _running = _lane.RunAsync(_stopAsked.Token, _timeUp.Token);

    private Task SentAsync(int count) => Eventually.HoldsAsync(() => _sender.Sent.Count >= count, $"{count} messages");

    private async Task AcceptAsync(int id)
    {
        var taken = await _intake.AcceptAsync(WebhookParser.Parse(BodyOf(id), "").Event!, BodyOf(id), CancellationToken.None);
        Assert.Equal("accepted", taken.Outcome);
    }

    private static byte[] BodyOf(int id) =>
        Encoding.UTF8.GetBytes($$"""{"event_name":"defect.created","timestamp":1767603600,"payload":{"id":{{id}},"title":"Defect"},"project_code":"WEB"}""");

    private static string TextOf(ChatMessage message) => Encoding.UTF8.GetString(message.Json.Span);

    private static int DefectIn(ChatMessage message)
    {
        var text = TextOf(message);
        var from = text.IndexOf("/view/", StringComparison.Ordinal) + "/view/".Length;
        return int.Parse(string.Concat(text[from..].TakeWhile(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
    }

    private Lane NewLane(TimeProvider? clock = null, PaceOptions? pace = null, IMessageFormatter? formatter = null) => new(
        new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Pace = pace ?? new PaceOptions { PerSecond = 0 },
            Timeout = TimeSpan.FromSeconds(15),
            Sender = _sender,
            SettingsDigest = "digest",
        },
        new DeliveryOptions(),
        _outbox,
        _signals,
        new MessageRenderer(
            TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance), [formatter ?? new SlackMessageFormatter()], new QaseOptions(), _time),
        _metrics,
        clock ?? _time,
        NullLogger<Lane>.Instance);
}
