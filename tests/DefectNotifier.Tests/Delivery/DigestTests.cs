using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Delivery;

/// <summary>More messages wait than the chat accepts: they become a digest.</summary>
public sealed class DigestTests : DigestScene
{
    [Fact]
    public async Task Storm_OnABot_IsOneMessageThatIsChanged()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 100);
        await AllSentAsync();
        Assert.InRange(Elapsed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(30));
        var single = Slack.Roots.Count - 1;
        Assert.InRange(single, 1, 2);
        Assert.Equal(100 - single, await CountAsync(DeliveryState.Digested));
        Assert.Contains($"{100 - single}", Slack.Roots[^1].Text, StringComparison.Ordinal);

        await AcceptManyAsync("created", 101, 20);
        await AllSentAsync();

        Assert.Equal(single + 1, Slack.Roots.Count);
        Assert.Contains($"{120 - single}", Slack.Roots[^1].Text, StringComparison.Ordinal);
        Assert.InRange(Slack.Roots[^1].Edits, 1, 2);
    }

    [Fact]
    public async Task FewMessages_AreSentOnTheirOwn()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 8);
        await AllSentAsync();

        Assert.Equal(8, Slack.Roots.Count);
        Assert.Equal(0, await CountAsync(DeliveryState.Digested));
    }

    [Fact]
    public async Task AfterTheStorm_MessagesAreSentOnTheirOwnAgain()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 50);
        await AllSentAsync();
        var roots = Slack.Roots.Count;
        World.Time.Advance(TimeSpan.FromMinutes(2));

        await AcceptAsync("created", 200);
        await AllSentAsync();

        Assert.Equal(roots + 1, Slack.Roots.Count);
    }

    [Fact]
    public async Task Storm_WhereMessagesCannotBeChanged_IsANewMessageEachWindow()
    {
        Start(Webhook);
        await AcceptManyAsync("created", 1, 50);
        await AllSentAsync();
        var before = World.Sender.Sent.Count;
        await AcceptManyAsync("created", 51, 3);
        await AllSentAsync();
        await AcceptAsync("created", 54);
        await AllSentAsync();

        var digests = World.Sender.Sent.Skip(before - 1).ToList();
        Assert.Equal(3, digests.Count);
        Assert.All(digests.Zip(digests.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Blocker_InAStorm_IsPostedWithinThreeSeconds()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 300);
        await World.Time.UntilAsync(() => Elapsed > TimeSpan.FromSeconds(11), () => "a digest");
        var at = World.Time.GetUtcNow();

        await AcceptAsync("created", 999, "blocker", "Payments fail");
        await World.Time.UntilAsync(
            () => Slack.Roots.Any(root => root.Text.Contains("Payments fail", StringComparison.Ordinal)), () => "a post");

        Assert.InRange(World.Time.GetUtcNow() - at, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await AllSentAsync();
    }

    [Fact]
    public async Task ManyBlockers_AreADigestOfTheirOwn()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 50);
        for (var id = 1000; id < 1040; id++) await AcceptAsync("created", id, "blocker", "Payments fail");
        await AllSentAsync();

        var digests = Slack.Roots.Where(root => root.CorrelationKey is not null).Skip(1).ToList();
        Assert.InRange(digests.Count, 2, 6);
        Assert.Contains(digests, root => root.Text.Contains("Payments fail", StringComparison.Ordinal)
            && !root.Text.Contains("Coupons", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LaterEvent_OfADefectInADigest_ChangesTheDigest()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 50);
        await AllSentAsync();
        World.Time.Advance(TimeSpan.FromMinutes(5));
        var (roots, edits) = (Slack.Roots.Count, Slack.Roots[^1].Edits);

        await AcceptAsync("resolved", 40);
        await AllSentAsync();

        Assert.Equal(roots, Slack.Roots.Count);
        Assert.Equal(edits + 1, Slack.Roots[^1].Edits);
        Assert.Equal(Slack.Messages.Count(message => message.Thread is null), roots);
    }

    [Fact]
    public async Task LaterEvent_WhenTheDigestCannotBeChanged_IsAMessageOfItsOwn()
    {
        Start(Bot);
        await AcceptManyAsync("created", 1, 50);
        await AllSentAsync();
        World.Time.Advance(TimeSpan.FromMinutes(5));
        Slack.IsEditWindowClosed = true;
        var roots = Slack.Roots.Count;

        await AcceptAsync("resolved", 40);
        await AcceptAsync("resolved", 41);
        await AllSentAsync();
        await AcceptAsync("resolved", 42);
        await AllSentAsync();

        Assert.Equal(roots + 3, Slack.Roots.Count);
        Assert.All(Slack.Roots.Skip(roots), root => Assert.Contains("esolved", root.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LaterEvent_WhereMessagesCannotBeChanged_IsAMessageOfItsOwn()
    {
        Start(Webhook);
        await AcceptManyAsync("created", 1, 50);
        await AllSentAsync();
        World.Time.Advance(TimeSpan.FromMinutes(5));
        var before = World.Sender.Sent.Count;

        await AcceptAsync("resolved", 40);
        await AllSentAsync();

        Assert.Equal(before + 1, World.Sender.Sent.Count);
        Assert.Equal(40, LaneWorld.DefectIn(World.Sender.Sent[^1].Message));
    }

    [Fact]
    public async Task DefectWithAMessageOfItsOwn_InAStorm_IsInTheDigestAndItsMessageIsChanged()
    {
        Start(Bot);
        await AcceptAsync("created", 1);
        await AllSentAsync();
        var own = Slack.Roots[0];
        for (var id = 100; id < 140; id++) await AcceptAsync("created", id);
        await World.Time.UntilAsync(() => Elapsed > TimeSpan.FromSeconds(2), () => "a storm");

        await AcceptAsync("resolved", 1);
        await AllSentAsync();

        var after = Slack.Roots.First(root => root.Ts == own.Ts);
        Assert.Contains("esolved", after.Text, StringComparison.Ordinal);
        Assert.Empty(Slack.RepliesTo(own));
    }

    [Fact]
    public async Task LostResponseOfADigest_IsLookedUpAndNotPostedTwice()
    {
        Start(Bot);
        await AcceptAsync("created", 1);
        await AllSentAsync();
        Slack.Pass("chat.postMessage").LoseResponse("chat.postMessage");
        await AcceptManyAsync("created", 2, 60);
        await AllSentAsync();

        var keys = Slack.Messages.Select(message => message.CorrelationKey).ToList();
        Assert.Equal(keys.Distinct().Count(), keys.Count);
        Assert.All(await DeliveriesAsync(), delivery => Assert.True(
            delivery.State is DeliveryState.Delivered or DeliveryState.Digested));
    }

    [Fact]
    public async Task ExpiredMessage_ThatWasNeverPosted_BecomesALineOfADigest()
    {
        World.Sender.Then(new SendResult(SendOutcome.Retry, SendReason.UnknownError), times: 40);
        World.Route = World.Route with { MaxAge = TimeSpan.FromMinutes(10) };
        Start(Webhook);
        await AcceptAsync("created", 1);
        await AllSentAsync();

        var deliveries = await DeliveriesAsync();
        Assert.Equal(SendReason.Expired, Assert.Single(deliveries, delivery => delivery.State == DeliveryState.Digested).Reason);
        Assert.Single(deliveries, delivery => delivery.State == DeliveryState.Delivered);
    }

    [Fact]
    public async Task ExpiredMessage_ThatMayHaveBeenPosted_IsADeadLetter()
    {
        World.Sender.Then(new SendResult(SendOutcome.Ambiguous, SendReason.Timeout), times: 40);
        World.Route = World.Route with { MaxAge = TimeSpan.FromMinutes(10) };
        Start(Webhook);
        await AcceptAsync("created", 1);
        await AllSentAsync();

        Assert.Equal(DeliveryState.Dead, Assert.Single(await DeliveriesAsync()).State);
    }

    [Fact]
    public async Task DigestOff_SendsEachMessage()
    {
        Start(Bot with { Digest = null });
        await AcceptManyAsync("created", 1, 40);
        await AllSentAsync();

        Assert.Equal(40, Slack.Roots.Count);
    }

    [Fact]
    public async Task RouteWithoutDigest_InAStorm_SendsItsMessagesOnTheirOwn()
    {
        World.Route = World.Route with { Digest = false };
        Start(Bot);
        await AcceptManyAsync("created", 1, 40);
        await AllSentAsync();

        Assert.Equal(40, Slack.Roots.Count);
    }
}
