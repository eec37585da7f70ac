using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>A lane at Slack's pace with digests, a simulated Slack channel, and webhooks of many defects.</summary>
public abstract class DigestScene : IAsyncDisposable
{
    private const long Opened = 1767603600;

    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long _second;

    private protected DigestScene()
    {
        Slack = new SlackChannel(World.Time);
        Bot = World.Destination with
        {
            Sender = new SlackBotSender(Slack, Slack.Id, new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET")),
            Limits = [new SharedRateLimit("posts", new RateLimitOptions { PerSecond = 1, Burst = 1 })],
            UpdateLimit = new SharedRateLimit("updates", new RateLimitOptions { PerSecond = 50 / 60d, Burst = 1 }),
            Digest = new DigestOptions(),
        };
        // A Slack webhook: messages can't be changed, and there are no threads.
        Webhook = World.Destination with { Limits = Bot.Limits, Digest = new DigestOptions() };
    }

    private protected LaneWorld World { get; } = new() { Options = new DeliveryOptions { ConfirmAfter = TimeSpan.Zero } };

    private protected SlackChannel Slack { get; }

    private protected Destination Bot { get; }

    private protected Destination Webhook { get; }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Start(Destination destination, IOutbox? outbox = null)
    {
        Configure(destination);
        _running = World.RunAsync(World.RestartedLane(destination: destination, outbox: outbox), _stop.Token, _stop.Token);
    }

    private protected void Configure(Destination destination) =>
        World.Configuration = World.Configure("v1", destination) with
        {
            Routes = new RouteTable([World.Route], "v1")
            {
                Destinations = new Dictionary<string, RoutedDestination>
                {
                    [destination.Name] = new(destination.UpdateLimit is not null, destination.Digest),
                },
            },
        };

    /// <summary>Stops the lane; the next one starts with only what is in the outbox.</summary>
    private protected async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private protected async Task AcceptAsync(
        string name, int id, string severity = "major", string title = "Coupons are ignored", IOutbox? outbox = null)
    {
        var payload = name == "created" ? $$"""{"id":{{id}},"title":"{{title}}","severity":"{{severity}}"}""" : $$"""{"id":{{id}}}""";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"defect.{{name}}","timestamp":{{Opened + ++_second}},"payload":{{payload}},"project_code":"WEB"}""");
        var result = await World.IntakeInto(outbox ?? World.Outbox).AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, World.Configuration.Routes, canEnrich: false, CancellationToken.None);
        Assert.Equal(IntakeOutcome.Accepted, result.Outcome);
    }

    private protected async Task AcceptManyAsync(string name, int first, int count)
    {
        for (var id = first; id < first + count; id++) await AcceptAsync(name, id);
    }

    /// <summary>Nothing is pending or deferred.</summary>
    private protected Task AllSentAsync() => World.Time.UntilAsync(
        IsAllSentAsync,
        () => $"everything sent; called so far: {string.Join(' ', Slack.Calls.Select(call => call.Method))}");

    private protected async Task<bool> IsAllSentAsync() =>
        (await DeliveriesAsync()).All(delivery => delivery.State is not (DeliveryState.Pending or DeliveryState.Deferred));

    private protected async Task<IReadOnlyList<StoredDelivery>> DeliveriesAsync() =>
        [.. (await World.Outbox.ReadEventsAsync(new EventQuery { Limit = EventQuery.MaxLimit }, CancellationToken.None))
            .SelectMany(stored => stored.Deliveries)];

    private protected async Task<int> CountAsync(DeliveryState state) =>
        (await DeliveriesAsync()).Count(delivery => delivery.State == state);

    /// <summary>Every event was sent alone, or is in a digest whose message shows it.</summary>
    private protected async Task AssertEveryEventIsReportedAsync()
    {
        foreach (var delivery in await DeliveriesAsync())
        {
            Assert.True(delivery.State is DeliveryState.Delivered or DeliveryState.Digested, $"{delivery}");
            var view = await World.Outbox.ReadDigestAsync(delivery.Id, CancellationToken.None);
            Assert.False(view is { Digest.IsBehind: true }, $"{view?.Digest}");
        }
    }

    private protected TimeSpan Elapsed => World.Time.GetUtcNow() - Some.Moment;
}
