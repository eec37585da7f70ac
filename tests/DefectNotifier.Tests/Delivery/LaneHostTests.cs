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

public sealed class LaneHostTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly InMemoryOutbox _outbox = new();
    private readonly LaneSignals _signals = new();
    private readonly NotifierMetrics _metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private readonly ScriptedLifetime _lifetime = new();
    private readonly DeliveryOptions _options = new();
    private readonly ScriptedSender _sender;
    private readonly LaneHost _host;

    public LaneHostTests()
    {
        _sender = new ScriptedSender(_time);
        var destination = new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Pace = new PaceOptions { PerSecond = 0 },
            Timeout = TimeSpan.FromMinutes(5),
            Sender = _sender,
            SettingsDigest = "",
        };
        var templates = TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance);
        var renderer = new MessageRenderer(templates, [new SlackMessageFormatter()], new QaseOptions(), _time);
        var lane = new Lane(destination, _options, _outbox, _signals, renderer, _metrics, _time, NullLogger<Lane>.Instance);
        _host = new LaneHost([lane], _options, _outbox, _signals, _metrics, _lifetime, _time, NullLogger<LaneHost>.Instance);
    }

    [Fact]
    public async Task StartAsync_ServiceNotUpYet_CountsTheBacklogAndSendsNothing()
    {
        await AcceptAsync(1);
        await AcceptAsync(2);
        var counted = new LaneSignals();
        using var host = new LaneHost([], _options, _outbox, counted, _metrics, _lifetime, _time, NullLogger<LaneHost>.Instance);

        await host.StartAsync(CancellationToken.None);
        await _host.StartAsync(CancellationToken.None);

        Assert.Equal(2, counted.For("web-qa").Waiting);
        Assert.Equal("stopped", _host.Statuses[0].State);
        _lifetime.Start();
        await Eventually.HoldsAsync(() => _sender.Sent.Count == 2, "both messages");
        await StopAsync();
    }

    [Fact]
    public async Task ApplicationStopping_ServerStillBusy_EndsTheTakingAtOnce()
    {
        var answer = new TaskCompletionSource<SendResult>();
        _sender.Then(_ => answer.Task);
        await StartAsync();
        await AcceptAsync(1);
        await AcceptAsync(2);
        await Eventually.HoldsAsync(() => _sender.Sent.Count == 1, "the first message");

        _lifetime.StopApplication();
        answer.SetResult(SendResult.Delivered());

        await Eventually.HoldsAsync(() => _host.Statuses[0].State == "stopped", "a stopped lane");
        Assert.Single(_sender.Sent);
        await StopAsync();
    }

    [Fact]
    public async Task StopAsync_SendThatHangs_IsCutOffAfterTheLimitWhateverTheHostAllows()
    {
        var isCut = false;
        _sender.Then(async token =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
            }
            finally
            {
                isCut = true;
            }

            return SendResult.Delivered();
        });
        await StartAsync();
        await AcceptAsync(1);
        await Eventually.HoldsAsync(() => _sender.Sent.Count == 1, "the message");

        // A host whose own time is over already, as after a server that waited for a slow sender.
        _lifetime.StopApplication();
        var stopping = _host.StopAsync(new CancellationToken(canceled: true));
        _time.Advance(_options.StopWithin - TimeSpan.FromMilliseconds(1));
        Assert.False(isCut);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                return stopping.IsCompleted;
            },
            "the end");

        await stopping;
        Assert.True(isCut);
        Assert.Equal("interrupted", (await _outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None))[0].Deliveries[0].Reason);
    }

    public void Dispose()
    {
        _host.Dispose();
        _metrics.Dispose();
        _lifetime.Dispose();
    }

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

    private async Task AcceptAsync(int id)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"event_name":"defect.created","timestamp":1767603600,"payload":{"id":{{id}}},"project_code":"WEB"}""");
        var intake = new EventIntake(new RouteTable([new RouteOptions { To = ["web-qa"] }]), _outbox, _signals, _metrics, _time);
        await intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, CancellationToken.None);
    }
}
