using System.Text;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>
/// Plays webhooks, failures of Slack and crashes of the process step by step; then compares what the channel shows with what it should
/// show, which is computed from the webhooks alone.
/// </summary>
internal sealed class MessageThreadScenario : IDisposable
{
    private const string RepeatNote = "This may be a repeat: the response to an earlier attempt was lost.";

    private readonly LaneWorld _world = new()
    {
        Options = new DeliveryOptions
        {
            ConfirmAfter = TimeSpan.Zero,
            MaxBackoff = TimeSpan.FromSeconds(1),
            MaxResendDelay = TimeSpan.FromSeconds(1),
        },
    };
    private readonly Dictionary<string, (string Name, int Defect, int Order)> _events = new(StringComparer.Ordinal);
    private readonly CrashingOutbox _outbox;
    private readonly SlackChannel _slack;
    private readonly bool _hasRepeats;
    private Lane _lane;
    private Claim? _claim;
    private int _doubts;
    private bool _isTampered;
    private bool _wasClosed;
    private bool _wasUnthreaded;

    public MessageThreadScenario(MessageMode mode, BroadcastWhen broadcast, bool mayRead, bool hasRepeats)
    {
        _hasRepeats = hasRepeats;
        _world.Route = _world.Route with
        {
            MessageMode = mode,
            Broadcast = broadcast,
            RepeatWithin = hasRepeats ? TimeSpan.FromHours(1) : null,
        };
        _outbox = new CrashingOutbox(_world.Outbox);
        _slack = new SlackChannel(_world.Time) { MayRead = mayRead };
        _lane = NewLane();
    }

    private MessageMode Mode => _world.Route.MessageMode;

    public void Dispose() => _world.Dispose();

    public async Task PlayAsync(IEnumerable<ScenarioStep> steps)
    {
        foreach (var step in steps) await PlayAsync(step);
        _slack.IsEditWindowClosed = false;
        // A last visible change for each defect, so that deleted messages are noticed.
        foreach (var defect in _events.Values.Select(one => one.Defect).Distinct().ToList()) await AcceptAsync(
            "created", defect, 9_000, "renamed in the end");
        while (await WorkAsync())
        {
        }
    }

    /// <summary>Throws if the channel does not show what it should.</summary>
    public async Task CheckAsync()
    {
        var deliveries = (await _world.StoredAsync()).SelectMany(stored => stored.Deliveries).ToList();
        Assert.All(deliveries, delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        foreach (var defect in _events.Values.Select(one => one.Defect).Distinct()) await CheckAsync(defect);
    }

    private async Task CheckAsync(int defect)
    {
        var thread = (await _world.Outbox.ReadContextAsync("web-qa", new DefectKey("", "WEB", defect), CancellationToken.None)).Thread!;
        var ofDefect = _slack.Messages.Where(message => EventOf(message).Defect == defect).ToList();
        var roots = ofDefect.Where(message => message.Thread is null && !IsReply(message)).ToList();
        var live = roots.Where(message => !message.IsDeleted).ToList();
        var replies = ofDefect.Where(IsReply).ToList();
        if (thread.RepeatOf is not null)
        {
            CheckRepeat(defect, thread, roots, replies);
            return;
        }

        // One message; more only if a response was lost and a lookup was not possible, or if one was deleted.
        Assert.NotEmpty(roots);
        Assert.InRange(live.Count, _isTampered ? 0 : 1, 1 + _doubts);
        if (!_isTampered) Assert.InRange(roots.Count, 1, 1 + _doubts);
        if (IsKeptTrue && !_wasClosed)
        {
            Assert.NotEmpty(live);
            Assert.Equal(await ExpectedAsync(defect, thread.Repeats), WithoutNote(live[^1]));
        }

        // What the message does not show is posted in the thread, once.
        foreach (var (id, one) in _events.Where(one => one.Value.Defect == defect))
        {
            var tellings = replies.Where(message => message.CorrelationKey!.StartsWith(id, StringComparison.Ordinal)).ToList();
            Assert.InRange(tellings.Count, 0, 1 + _doubts);
            var isBeginning = roots.Exists(message => message.CorrelationKey!.StartsWith(id, StringComparison.Ordinal));
            if (Mode is MessageMode.Thread or MessageMode.ThreadAndUpdate && one.Name is "updated" or "reopened" && !isBeginning)
                Assert.NotEmpty(tellings);
            // A defect that had joined the message of the other one had replies there.
            if (Mode == MessageMode.Update && !_wasClosed && !_hasRepeats) Assert.Empty(tellings);
        }

        // In the order of acceptance, by the first post of each.
        var order = replies.DistinctBy(message => message.CorrelationKey).Select(message => EventOf(message).Order).ToList();
        Assert.Equal(order.Order(), order);
        // Replies are in threads while the channel allows them.
        if (!_wasUnthreaded && !_isTampered) Assert.All(replies, reply => Assert.NotNull(reply.Thread));
    }

    // Each event is a reply in the thread of the other defect.
    private void CheckRepeat(
        int defect, MessageThread thread, IReadOnlyList<SlackChannelMessage> roots, IReadOnlyList<SlackChannelMessage> replies)
    {
        Assert.Empty(roots);
        foreach (var (id, _) in _events.Where(one => one.Value.Defect == defect))
        {
            var tellings = replies.Where(message => message.CorrelationKey!.StartsWith(id, StringComparison.Ordinal)).ToList();
            Assert.InRange(tellings.Count, 1, 1 + _doubts);
            Assert.All(tellings, reply => Assert.EndsWith(reply.Thread!, thread.RootMessage, StringComparison.Ordinal));
        }

        var order = replies.DistinctBy(message => message.CorrelationKey).Select(message => EventOf(message).Order).ToList();
        Assert.Equal(order.Order(), order);
    }

    private bool IsKeptTrue => Mode is MessageMode.ThreadAndUpdate or MessageMode.Update;

    private async Task PlayAsync(ScenarioStep step)
    {
        switch (step.Kind)
        {
            case ScenarioStepKind.Event:
                await AcceptAsync(step.Word, 1 + (step.Number % 2), step.Number);
                break;
            case ScenarioStepKind.Work:
                for (var i = 0; i <= step.Number % 5 && await WorkAsync(); i++)
                {
                }

                break;
            case ScenarioStepKind.LostResponse:
                _doubts++;
                _slack.LoseResponse(step.Word);
                break;
            case ScenarioStepKind.Refusal:
                // After internal_error the message may have been posted. Here it was not.
                _doubts++;
                _slack.Refuse(step.Number % 2 == 0 ? "chat.postMessage" : "chat.update", step.Word);
                break;
            case ScenarioStepKind.Death:
                // A crash may leave a message that is not recorded.
                _doubts++;
                (_outbox.WritesLeft, _outbox.DiesAfter) = (step.Number % 3, step.Word == "after");
                break;
            case ScenarioStepKind.Deletion:
                if (_slack.Roots.Count == 0) break;
                _isTampered = true;
                _slack.Delete(_slack.Roots[step.Number % _slack.Roots.Count]);
                break;
            case ScenarioStepKind.ClosedWindow:
                _wasClosed = true;
                _slack.IsEditWindowClosed = !_slack.IsEditWindowClosed;
                break;
            case ScenarioStepKind.NoThreads:
                _wasUnthreaded = true;
                _slack.HasThreads = !_slack.HasThreads;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, message: null);
        }
    }

