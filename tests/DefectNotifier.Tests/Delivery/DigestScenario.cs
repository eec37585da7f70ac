using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Plays webhooks of a few defects, failures of Slack and crashes against a lane with small digests.</summary>
internal sealed class DigestScenario : IDisposable
{
    private static readonly DigestOptions Small = new()
    {
        Threshold = 2,
        Window = TimeSpan.FromSeconds(20),
        MaxWait = TimeSpan.FromSeconds(5),
    };

    private readonly LaneWorld _world = new()
    {
        Options = new DeliveryOptions
        {
            ConfirmAfter = TimeSpan.Zero,
            MaxBackoff = TimeSpan.FromSeconds(1),
            MaxResendDelay = TimeSpan.FromSeconds(1),
        },
    };
    private readonly Dictionary<string, int> _events = new(StringComparer.Ordinal);
    private readonly CrashingOutbox _outbox;
    private SlackChannel _slack;
    private readonly SlackChannel[] _channels;
    private readonly RouteOptions[] _routes;
    private Destination _destination;
    private readonly int _titles;
    private Lane _lane;
    private Claim? _claim;
    private bool _mayPostAgain;
    private int _second;

    /// <param name="mode">How the destination shows a defect.</param>
    /// <param name="isDigestible">False: the route's messages are not part of digests, except to keep the order.</param>
    /// <param name="canChange">False: a chat without threads and updates.</param>
    /// <param name="hasQuietHours">True: a few minutes after the start there are quiet hours.</param>
    /// <param name="hasRepeats">True: several defects have the same title, and join one message for a while.</param>
    public DigestScenario(
        MessageMode mode, bool isDigestible, bool canChange, bool hasQuietHours = false, bool hasRepeats = false)
    {
        _titles = hasRepeats ? 2 : int.MaxValue;
        var start = TimeOnly.FromDateTime(Some.Moment.UtcDateTime);
        _world.Route = _world.Route with
        {
            MessageMode = mode,
            RepeatWithin = hasRepeats ? TimeSpan.FromMinutes(1) : null,
            QuietHours = hasQuietHours
                ? [new QuietHoursOptions { From = start.AddMinutes(1), To = start.AddMinutes(4), Except = ["blocker"] }]
                : [],
        };
        _outbox = new CrashingOutbox(_world.Outbox);
        _channels = [new SlackChannel(_world.Time), new SlackChannel(_world.Time, "C0000000002")];
        _slack = _channels[0];
        // Events of one defect with different severities may take different routes.
        _routes = isDigestible
            ? [_world.Route]
            : [_world.Route with { Severities = ["critical"], Digest = false }, _world.Route];
        _destination = Configure(_slack, canChange, Small);
        _lane = NewLane();
    }

    public void Dispose() => _world.Dispose();

