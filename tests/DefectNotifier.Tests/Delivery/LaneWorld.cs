using System.Diagnostics.Metrics;
using System.Text;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Notices;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Everything that a lane needs: a fake clock, an in-memory outbox, a scripted chat, and one destination.</summary>
internal sealed class LaneWorld : IDisposable
{
    private static readonly TemplateStore Templates = TemplateStore.Load(
        new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance);

    /// <summary>Unlike any wait of a lane.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromMinutes(5);

    private PipelineConfiguration? _configuration;

    public LaneWorld()
    {
        Sender = new ScriptedSender(Time);
        Outbox = new InMemoryOutbox(Signals) { Time = Time };
        RateLimiters = new RateLimiters(Time);
        Health = new ServiceHealth(Time, HealthLog);
    }

    public JumpingTime Time { get; } = new(Some.Moment) { RequestTimeout = SendTimeout };

    public InMemoryOutbox Outbox { get; }

    public OutboxSignals Signals { get; } = new();

    public EnrichmentProgress Progress { get; } = new();

    public NotifierMetrics Metrics { get; } = new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public DestinationActivities Activities { get; } = new();

    public LogLines<ServiceHealth> HealthLog { get; } = new();

    public ServiceHealth Health { get; }

    public ILogger<Lane> LaneLogger { get; set; } = NullLogger<Lane>.Instance;

    public ILogger<EventIntake> IntakeLogger { get; set; } = NullLogger<EventIntake>.Instance;

    public DeliveryOptions Options { get; init; } = new();

    public RateLimiters RateLimiters { get; private set; }

    public ScriptedSender Sender { get; }

    public EventIntake Intake => IntakeInto(Outbox);

    public RouteOptions Route { get; set; } = new() { To = ["web-qa"] };

    /// <summary>A destination without a rate limit.</summary>
    public Destination Destination => new()
    {
        Name = "web-qa",
        Platform = ChatPlatform.Slack,
        Limits = [new SharedRateLimit("web-qa", new RateLimitOptions { PerSecond = 0 })],
        Timeout = SendTimeout,
        Sender = Sender,
        SettingsDigest = "digest",
    };

    public EventIntake IntakeInto(IOutbox outbox) => new(outbox, Metrics, Health, Time, IntakeLogger);

    /// <summary>The active configuration; a test may replace it while lanes run.</summary>
    public PipelineConfiguration Configuration
    {
        get => Volatile.Read(ref _configuration) ?? Configure("v1", Destination);
        set => Volatile.Write(ref _configuration, value);
    }

    /// <summary>A configuration with these destinations, the world's route and options, and the templates inside the program.</summary>
    public PipelineConfiguration Configure(string version, params Destination[] destinations) => new()
    {
        Version = version,
        Routes = new RouteTable([Route], version),
        Renderer = RendererWith(new SlackMessageFormatter()),
        Destinations = destinations,
        Delivery = Options,
    };

    /// <summary>A lane as after a restart: everything that was only in memory is lost.</summary>
    public Lane RestartedLane(TimeProvider? clock = null, Destination? destination = null, IOutbox? outbox = null)
    {
        RateLimiters = new RateLimiters(clock ?? Time);
        Outbox.Restart();
        return NewLane(clock, destination, outbox: outbox);
    }

    public Lane NewLane(
        TimeProvider? clock = null, Destination? destination = null, IMessageFormatter? formatter = null, IOutbox? outbox = null)
    {
        if (clock is not null) RateLimiters = new RateLimiters(clock);
        var own = formatter is null ? null : Configuration with { Renderer = RendererWith(formatter) };
        return NewLane(destination ?? Destination, Options, () => own ?? Configuration, clock, outbox);
    }

    public Lane NewLane(Destination destination, DeliveryOptions options) => NewLane(destination, options, () => Configuration);

    /// <summary>Claims the lane and runs it until it is stopped.</summary>
    public async Task RunAsync(Lane lane, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var claim = await Outbox.ClaimAsync(lane.DestinationName, CancellationToken.None);
        await lane.RunAsync(claim, stopAsked, timeUp);
        await Outbox.ReleaseAsync(claim);
    }

    /// <summary>Takes in the webhook of a new defect.</summary>
    public async Task AcceptAsync(int id)
    {
        var taken = await AcceptAsync(id, Intake, CancellationToken.None);
        Assert.Equal(IntakeOutcome.Accepted, taken.Outcome);
    }

    public Task<IntakeResult> AcceptAsync(int id, EventIntake intake, CancellationToken cancellationToken) =>
        AcceptAsync("defect.created", $$"""{"id":{{id}},"title":"Defect"}""", intake, cancellationToken);

    public Task<IntakeResult> AcceptAsync(string name, string payload, EventIntake intake, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"{{name}}","timestamp":1767603600,"payload":{{payload}},"project_code":"WEB"}""");
        return intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, Configuration.Routes,
            Configuration.Accounts.For("") is not null, cancellationToken);
    }

    public Task SentAsync(int count) => Eventually.HoldsAsync(() => Sender.Sent.Count >= count, $"{count} messages");

    /// <summary>The defects in the messages, in the order in which they came.</summary>
    public IEnumerable<int> SentDefects => Sender.Sent.Select(sent => DefectIn(sent.Message));

    /// <summary>Everything stored, newest first.</summary>
    public Task<IReadOnlyList<StoredEvent>> StoredAsync() => Outbox.ReadEventsAsync(new EventQuery(), CancellationToken.None);

    public static string TextOf(ChatMessage message) => Encoding.UTF8.GetString(message.Json.Span);

    public void Dispose() => Metrics.Dispose();

    private Lane NewLane(Destination destination, DeliveryOptions options, Func<PipelineConfiguration> current, TimeProvider? clock = null,
        IOutbox? outbox = null) =>
        new(destination, options, outbox ?? Outbox, Signals, RateLimiters, current, new NoticeWriter(current), Progress, Metrics,
            Activities, Health, clock ?? Time, LaneLogger);

    // For templates time stands still: a test that moves its clock must not time out a rendering.
    public static MessageRenderer RendererWith(IMessageFormatter formatter) =>
        new(Templates, [formatter], new QaseOptions(), new FakeTimeProvider(Some.Moment));

    public static int DefectIn(ChatMessage message) => DefectIn(TextOf(message));

    public static int DefectIn(string json)
    {
        var from = json.IndexOf("/view/", StringComparison.Ordinal) + "/view/".Length;
        return int.Parse(string.Concat(json[from..].TakeWhile(char.IsAsciiDigit)));
    }
}
