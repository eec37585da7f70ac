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
        var body = Encoding.UTF8.GetBytes($$"""{"event_name":"defect.created","timestamp":1767603600,"payload":{"id":{{id}},"title":"Defect"},"project_code":"WEB"}""");
        var taken = await _intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, CancellationToken.None);
        Assert.Equal("accepted", taken.Outcome);
    }

    private static string TextOf(ChatMessage message) => Encoding.UTF8.GetString(message.Json.Span);

    private static int DefectIn(ChatMessage message)
    {
        var text = TextOf(message);
        var from = text.IndexOf("/view/", StringComparison.Ordinal) + "/view/".Length;
        return int.Parse(string.Concat(text[from..].TakeWhile(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
    }

    private Lane NewLane() => new(
        new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Pace = new PaceOptions { PerSecond = 0 },
            Timeout = TimeSpan.FromSeconds(15),
            Sender = _sender,
            SettingsDigest = "digest",
        },
        new DeliveryOptions(),
        _outbox,
        _signals,
        new MessageRenderer(
            TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance), [new SlackMessageFormatter()], new QaseOptions(), _time),
        _metrics,
        _time,
        NullLogger<Lane>.Instance);
}