    public async Task PlayAsync(IEnumerable<ScenarioStep> steps)
    {
        foreach (var step in steps) await PlayAsync(step);
        foreach (var channel in _channels) channel.IsEditWindowClosed = false;
        // Longer than quiet hours and silences.
        for (var idle = 0; idle < 12; idle++)
        {
            while (await WorkAsync()) idle = 0;
            _world.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Throws if an event was not reported, reported twice, or before an earlier event of its defect.</summary>
    public async Task CheckAsync()
    {
        var stored = (await _world.Outbox.ReadEventsAsync(new EventQuery { Limit = EventQuery.MaxLimit }, CancellationToken.None))
            .Reverse().ToList();
        var deliveries = stored.SelectMany(one => one.Deliveries).ToList();
        Assert.All(deliveries, one => Assert.True(
            one.State is DeliveryState.Delivered or DeliveryState.Digested
            || one is { State: DeliveryState.Discarded, Reason: SendReason.Silenced }, $"{one}"));
        // A deleted message, or one in another channel, is not found after a crash, so it is posted again.
        var keys = _channels.SelectMany(channel => channel.Messages).Select(message => message.CorrelationKey).ToList();
        if (!_mayPostAgain) Assert.Equal(keys.Distinct(), keys);

        var digests = new Dictionary<long, DigestView>();
        foreach (var delivery in deliveries)
        {
            if (await _world.Outbox.ReadDigestAsync(delivery.Id, CancellationToken.None) is not { } view) continue;
            Assert.False(view.Digest.IsBehind, $"{view.Digest}");
            digests[delivery.Id] = view;
        }

        Assert.Equal(deliveries.Count(one => one.State == DeliveryState.Digested), digests.Values.Sum(view => view.Contents.Events));
        foreach (var defect in stored.Where(one => _events.ContainsKey(one.Id)).GroupBy(one => one.SubjectId))
        {
            var reported = new List<DateTimeOffset>();
            foreach (var one in defect) if (ReportedAt(one, deliveries) is { } at) reported.Add(at);
            Assert.True(reported.Order().SequenceEqual(reported), $"Not in order:\n{TimelineOf(defect)}");
        }
    }

    private static string TimelineOf(IEnumerable<StoredEvent> events) => string.Join('\n', events.Select(stored =>
        $"{stored.ReceivedAt:mm:ss.f} {stored.Name} {stored.Decision.Severity}: " + string.Join("; ", stored.Deliveries.Select(delivery =>
            $"{delivery.Id} {delivery.State} {delivery.EndedAt:mm:ss.f} {delivery.Reason}"
            + (delivery.Digest is { } digest ? $" in {digest.Id}, {digest.State} {digest.EndedAt:mm:ss.f}" : "")))));

    // When the event's own delivery was posted, or the message of its digest changed; null: it was discarded. A second one only updates.
    private static DateTimeOffset? ReportedAt(StoredEvent stored, IReadOnlyList<StoredDelivery> all)
    {
        var delivery = stored.Deliveries[0];
        if (delivery.State != DeliveryState.Digested) return delivery.State == DeliveryState.Delivered ? delivery.EndedAt : null;
        var digest = all.Single(one => one.Id == delivery.Digest!.Id);
        return digest.History.Where(attempt => attempt.Outcome == SendOutcome.Delivered && attempt.EndedAt >= delivery.EndedAt)
            .Min(attempt => attempt.EndedAt);
    }

    private async Task PlayAsync(ScenarioStep step)
    {
        switch (step.Kind)
        {
            case ScenarioStepKind.Event:
                await AcceptAsync(step.Word, 1 + (step.Number % 7), step.Number);
                break;
            case ScenarioStepKind.Work:
                for (var i = 0; i <= step.Number && await WorkAsync(); i++)
                {
                }

                break;
            case ScenarioStepKind.Time:
                _world.Time.Advance(TimeSpan.FromSeconds(step.Number));
                break;
            case ScenarioStepKind.Silence:
                await _world.Outbox.AddSilenceAsync(
                    new Silence
                    {
                        Titles = [$"Defect {1 + (step.Number % 7)}"],
                        StartsAt = _world.Time.GetUtcNow(),
                        EndsAt = _world.Time.GetUtcNow() + TimeSpan.FromSeconds(10 + step.Number),
                        By = "anna",
                        Why = "known outage",
                        IsDiscarding = step.Word == "discard",
                    },
                    _world.Time.GetUtcNow());
                break;
            case ScenarioStepKind.Expiry:
                await _world.Outbox.ExpireSilenceAsync(1 + step.Number, _world.Time.GetUtcNow());
                break;
            case ScenarioStepKind.LostResponse:
                _slack.LoseResponse(step.Word);
                break;
            case ScenarioStepKind.Refusal:
                _slack.Refuse(step.Number % 2 == 0 ? "chat.postMessage" : "chat.update", step.Word);
                break;
            case ScenarioStepKind.Death:
                (_outbox.WritesLeft, _outbox.DiesAfter) = (step.Number, step.Word == "after");
                break;
            case ScenarioStepKind.Deletion:
                if (_slack.Roots.Count == 0) break;
                _mayPostAgain = true;
                _slack.Delete(_slack.Roots[step.Number % _slack.Roots.Count]);
                break;
            case ScenarioStepKind.Reload:
                _mayPostAgain = true;
                _slack = _channels[step.Number % 2];
                _destination = Configure(_slack, canChange: step.Number % 3 > 0, step.Number % 5 > 0 ? Small : null);
                _claim = null;
                _lane = NewLane();
                break;
            case ScenarioStepKind.ClosedWindow:
                _slack.IsEditWindowClosed = !_slack.IsEditWindowClosed;
                break;
            case ScenarioStepKind.NoThreads:
                _slack.HasThreads = !_slack.HasThreads;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, message: null);
        }
    }

    private async Task AcceptAsync(string name, int defect, int number)
    {
        string[] severities = ["major", "major", "major", "blocker", "critical"];
        var severity = severities[number / 7 % severities.Length];
        var payload = name == "created"
            ? $$"""{"id":{{defect}},"title":"Defect {{defect % _titles}}","severity":"{{severity}}"}""" : $$"""{"id":{{defect}}}""";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"defect.{{name}}","timestamp":{{1767603600 + ++_second}},"payload":{{payload}},"project_code":"WEB"}""");
        var taken = await _world.Intake.AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, _world.Configuration.Routes, canEnrich: false, CancellationToken.None);
        if (taken.Outcome == IntakeOutcome.Accepted) _events[taken.EventId!] = defect;
    }

    private Destination Configure(SlackChannel channel, bool canChange, DigestOptions? digest)
    {
        var bot = new SlackBotSender(channel, channel.Id, new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET"));
        var destination = _world.Destination with
        {
            Sender = canChange ? bot : new PostOnly(bot),
            Limits = [new SharedRateLimit("posts", new RateLimitOptions { PerSecond = 1, Burst = 1 })],
            UpdateLimit = canChange ? new SharedRateLimit("updates", new RateLimitOptions { PerSecond = 50 / 60d, Burst = 1 }) : null,
            Digest = digest,
        };
        _world.Configuration = _world.Configure("v1", destination) with
        {
            Routes = new RouteTable(_routes, "v1")
            {
                Destinations = new Dictionary<string, RoutedDestination> { ["web-qa"] = new(canChange, digest) },
            },
        };
        return destination;
    }

    // One page, or one attempt; false when nothing can be sent now.
    private async Task<bool> WorkAsync()
    {
        try
        {
            var working = WorkAsync(_lane);
            await _world.Time.UntilAsync(() => working.IsCompleted, () => "the end of a page");
            return await working;
        }
        catch (ProcessDiedException)
        {
            _outbox.WritesLeft = null;
            _claim = null;
            _lane = NewLane();
            return true;
        }
    }

    private async Task<bool> WorkAsync(Lane lane)
    {
        if (_claim is null)
        {
            _claim = await _world.Outbox.ClaimAsync("web-qa", CancellationToken.None);
            await lane.BeginAsync(_claim, CancellationToken.None);
        }

        return await lane.DeliverPageAsync(_claim, Lane.PageSize, CancellationToken.None, CancellationToken.None);
    }

    private Lane NewLane() => _world.RestartedLane(destination: _destination, outbox: _outbox);

    /// <summary>A chat without threads and updates, in which messages can be looked up.</summary>
    private sealed class PostOnly(SlackBotSender bot) : IMessageSender, IMessageLookup
    {
        public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) =>
            bot.SendAsync(message, correlationKey, cancellationToken);

        public Task<LookupResult> FindAsync(
            string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken) =>
            bot.FindAsync(correlationKey, thread, since, acquire, cancellationToken);
    }
}
