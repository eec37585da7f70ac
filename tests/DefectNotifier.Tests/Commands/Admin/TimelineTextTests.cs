using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Commands.Admin;

public sealed class TimelineTextTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Received.AddHours(2);
    private static readonly LaneStatus Running = new("web-qa", LaneActivity.Running, Reason: null, Until: null, 0, OldestReceivedAt: null);

    [Fact]
    public void Of_EventWithEveryOutcome_ShowsTheWholeTimeline()
    {
        var timeline = new StoredEvent(
            "e1", "shop", "defect.created", "WEB", 42, Received.AddSeconds(-2), Received,
            new RoutingDecision(
                [0, 2],
                [new PlannedDelivery("web-qa", 0, null), new PlannedDelivery("mobile", 0, null), new PlannedDelivery("billing", 0, null)])
            {
                Verdicts =
                [
                    new RouteVerdict(0, Matched: true, "project code matches"),
                    new RouteVerdict(1, Matched: false, "event 'defect.created' matches none of [defect.deleted]"),
                    new RouteVerdict(2, Matched: true, "takes every event"),
                ],
            },
            [
                Delivery(1, "web-qa", DeliveryState.Delivered, SendReason.Ok, 40) with
                {
                    Reference = "C1/1.2",
                    History =
                    [
                        Attempt(1, 1, 2, SendOutcome.Wait, SendReason.RateLimited, "ratelimited; HTTP 429"),
                        Attempt(2, 32, 40, SendOutcome.Delivered, SendReason.Ok),
                    ],
                },
                Delivery(2, "mobile", DeliveryState.Dead, SendReason.InvalidMessage, 130) with
                {
                    History =
                    [
                        Attempt(1, 0, 1, SendOutcome.Rejected, SendReason.InvalidMessage, "invalid_blocks"),
                        Attempt(2, 121, 130, SendOutcome.Rejected, SendReason.InvalidMessage, "no_text"),
                    ],
                    Actions = [new StoredAction(Received.AddSeconds(120), OperatorAction.Retry)],
                    IsMessageStored = true,
                },
                Delivery(3, "billing", DeliveryState.Discarded, SendReason.Unconfirmed, 200) with
                {
                    History = [Attempt(1, 0, 15, SendOutcome.Held, SendReason.Unconfirmed)],
                    Actions = [new StoredAction(Received.AddSeconds(200), OperatorAction.Discard)],
                },
            ])
        { Title = "Checkout ignores the coupon", Severity = "major", Actor = "Anna Berg" };

        Assert.Equal(
            """
            Event e1: defect.created of project WEB, defect 42
              Checkout ignores the coupon
              major, by Anna Berg
              received 2026-03-14 15:00:00Z from shop, occurred 2026-03-14 14:59:58Z

            Routes
              0: to web-qa, mobile, billing: project code matches
              1: skipped: event 'defect.created' matches none of [defect.deleted]
              2: matched, no new destination: takes every event

            Delivery 1 to web-qa: delivered 2026-03-14 15:00:40Z
                waited 1 s in the queue
              2026-03-14 15:00:01Z attempt 1: wait, rate-limited, after 1 s
                response: ratelimited; HTTP 429
                waited 30 s: rate-limited
              2026-03-14 15:00:32Z attempt 2: delivered, ok, after 8 s
              web-qa received it 40 s after it arrived.
              message id C1/1.2

            Delivery 2 to mobile: dead since 2026-03-14 15:02:10Z, invalid-message
              2026-03-14 15:00:00Z attempt 1: rejected, invalid-message, after 1 s
                response: invalid_blocks
              2026-03-14 15:02:00Z operator action: retry, rendered again
                waited 1 s in the queue
              2026-03-14 15:02:01Z attempt 2: rejected, invalid-message, after 9 s
                response: no_text
              mobile did not receive it: the chat rejected the message.
              Fix the template, or the data that it fails on, then retry.
              Run outbox retry 2 to send it again, or outbox discard 2 to discard it.
              Run outbox show 2 --message to see the stored message.

            Delivery 3 to billing: discarded since 2026-03-14 15:03:20Z, unconfirmed
              2026-03-14 15:00:00Z attempt 1: held, unconfirmed, after 15 s
              2026-03-14 15:03:20Z operator action: discard
              billing did not receive it: an operator discarded it.
              Retry it to send it after all.
              Run outbox retry 3 to send it.

            """,
            Words(Of([Running], timeline)));
    }

    [Theory]
    [InlineData(LaneActivity.Running, null)]
    [InlineData(LaneActivity.Waiting, null)]
    [InlineData(LaneActivity.Stopped, null)]
    [InlineData(LaneActivity.Parked, "Run outbox resume web-qa to try it now.")]
    [InlineData(null, "Run outbox discard 1 to discard it.")]
    public void Of_PendingDelivery_NamesTheCommand(LaneActivity? state, string? command)
    {
        LaneStatus[] lanes = state is { } activity ? [Running with { State = activity, Reason = SendReason.HookGone }] : [];

        var text = Words(Of(lanes, Timeline(Delivery(1, "WEB-QA", DeliveryState.Pending, null, null))));

        Assert.Equal(command is null ? 1 : 2, text.Split("  Run ").Length);
        if (command is not null) Assert.Contains(command, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LongLines_FitTheTerminal()
    {
        var delivery = Delivery(1, "web-qa", DeliveryState.Dead, SendReason.InvalidMessage, 9) with
        {
            History =
                [Attempt(1, 0, 1, SendOutcome.Rejected, SendReason.InvalidMessage, string.Join(' ', Enumerable.Repeat("detail", 90)))],
        };
        var timeline = Timeline(delivery) with { Title = string.Join(' ', Enumerable.Repeat("title", 90)) };

        Assert.All(Of([Running], timeline), line => Assert.InRange(line.Text.Length, 0, TerminalText.Width));
    }

    [Fact]
    public void Of_OpenAttempt_SaysThatItIsInProgress()
    {
        var attempt = new StoredAttempt(1, Received, null, null, null, null);
        var delivery = Delivery(1, "web-qa", DeliveryState.Pending, null, null) with { History = [attempt] };

        var text = Words(Of([Running], Timeline(delivery)));

        Assert.Contains("attempt 1: in progress", text, StringComparison.Ordinal);
        Assert.Contains("It is being sent to web-qa now.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RoutesOfAnotherConfiguration_ListsWhatIsStoredWithoutReasons()
    {
        var decision = new RoutingDecision([0, 2], [new PlannedDelivery("web-qa", 0, null), new PlannedDelivery("mobile", 0, null)])
        {
            Version = "1a2b3c4d",
        };

        var text = Words(Of([], Timeline() with { Decision = decision }));

        Assert.Contains(
            """
            Routes of configuration 1a2b3c4d
              0: to web-qa, mobile
              2: matched, no new destination
              The routes have changed since, so the reasons are not shown.
            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UnroutedEvent_SaysThatNothingIsSent() =>
        Assert.Contains(
            "No route matched, so nothing is sent.",
            Words(Of([], Timeline() with { Decision = Some.Decision() })),
            StringComparison.Ordinal);

    [Fact]
    public void Of_ExternalText_ContainsNoControlCharacters()
    {
        const string Evil = "\u001b]0;x\u0007\n\u202e";
        var delivery = Delivery(1, "web-qa" + Evil, DeliveryState.Dead, SendReason.Expired, 9) with
        {
            History = [Attempt(1, 0, 1, SendOutcome.Retry, SendReason.Timeout, "no" + Evil)],
            Reference = Evil,
        };
        var timeline = Timeline(delivery) with
        {
            Name = "defect" + Evil,
            ProjectCode = Evil,
            Source = Evil,
            Decision = new RoutingDecision(
            [0], [new PlannedDelivery(Evil, 0, null)])
            { Verdicts = [new RouteVerdict(0, true, Evil)] }
        };

        var text = Words(Of([Running], timeline));

        Assert.DoesNotContain(text, character => character is '\u001b' or '\u0007' or '\u202e');
        Assert.All(text.TrimEnd().Split('\n'), line => Assert.True(line.Length == 0 || line[0] is ' ' or 'E' or 'R' or 'D', line));
    }

    [Fact]
    public void Of_WordsOfALaterVersion_AreShownAsUnknown()
    {
        var delivery = Delivery(1, "web-qa", DeliveryState.Dead, null, 9) with
        {
            History = [Attempt(1, 0, 1, null, null)],
            Actions = [new StoredAction(Received.AddSeconds(5), OperatorAction.Unknown)],
        };

        var text = Words(Of([Running], Timeline(delivery)));

        Assert.Contains(
            """
              2026-03-14 15:00:00Z attempt 1: unknown outcome, unknown reason, after 1 s
              2026-03-14 15:00:05Z operator action: unknown
              web-qa did not receive it.
              See its attempts for the cause, then retry or discard it.

            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Versions_AreShownOnceUnlessTheyDiffer()
    {
        var delivery = Delivery(1, "web-qa", DeliveryState.Delivered, SendReason.Ok, 9) with
        {
            History =
            [
                Attempt(1, 0, 0, SendOutcome.Wait, SendReason.RateLimited) with { Version = "1a2b3c4d" },
                Attempt(2, 9, 9, SendOutcome.Delivered, SendReason.Ok) with { Version = "5e6f7a8b" },
            ],
        };
        var timeline = Timeline(delivery);

        var text = Words(Of([Running], timeline with { Decision = timeline.Decision with { Version = "1a2b3c4d" } }));

        Assert.Contains("Routes of configuration 1a2b3c4d", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("1a2b3c4d").Length);
        Assert.Equal(2, text.Split("rendered with configuration 5e6f7a8b").Length);
    }

    [Fact]
    public void Of_Silenced_NamesTheCommands() => Assert.EndsWith(
        "Run silence expire 3 to end the silence, or outbox discard 17 to discard it.",
        StateOf(Delivery(17, "web-qa", DeliveryState.Deferred, SendReason.Silenced, null) with
        {
            DueAt = Received,
            Silence = Some.Silence with { Id = 3, EndsAt = Now.AddHours(1) },
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(DeliveryState.Pending, true)]
    [InlineData(null, false)]
    public void Of_Digested_NamesTheDigest(DeliveryState? state, bool isNamed) => Assert.Equal(
        isNamed,
        StateOf(Delivery(17, "web-qa", DeliveryState.Digested, SendReason.Storm, 0) with
        {
            Digest = new StoredDigest(9, state, Reason: null, EndedAt: null, Reference: null),
        }).Contains("Run outbox show 9 to see the digest.", StringComparison.Ordinal));

    [Fact]
    public void Of_SameTitle_NamesTheDefectInWhoseThreadItIs() => Assert.Contains(
        "in the thread of WEB D-12",
        StateOf(Delivery(17, "web-qa", DeliveryState.Delivered, SendReason.SameTitle, 1) with
        {
            History = [Attempt(1, 0, 1, SendOutcome.Delivered, SendReason.SameTitle, "WEB D-12") with { Step = SendStep.Reply }],
        }),
        StringComparison.Ordinal);

    [Fact]
    public void Of_DeferredWithAnUpdate_SaysThatTheMessageIsUpdatedAtOnce()
    {
        var decision = new RoutingDecision([0], [new PlannedDelivery("web-qa", 0, null), PlannedDelivery.Refresh("web-qa")]);

        var text = Words(Of([Running], Timeline() with { Decision = decision }));

        Assert.Contains("web-qa: the existing message of the defect is updated at once", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no route matched", text, StringComparison.Ordinal);
    }

    // The lines after the delivery's heading.
    private static string StateOf(StoredDelivery delivery)
    {
        var lines = Of([Running], Timeline(delivery)).Select(line => line.Text).ToList();
        var heading = lines.FindIndex(line => line.StartsWith("Delivery ", StringComparison.Ordinal));
        return string.Join('\n', lines[(heading + 1)..].Select(line => line.Trim()));
    }

    private static IReadOnlyList<TerminalLine> Of(IReadOnlyList<LaneStatus> lanes, StoredEvent timeline) =>
        new TimelineText(lanes, Now).Of(new DeliverySentences(lanes, _ => null, _ => null, Now, isRunning: true).Explain(timeline));

    private static string Words(IEnumerable<TerminalLine> lines) => string.Concat(lines.Select(line => line.Text + "\n"));

    private static StoredEvent Timeline(params StoredDelivery[] deliveries) =>
        new("e1", "", "defect.created", "WEB", 42, null, Received, Some.Decision("web-qa"), deliveries);

    private static StoredDelivery Delivery(
        long id, string destination, DeliveryState state, SendReason? reason, int? endedAfter) =>
        new(id, destination, state, reason, null, null, endedAfter is { } seconds ? Received.AddSeconds(seconds) : null, []);

    private static StoredAttempt Attempt(
        int number, int from, int to, SendOutcome? outcome, SendReason? reason, string? detail = null) =>
        new(number, Received.AddSeconds(from), Received.AddSeconds(to), outcome, reason, detail);
}
