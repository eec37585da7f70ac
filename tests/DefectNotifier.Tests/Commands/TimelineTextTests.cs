using DefectNotifier.Delivery;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.Tests.Commands;

public sealed class TimelineTextTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Received.AddHours(2);
    private static readonly LaneStatus Running = new("web-qa", "running", Reason: null, Until: null, 0, OldestReceivedAt: null);

    private static RoutingDecision Decision { get; } =
        new([0, 2], [new PlannedDelivery("web-qa", 0, null), new PlannedDelivery("mobile", 0, null), new PlannedDelivery("billing", 0, null)]);

    [Fact]
    public void Of_EventWithEveryEnd_TellsTheWholeStory()
    {
        var timeline = new StoredEvent(
            "e1", "shop", "defect.created", "WEB", 42, Received.AddSeconds(-2), Received,
            Decision with
            {
                Verdicts =
                [
                    new RouteVerdict(0, Matched: true, "project code matches"),
                    new RouteVerdict(1, Matched: false, "event 'defect.created' matches none of [defect.deleted]"),
                    new RouteVerdict(2, Matched: true, "takes every event"),
                ],
            },
            [
                Delivery(1, "web-qa", "delivered", "ok", 40) with
                {
                    Reference = "C1/1.2",
                    History = [Attempt(1, 1, 2, "wait", "rate-limited", "ratelimited; HTTP 429"), Attempt(2, 32, 40, "delivered", "ok")],
                },
                Delivery(2, "mobile", "dead", "invalid-message", 130) with
                {
                    History = [Attempt(1, 0, 1, "refused", "invalid-message", "invalid_blocks"), Attempt(2, 121, 130, "refused", "invalid-message", "no_text")],
                    Actions = [new StoredAction(Received.AddSeconds(120), "retry")],
                    IsMessageKept = true,
                },
                Delivery(3, "billing", "discarded", "unconfirmed", 200) with
                {
                    History = [Attempt(1, 0, 15, "held", "unconfirmed")],
                    Actions = [new StoredAction(Received.AddSeconds(200), "discard")],
                },
            ]);

        Assert.Equal(
            """
            Event e1: defect.created of project WEB, defect 42
              received 2026-03-14 15:00:00Z from shop, happened 2026-03-14 14:59:58Z

            Routes
              0: to web-qa, mobile, billing: project code matches
              1: passed over: event 'defect.created' matches none of [defect.deleted]
              2: matched, nothing new: takes every event

            Delivery 1 to web-qa: delivered
                waited 1 s for its turn
              2026-03-14 15:00:01Z attempt 1: wait, rate-limited, after 1 s
                response: ratelimited; HTTP 429
                waited 30 s: rate-limited
              2026-03-14 15:00:32Z attempt 2: delivered, ok, after 8 s
              Delivered 2026-03-14 15:00:40Z, 40 s after it was received; the chat calls it C1/1.2.

            Delivery 2 to mobile: dead
              2026-03-14 15:00:00Z attempt 1: refused, invalid-message, after 1 s
                response: invalid_blocks
              2026-03-14 15:02:00Z an operator: send it again, rendered anew
                waited 1 s for its turn
              2026-03-14 15:02:01Z attempt 2: refused, invalid-message, after 9 s
                response: no_text
              Dead since 2026-03-14 15:02:10Z: invalid-message. Mend the template or the data that it stumbles over, then retry.
              outbox retry 2 sends it again, outbox discard 2 closes it.
              The message is kept: outbox show 2 --message

            Delivery 3 to billing: discarded
              2026-03-14 15:00:00Z attempt 1: held, unconfirmed, after 15 s
              2026-03-14 15:03:20Z an operator: discard it
              Discarded 2026-03-14 15:03:20Z. outbox retry 3 would send it after all.

            """,
            Words(new TimelineText([Running], Now).Of(timeline)));
    }

    [Theory]
    [InlineData("running", null, "It goes out when its turn comes.")]
    [InlineData("waiting", "rate-limited", "It waits in 5 min, at 2026-03-14 17:05:00Z: rate-limited.")]
    [InlineData("parked", "hook-gone", "It waits: web-qa is parked, hook-gone; tried again in 5 min, at 2026-03-14 17:05:00Z. Make a new webhook")]
    [InlineData("stopped", "hook-gone", "It waits until the service runs; before, web-qa was held up by hook-gone.")]
    [InlineData("stopped", null, "It waits until the service runs.")]
    [InlineData(null, null, "It waits for WEB-QA, which the settings no longer have: put it back, or outbox discard 1.")]
    public void Of_Pending_TellsWhatItWaitsFor(string? state, string? reason, string expected)
    {
        LaneStatus[] lanes = state is null ? [] : [Running with { State = state, Reason = reason, Until = state is "stopped" or "running" ? null : Now.AddMinutes(5) }];

        var text = Words(new TimelineText(lanes, Now).Of(Timeline(Delivery(1, "WEB-QA", "pending", null, null))));

        Assert.Contains("  " + expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UnderWay_SaysSo()
    {
        var delivery = Delivery(1, "web-qa", "pending", null, null) with { History = [new StoredAttempt(1, Received, null, null, null, null)] };

        var text = Words(new TimelineText([Running], Now).Of(Timeline(delivery)));

        Assert.Contains("attempt 1: under way", text, StringComparison.Ordinal);
        Assert.Contains("It is being sent since 2026-03-14 15:00:00Z.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Unrouted_SaysThatNothingIsSent() =>
        Assert.Contains("No route took it, so nothing is sent.", Words(new TimelineText([], Now).Of(Timeline() with { Decision = Some.Decision() })), StringComparison.Ordinal);

    [Fact]
    public void Of_RoutesOfAnotherConfiguration_ListsWhatIsStoredWithoutReasons()
    {
        var text = Words(new TimelineText([], Now).Of(Timeline() with { Decision = Decision with { Version = "1a2b3c4d" } }));

        Assert.Contains(
            """
            Routes of configuration 1a2b3c4d
              0: to web-qa, mobile, billing
              2: matched, nothing new
              The configuration has changed since, so the reasons are not shown.
            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TextFromOutside_HoldsNothingThatATerminalObeys()
    {
        const string Evil = "\u001b]0;x\u0007\n\u202e";
        var delivery = Delivery(1, "web-qa" + Evil, "dead", "expired" + Evil, 9) with
        {
            History = [Attempt(1, 0, 1, "retry", "timeout", "no" + Evil)],
            Reference = Evil,
            Actions = [new StoredAction(Received, Evil)],
        };
        var timeline = Timeline(delivery) with { Name = "defect" + Evil, ProjectCode = Evil, Source = Evil, Decision = new RoutingDecision([0], [new PlannedDelivery(Evil, 0, null)]) { Verdicts = [new RouteVerdict(0, true, Evil)] } };

        var text = Words(new TimelineText([Running], Now).Of(timeline));

        Assert.DoesNotContain(text, character => character is '\u001b' or '\u0007' or '\u202e');
        Assert.All(text.TrimEnd().Split('\n'), line => Assert.True(line.Length == 0 || line[0] is ' ' or 'E' or 'R' or 'D', line));
    }

    [Fact]
    public void Of_Versions_AreToldOnceUnlessTheyDiffer()
    {
        var delivery = Delivery(1, "web-qa", "delivered", "ok", 9) with
        {
            History = [Attempt(1, 0, 0, "wait", "rate-limited") with { Version = "1a2b3c4d" }, Attempt(2, 9, 9, "delivered", "ok") with { Version = "5e6f7a8b" }],
        };
        var timeline = Timeline(delivery);

        var text = Words(new TimelineText([Running], Now).Of(timeline with { Decision = timeline.Decision with { Version = "1a2b3c4d" } }));

        Assert.Contains("Routes of configuration 1a2b3c4d", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("1a2b3c4d").Length);
        Assert.Equal(2, text.Split("rendered with configuration 5e6f7a8b").Length);
    }

    private static string Words(IEnumerable<TerminalLine> lines) => string.Concat(lines.Select(line => line.Text + "\n"));

    private static StoredEvent Timeline(params StoredDelivery[] deliveries) =>
        new("e1", "", "defect.created", "WEB", 42, null, Received, Some.Decision("web-qa"), deliveries);

    private static StoredDelivery Delivery(long id, string destination, string state, string? reason, int? endedAfter) =>
        new(id, destination, state, 1, reason, null, null, endedAfter is { } seconds ? Received.AddSeconds(seconds) : null, []);

    private static StoredAttempt Attempt(int number, int from, int to, string outcome, string reason, string? detail = null) =>
        new(number, Received.AddSeconds(from), Received.AddSeconds(to), outcome, reason, detail);
}
