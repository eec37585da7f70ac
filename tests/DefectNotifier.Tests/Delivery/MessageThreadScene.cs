using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>A lane, a simulated Slack channel, and webhooks of one defect.</summary>
public abstract class MessageThreadScene : IAsyncDisposable
{
    private const long Opened = 1767603600;

    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private protected MessageThreadScene() => Slack = new SlackChannel(World.Time);

    private protected LaneWorld World { get; } = new() { Options = new DeliveryOptions { ConfirmAfter = TimeSpan.Zero } };

    private protected SlackChannel Slack { get; }

    private protected string Everything => string.Join('\n', Slack.Messages.Select(message => message.Text));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Lane Start() => Run(World.RestartedLane(destination: DestinationOf(Slack)));

    /// <summary>Starts a lane that keeps the rate limits as they are.</summary>
    private protected Lane StartWithLimits() => Run(World.NewLane(destination: DestinationOf(Slack)));

    private protected void StartOn(IOutbox outbox) => Run(World.RestartedLane(destination: DestinationOf(Slack), outbox: outbox));

    /// <summary>Starts a lane whose destination is another channel now.</summary>
    private protected void StartIn(SlackChannel channel) => Run(World.NewLane(destination: DestinationOf(channel)));

    /// <summary>Stops the lane; the next one starts with only what is in the outbox.</summary>
    private protected async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    /// <summary>Accepts each event after the one before it was delivered.</summary>
    private protected async Task LiveAsync(params string[] names)
    {
        if (_running.IsCompleted) Start();
        foreach (var name in names)
        {
            await AcceptAsync(name);
            await AllDeliveredAsync();
        }
    }

    private protected async Task AcceptAsync(
        string name, string destination = "web-qa", int id = 73, int second = 0, string title = "Coupons are ignored",
        RouteTable? routes = null)
    {
        var timestamp = Opened + name switch { "created" => second, "updated" => 60 + Slack.Messages.Count, "resolved" => 7200, _ => 7300 };
        var payload = name == "created" ? $$"""{"id":{{id}},"title":"{{title}}","severity":"major"}""" : $$"""{"id":{{id}}}""";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"defect.{{name}}","timestamp":{{timestamp}},"payload":"""
                + $$"""{{payload}},"team_member_id":7,"project_code":"WEB"}""");
        routes ??= new RouteTable([World.Route with { To = [destination] }]);
        var result = await World.Intake.AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, routes, canEnrich: true, CancellationToken.None);
        Assert.Equal(IntakeOutcome.Accepted, result.Outcome);
    }

    private protected Task AllDeliveredAsync() => World.Time.UntilAsync(
        async () => (await World.Outbox.ReadPendingAsync("web-qa", 1, CancellationToken.None)).Count == 0,
        () => $"an empty queue; called so far: {string.Join(' ', Slack.Calls.Select(call => call.Method))}");

    private protected async Task<IReadOnlyList<SendStep>> StepsAsync() =>
        [
            .. (await World.StoredAsync())
                .Reverse()
                .SelectMany(stored => stored.Deliveries)
                .SelectMany(delivery => delivery.History)
                .Select(attempt => attempt.Step)];

    private Lane Run(Lane lane)
    {
        _running = World.RunAsync(lane, _stop.Token, _stop.Token);
        return lane;
    }

    private protected Destination DestinationOf(SlackChannel channel) => World.Destination with
    {
        Sender = new SlackBotSender(channel, channel.Id, new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET")),
        UpdateLimit = new SharedRateLimit("chat.update", new RateLimitOptions { PerSecond = 0 }),
    };
}
