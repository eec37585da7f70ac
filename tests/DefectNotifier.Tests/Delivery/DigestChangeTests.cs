using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Digests when the settings change, when they are given up, and while their destination fails.</summary>
public sealed class DigestChangeTests : DigestScene
{
    private static readonly SendResult Rejection = new(SendOutcome.Rejected, SendReason.InvalidMessage);

    [Fact]
    public async Task ChannelChanged_WhileADigestIsBehind_ReportsTheRestInTheNewChannel()
    {
        await StartAndStopBehindADigestAsync();
        // The bot was removed from the old channel.
        Slack.IsMember = false;
        var other = new SlackChannel(World.Time, "C0000000002");
        Start(Bot with { Sender = SenderOf(other) });
        await AllSentAsync();

        Assert.DoesNotContain(Slack.Messages, message => ShowsDefect(message.Text, 900));
        Assert.Contains(other.Messages, message => ShowsDefect(message.Text, 900));
        Assert.Contains(other.Messages, message => ShowsDefect(message.Text, 914));
        await AssertEveryEventIsReportedAsync();
    }

    [Fact]
    public async Task TypeChangedToAWebhook_WhileADigestIsBehind_ReportsTheRestThere()
    {
        await StartAndStopBehindADigestAsync();
        Start(Webhook);
        await AllSentAsync();

        Assert.DoesNotContain(Slack.Messages, message => ShowsDefect(message.Text, 900));
        Assert.Contains(World.Sender.Sent, sent => ShowsDefect(LaneWorld.TextOf(sent.Message), 900));
        await AssertEveryEventIsReportedAsync();
    }