    private async Task AcceptAsync(string name, int defect, int second, string title = "as it was")
    {
        var number = _hasRepeats ? 0 : defect;
        var payload = name == "created"
            ? $$"""{"id":{{defect}},"title":"Defect number {{number}}, {{title}}","severity":"major"}""" : $$"""{"id":{{defect}}}""";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"defect.{{name}}","timestamp":{{1767603600 + second}},"payload":"""
                + $$"""{{payload}},"team_member_id":7,"project_code":"WEB"}""");
        var taken = await _world.Intake.AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, new RouteTable([_world.Route]), canEnrich: false, CancellationToken.None);
        // The same event in the same second is a duplicate.
        if (taken.Outcome == IntakeOutcome.Accepted) _events[taken.EventId!] = (name, defect, _events.Count);
    }

    // One delivery, or one attempt at it; false when nothing is pending.
    private async Task<bool> WorkAsync()
    {
        if ((await _world.Outbox.ReadPendingAsync("web-qa", 1, CancellationToken.None)).Count == 0) return false;
        try
        {
            var working = WorkAsync(_lane);
            await _world.Time.UntilAsync(() => working.IsCompleted, () => "the end of a delivery's attempt");
            await working;
        }
        catch (ProcessDiedException)
        {
            _outbox.WritesLeft = null;
            _claim = null;
            _lane = NewLane();
        }

        return true;
    }

    private async Task WorkAsync(Lane lane)
    {
        if (_claim is null)
        {
            _claim = await _world.Outbox.ClaimAsync("web-qa", CancellationToken.None);
            await lane.BeginAsync(_claim, CancellationToken.None);
        }

        await lane.DeliverPageAsync(_claim, 1, CancellationToken.None, CancellationToken.None);
    }

    private Lane NewLane()
    {
        var destination = _world.Destination with
        {
            Sender = new SlackBotSender(_slack, "C0123456789", new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET")),
            UpdateLimit = new SharedRateLimit("chat.update", new RateLimitOptions { PerSecond = 0 }),
        };
        return _world.RestartedLane(destination: destination, outbox: _outbox);
    }

    // The defect's message: its opening event in its current state.
    private async Task<string> ExpectedAsync(int id, int repeats)
    {
        var defect = (await _world.Outbox.ReadDefectAsync(new DefectKey("", "WEB", id), CancellationToken.None))!;
        var message = _world.Configuration.Renderer.Render(new RenderRequest
        {
            Event = WebhookParser.Parse(defect.Opening.Body, "").Event!,
            Defect = defect,
            Repeats = repeats,
            ReceivedAt = defect.Opening.ReceivedAt,
            Platform = ChatPlatform.Slack,
        }).Message;
        return WithoutNote(new SlackChannelMessage { Ts = "", Body = JsonElement.Parse(message.Json.Span) });
    }

    // Only the texts of the blocks: channel, correlation key and timestamps belong to the request.
    private static string WithoutNote(SlackChannelMessage message) =>
        string.Join('\n', JsonStrings.In(message.Body.GetProperty("blocks")).Select(text => text.Value)).Replace(
            "\ncontext\nmrkdwn\n" + RepeatNote, "", StringComparison.Ordinal);

    private (string Name, int Defect, int Order) EventOf(SlackChannelMessage message) => _events[message.CorrelationKey!.Split('-')[0]];

    private static bool IsReply(SlackChannelMessage message) => message.CorrelationKey!.EndsWith("-reply", StringComparison.Ordinal);
}
