using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Tests.Operations;

public sealed class DeliverySentencesTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Received.AddHours(2);
    private static readonly LaneStatus Running = new("web-qa", LaneActivity.Running, Reason: null, Until: null, 0, OldestReceivedAt: null);

    [Theory]
    [InlineData(DeliveryState.Delivered, SendReason.Ok, "web-qa received it 15 ms after it arrived.")]
    [InlineData(
        DeliveryState.Delivered,
        SendReason.Found,
        "web-qa received it 15 ms after it arrived: it was found in the channel, although the response was lost.")]
    [InlineData(
        DeliveryState.Delivered, SendReason.Unchanged, "The defect's message in web-qa already showed it, so nothing was sent.")]
    [InlineData(
        DeliveryState.Dead,
        SendReason.InvalidMessage,
        "web-qa did not receive it: the chat rejected the message. Fix the template, or the data that it fails on, then retry.")]
    [InlineData(
        DeliveryState.Dead, null, "web-qa did not receive it. See its attempts for the cause, then retry or discard it.")]
    [InlineData(
        DeliveryState.Held,
        SendReason.Unconfirmed,
        "web-qa may have received it. It is held for manual review. "
        + "Look in the channel: discard it if the message is there, otherwise retry.")]
    [InlineData(
        DeliveryState.Held,
        SendReason.Timeout,
        "web-qa may have received it: the chat did not respond in time. It is held for manual review. "
        + "Look in the channel: discard it if the message is there, otherwise retry.")]
    [InlineData(
        DeliveryState.Discarded, SendReason.Expired, "web-qa did not receive it: an operator discarded it. Retry it to send it after all.")]
    public void Explain_Ended_SaysHow(DeliveryState state, SendReason? reason, string expected) =>
        Assert.Equal(expected, TextOf(Delivery(state, reason) with { EndedAt = Received.AddMilliseconds(15) }));

    [Theory]
    [InlineData(LaneActivity.Running, null, "It waits in the queue of WEB-QA.")]
    [InlineData(
        LaneActivity.Waiting,
        SendReason.RateLimited,
        "It waits for WEB-QA: the chat asked for fewer messages. The next attempt is in 5 min, at 2026-03-14 17:05:00Z.")]
    [InlineData(LaneActivity.Waiting, null, "It waits for WEB-QA. The next attempt is in 5 min, at 2026-03-14 17:05:00Z.")]
    [InlineData(
        LaneActivity.Parked,
        SendReason.HookGone,
        "It waits, because nothing reaches WEB-QA: the webhook or flow was deleted. "
        + "The next attempt is in 5 min, at 2026-03-14 17:05:00Z. Create a new webhook or flow and put its address into the settings.")]
    [InlineData(
        LaneActivity.Stopped,
        SendReason.ConnectFailed,
        "It waits for the service to start. Before it stopped, WEB-QA was paused: the chat can't be reached. "
        + "Check the network, the proxy and the name resolution between this machine and the chat.")]
    [InlineData(LaneActivity.Stopped, null, "It waits for the service to start; then it is sent to WEB-QA.")]
    [InlineData(
        null, null, "It waits, because WEB-QA is not configured any more. Configure the destination again, or discard it.")]
    public void Explain_Pending_SaysWhatItWaitsFor(LaneActivity? state, SendReason? reason, string expected)
    {
        LaneStatus[] lanes = state is { } activity
            ? [Running with { State = activity, Reason = reason, Until = Now.AddMinutes(5) }]
            : [];

        Assert.Equal(expected, TextOf(Delivery(DeliveryState.Pending, reason: null) with { Destination = "WEB-QA" }, lanes));
    }

    [Fact]
    public void Explain_AttemptInProgress_SaysThatItIsBeingSent() => Assert.Equal(
        "It is being sent to web-qa now.",
        TextOf(Delivery(DeliveryState.Pending, reason: null) with { History = [new StoredAttempt(1, Received, null, null, null, null)] }));

    [Fact]
    public void Explain_Silenced_NamesTheSilence()
    {
        var silence = Some.Silence with { Id = 3, EndsAt = Now.AddHours(1) };
        var deferred = Delivery(DeliveryState.Deferred, SendReason.Silenced) with { DueAt = Received, Silence = silence };

        Assert.Equal(
            "web-qa receives it at 2026-03-14 18:00:00Z: silence 3 of anna defers it (known outage). "
                + "End silence 3 to send it earlier, or discard it.",
            TextOf(deferred));
        Assert.Equal(
            "web-qa receives it at 2026-03-15 07:00:00Z: silence 3 of anna defers it (known outage), and quiet hours. "
                + "End silence 3 to send it earlier, or discard it.",
            TextOf(deferred with { DueAt = Received.AddHours(16) }));
        Assert.Equal("It waits in the queue of web-qa.", TextOf(deferred with { Silence = silence with { EndsAt = Now } }));
        Assert.Equal("It waits in the queue of web-qa.", TextOf(deferred with { Silence = null }));
        Assert.Equal(
            "web-qa did not receive it: silence 3 of anna discarded it (known outage). Retry it to send it after all.",
            TextOf(Delivery(DeliveryState.Discarded, SendReason.Silenced) with { Silence = silence }));
    }

    [Fact]
    public void Explain_DiscardedByANamedOperator_NamesThem() => Assert.Equal(
        "web-qa did not receive it: ben discarded it. Retry it to send it after all.",
        TextOf(Delivery(DeliveryState.Discarded, SendReason.Expired) with
        {
            Actions =
                [new StoredAction(Received, OperatorAction.Retry, "anna"), new StoredAction(Received, OperatorAction.Discard, "ben")],
        }));

    [Fact]
    public void Explain_QuietHours_SaysWhenTheyEnd() => Assert.Equal(
        "web-qa receives it at 2026-03-15 07:00:00Z, when its quiet hours end.",
        TextOf(Delivery(DeliveryState.Deferred, SendReason.QuietHours) with { DueAt = Received.AddHours(16) }));

    [Theory]
    [InlineData(DeliveryState.Delivered, "web-qa received it in a digest.")]
    [InlineData(DeliveryState.Pending, "It is part of a digest that waits to be sent to web-qa.")]
    [InlineData(
        DeliveryState.Dead,
        "web-qa did not receive it: its digest is dead: it failed for too long. Retry delivery 9, the digest, to send it.")]
    [InlineData(
        DeliveryState.Held,
        "web-qa may have received it in a digest: it failed for too long. "
        + "Look in the channel: discard it if the message is there, otherwise retry.")]
    [InlineData(null, "It was part of a digest for web-qa, which is no longer stored.")]
    public void Explain_Digested_ShowsTheDigest(DeliveryState? state, string expected) => Assert.Equal(
        expected,
        TextOf(Delivery(DeliveryState.Digested, SendReason.Storm) with
        {
            Digest = new StoredDigest(9, state, SendReason.Expired, Received, "C1/1.2"),
        }));

    [Fact]
    public void Explain_DigestThatIsNotDue_SaysWhenItIs() => Assert.Equal(
        "It is sent to web-qa at 2026-03-14 17:00:30Z at the earliest, with all messages that are added until then.",
        TextOf(Delivery(DeliveryState.Pending, reason: null) with { DueAt = Now.AddSeconds(30) }));

    [Fact]
    public void Explain_KnownDestination_HasItsPlatform() => Assert.Equal(
        "slack",
        new DeliverySentences([Running], _ => null, name => name == "web-qa" ? "slack" : null, Now, isRunning: true)
            .Explain(Event(Delivery(DeliveryState.Pending, reason: null))).Deliveries[0].Platform);

    [Fact]
    public void Explain_LaneOfARunningServiceHasStopped_AsksForARestart() => Assert.Equal(
        "It waits, because web-qa has stopped. Restart the service and report the error in its log.",
        TextOf(Delivery(DeliveryState.Pending, reason: null), [Running with { State = LaneActivity.Stopped }], isRunning: true));

    // The same settings are named in the status (StatusReportTests).
    [Fact]
    public void Explain_ParkedDestination_NamesTheSettingToChange()
    {
        var bot = new DestinationOptions { Name = "web-qa", Type = "slack", Token = new Secret("xoxb-1"), Channel = "C1" };
        var parked = Running with { State = LaneActivity.Parked, Reason = SendReason.BadCredentials };

        var text = TextOf(Delivery(DeliveryState.Pending, reason: null), [parked], options: bot);

        Assert.EndsWith("Put a valid token or address into Destinations:web-qa:Token.", text, StringComparison.Ordinal);
    }

    private static string TextOf(
        StoredDelivery delivery, IReadOnlyList<LaneStatus>? lanes = null, bool isRunning = false, DestinationOptions? options = null)
    {
        var sentences = new DeliverySentences(lanes ?? [Running], _ => options, _ => null, Now, isRunning);
        var explained = sentences.Explain(Event(delivery)).Deliveries[0];
        return $"{explained.Sentence} {explained.Advice}".TrimEnd();
    }

    private static StoredEvent Event(StoredDelivery delivery) =>
        new("e1", "", "defect.created", "WEB", 42, null, Received, Some.Decision("web-qa"), [delivery]);

    private static StoredDelivery Delivery(DeliveryState state, SendReason? reason) =>
        new(17, "web-qa", state, reason, null, null, null, []);
}