    [Fact]
    public async Task DigestsTurnedOff_WhileOneWaits_KeepsTheOrderOfADefect()
    {
        Configure(Webhook);
        await AcceptManyAsync("created", 1, 40);
        Start(Webhook);
        await World.Time.UntilAsync(async () => await CountAsync(DeliveryState.Digested) > 30, () => "a digest that waits");
        await StopAsync();
        Start(Webhook with { Digest = null });

        await AcceptAsync("resolved", 40);
        await AllSentAsync();

        Assert.True(IsDigest(LaneWorld.TextOf(World.Sender.Sent[^1].Message)));
        Assert.DoesNotContain(World.Sender.Sent, sent => LaneWorld.TextOf(sent.Message).Contains("Resolved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MessageAfterADigestThatWasGivenUp_IsSentOnItsOwn()
    {
        await GiveUpADigestAsync();
        var digested = await CountAsync(DeliveryState.Digested);
        World.Time.Advance(TimeSpan.FromMinutes(10));

        await AcceptAsync("created", 500);
        await AllSentAsync();

        Assert.Equal(digested, await CountAsync(DeliveryState.Digested));
        Assert.Equal(500, LaneWorld.DefectIn(World.Sender.Sent[^1].Message));
    }

    [Fact]
    public async Task BlockerWhoseEarlierEventIsInADigestThatWasGivenUp_GoesAtOnce()
    {
        await GiveUpADigestAsync();
        await StopAsync();
        await AcceptManyAsync("created", 500, 40);
        await AcceptAsync("created", 40, "blocker", "Payments fail");
        var before = World.Sender.Sent.Count;
        Start(Webhook);
        await AllSentAsync();

        Assert.Equal(40, LaneWorld.DefectIn(World.Sender.Sent[before].Message));
        Assert.False(IsDigest(LaneWorld.TextOf(World.Sender.Sent[before].Message)));
    }

    [Fact]
    public async Task DigestThatWasGivenUp_IsRetriedByAnOperator_AndReportedOnce()
    {
        var dead = await GiveUpADigestAsync();
        await AcceptManyAsync("created", 500, 3);
        await AllSentAsync();

        await World.Outbox.RetryAsync(dead, asRendered: false, World.Time.GetUtcNow());
        await AllSentAsync();

        Assert.Equal(0, await CountAsync(DeliveryState.Dead));
        // The one that was rejected, and the one that was posted.
        Assert.Equal(2, World.Sender.Sent.Count(sent => IsDigest(LaneWorld.TextOf(sent.Message))));
        await AssertEveryEventIsReportedAsync();
    }

    [Fact]
    public async Task DigestThatMayHaveBeenPosted_IsHeld_AndDiscardedOrSentByAnOperator()
    {
        var hold = Webhook with { WhenUnsure = WhenUnsure.Hold };
        World.Sender.Then(SendResult.Delivered()).Then(new SendResult(SendOutcome.Ambiguous, SendReason.Timeout));
        Configure(hold);
        await AcceptManyAsync("created", 1, 40);
        Start(hold);
        await World.Time.UntilAsync(async () => await CountAsync(DeliveryState.Held) == 1, () => "a held digest");
        var held = (await DeliveriesAsync()).Single(delivery => delivery.State == DeliveryState.Held).Id;

        await AcceptAsync("resolved", 40);
        await AllSentAsync();
        Assert.Equal(40, LaneWorld.DefectIn(World.Sender.Sent[^1].Message));
        Assert.False(IsDigest(LaneWorld.TextOf(World.Sender.Sent[^1].Message)));

        await World.Outbox.RetryAsync(held, asRendered: true, World.Time.GetUtcNow());
        await AllSentAsync();
        Assert.Equal(0, await CountAsync(DeliveryState.Held));
        Assert.True(IsDigest(LaneWorld.TextOf(World.Sender.Sent[^1].Message)));
        await AssertEveryEventIsReportedAsync();
    }

    [Fact]
    public async Task ManySilencedEvents_ReleasedAtOnce_AreOneDigest()
    {
        await World.Outbox.AddSilenceAsync(
            new Silence
            {
                Titles = ["Login*"],
                StartsAt = World.Time.GetUtcNow(),
                EndsAt = World.Time.GetUtcNow() + TimeSpan.FromHours(1),
                By = "anna",
                Why = "known outage",
            },
            World.Time.GetUtcNow());
        Configure(Bot with { Digest = null });
        // Some of them in several titles, and far too long ones.
        for (var id = 1; id <= 700; id++) await AcceptAsync("created", id, title: $"Login {id % 50} {new string('x', 1_000)}");
        Start(Bot with { Digest = null });
        await AcceptAsync("created", 999);
        await AllSentAsync();

        Assert.Equal(2, Slack.Roots.Count);
        Assert.Contains("700", Slack.Roots[^1].Text, StringComparison.Ordinal);
        Assert.InRange(Slack.RepliesTo(Slack.Roots[^1]).Count, 1, 5);
        await AssertEveryEventIsReportedAsync();
    }

    [Fact]
    public async Task DigestThatIsGivenUp_IsReportedToTheFallback()
    {
        World.Route = World.Route with { Fallback = "ops" };
        await GiveUpADigestAsync();

        var notices = (await World.StoredAsync()).Where(stored => stored.Name == OwnEvents.Undelivered);
        Assert.Equal("ops", Assert.Single(notices).Deliveries.Single().Destination);
    }

    [Fact]
    public async Task DigestThatWaitsTooLong_IsOverdue()
    {
        World.Route = World.Route with { Fallback = "ops", FallbackAfter = TimeSpan.FromMinutes(10) };
        World.Sender.Then(new SendResult(SendOutcome.Delivered, SendReason.Ok))
            .Then(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed), times: 5_000);
        Configure(Webhook);
        await AcceptManyAsync("created", 1, 40);
        Start(Webhook);
        await World.Time.UntilAsync(() => Elapsed > TimeSpan.FromMinutes(11), () => "an outage");

        var overdue = Assert.Single(await World.Outbox.ReadOverdueAsync(World.Time.GetUtcNow(), CancellationToken.None));
        Assert.Equal(("ops", 1), (overdue.Fallback, overdue.Count));
    }

    [Fact]
    public async Task LongStorm_OnABot_ChangesTheDigestOnceInAWindow()
    {
        Start(Bot);
        for (var second = 0; second < 300; second++)
        {
            await AcceptManyAsync("created", 1 + (second * 3), 3);
            var until = Some.Moment.AddSeconds(second + 1);
            await World.Time.UntilAsync(() => World.Time.GetUtcNow() >= until, () => "a second");
        }

        await AllSentAsync();
        var (posts, edits) = (Slack.CallsOf("chat.postMessage"), Slack.CallsOf("chat.update"));
        Assert.True(posts <= 15 && edits <= 36, $"{posts} posts, {edits} edits, root edited {Slack.Roots[^1].Edits} times");
    }

    private static bool IsDigest(string text) => text.Contains(" defects in ", StringComparison.Ordinal);

    private static bool ShowsDefect(string text, int defect) =>
        text.Contains($"/view/{defect}", StringComparison.Ordinal) || text.Contains($"D-{defect}", StringComparison.Ordinal);

    private static SlackBotSender SenderOf(SlackChannel channel) =>
        new(channel, channel.Id, new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET"));

    // A posted digest that does not show defects 900 to 914 yet.
    private async Task StartAndStopBehindADigestAsync()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 50);
        await AllSentAsync();
        for (var id = 900; id < 915; id++) await AcceptAsync("created", id, "critical", $"Login {id} fails");
        await World.Time.UntilAsync(async () => await CountAsync(DeliveryState.Digested) >= 60, () => "a digest that is behind");
        await StopAsync();
        Assert.DoesNotContain(Slack.Messages, message => ShowsDefect(message.Text, 900));
    }

    // The first messages are sent, and the digest of the others is rejected.
    private async Task<long> GiveUpADigestAsync()
    {
        World.Sender.Then(SendResult.Delivered()).Then(Rejection);
        Configure(Webhook);
        await AcceptManyAsync("created", 1, 40);
        Start(Webhook);
        await World.Time.UntilAsync(async () => await CountAsync(DeliveryState.Dead) == 1, () => "a dead digest");
        return (await DeliveriesAsync()).Single(delivery => delivery.State == DeliveryState.Dead).Id;
    }
}
