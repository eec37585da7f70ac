using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Obstacles to a defect's message: what the channel does not allow, lost responses, and changes by other people.</summary>
public sealed class MessageThreadObstacleTests : MessageThreadScene
{
    [Fact]
    public async Task RunAsync_MessageDeleted_PostsAnotherInItsPlace()
    {
        await LiveAsync("created");
        Slack.Delete(Slack.Roots[0]);

        await LiveAsync("resolved", "deleted");

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("🗑️ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal([SendStep.RootMessage, SendStep.Update, SendStep.RootMessage, SendStep.Update], await StepsAsync());
    }

    [Fact]
    public async Task RunAsync_EditWindowClosed_RepliesAndStopsUpdating()
    {
        World.Route = World.Route with { MessageMode = MessageMode.Update };
        await LiveAsync("created");
        Slack.IsEditWindowClosed = true;

        await LiveAsync("resolved", "deleted");

        var root = Assert.Single(Slack.Roots);
        Assert.Equal(2, Slack.RepliesTo(root).Count);
        Assert.Equal(1, Slack.CallsOf("chat.update"));
    }

    [Fact]
    public async Task RunAsync_NoThreads_PostsInTheChannelAndStopsReplying()
    {
        Slack.HasThreads = false;

        await LiveAsync("created", "updated", "updated", "resolved");

        Assert.Equal(4, Slack.Roots.Count);
        Assert.Contains("✅ Coupons are ignored", Slack.Roots[0].Text, StringComparison.Ordinal);
        Assert.Equal(5, Slack.CallsOf("chat.postMessage"));
    }

    [Fact]
    public async Task RunAsync_BroadcastsNotAllowed_RepliesWithoutThem()
    {
        World.Route = World.Route with { Broadcast = BroadcastWhen.Always };
        Slack.TakesBroadcasts = false;

        await LiveAsync("created", "updated", "resolved");

        Assert.Equal(2, Slack.RepliesTo(Assert.Single(Slack.Roots)).Count);
        Assert.Equal(4, Slack.CallsOf("chat.postMessage"));
    }

    [Fact]
    public async Task RunAsync_NotInTheChannel_JoinsOnceIfAllowed()
    {
        Slack.IsMember = false;
        Slack.MayJoin = true;

        await LiveAsync("created");

        Assert.Single(Slack.Roots);
        Assert.Equal(1, Slack.CallsOf("conversations.join"));
    }

    [Fact]
    public async Task RunAsync_NotInTheChannelAndMayNotJoin_IsParked()
    {
        Slack.IsMember = false;
        await AcceptAsync("created");

        var lane = Start();

        await Eventually.HoldsAsync(
            () => lane.Status is { State: LaneActivity.Parked, Reason: SendReason.ChannelNotFound }, "a parked lane");
        Assert.Equal((1, 1), (Slack.CallsOf("conversations.join"), Slack.CallsOf("chat.postMessage")));
    }

    [Fact]
    public async Task RunAsync_ResponseToAnUpdateLost_UpdatesAgainWithoutALookup()
    {
        await LiveAsync("created");
        Slack.LoseResponse("chat.update");

        await LiveAsync("resolved");

        var root = Assert.Single(Slack.Roots);
        Assert.Equal(2, root.Edits);
        Assert.Single(Slack.RepliesTo(root));
        Assert.DoesNotContain("may be a repeat", Everything, StringComparison.Ordinal);
        Assert.Equal(0, Slack.CallsOf("conversations.replies") + Slack.CallsOf("conversations.history"));
    }

    [Fact]
    public async Task RunAsync_ResponseToTheMessageLost_FindsItAndContinuesWithIt()
    {
        Slack.LoseResponse("chat.postMessage");

        await LiveAsync("created", "resolved");

        var root = Assert.Single(Slack.Roots);
        Assert.Equal(1, root.Edits);
        Assert.Single(Slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_ResponseToAReplyLost_FindsItInTheThread()
    {
        await LiveAsync("created");
        Slack.LoseResponse("chat.postMessage");

        await LiveAsync("updated");

        Assert.Single(Slack.RepliesTo(Assert.Single(Slack.Roots)));
        Assert.Equal((1, 0), (Slack.CallsOf("conversations.replies"), Slack.CallsOf("conversations.history")));
    }

    [Fact]
    public async Task RunAsync_ResponsesToMessageAndReplyOfOneDeliveryLost_DoesNotConfuseThem()
    {
        // Only the update event is routed here: its delivery posts the message and then the reply.
        await AcceptAsync("created", "elsewhere");
        Slack.LoseResponse("chat.postMessage").LoseResponse("chat.postMessage");

        await LiveAsync("updated");

        Assert.Single(Slack.RepliesTo(Assert.Single(Slack.Roots)));
    }

    [Fact]
    public async Task RunAsync_ReplyInDoubtWithoutLookup_IsMarkedButNotTheMessage()
    {
        await LiveAsync("created");
        Slack.MayRead = false;
        Slack.LoseResponse("chat.postMessage");

        await LiveAsync("resolved");

        var root = Assert.Single(Slack.Roots);
        Assert.DoesNotContain("may be a repeat", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            Slack.RepliesTo(root),
            first => Assert.DoesNotContain("may be a repeat", first.Text, StringComparison.Ordinal),
            second => Assert.Contains("may be a repeat", second.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_UpdateGets429_HoldsUpdatesOnly()
    {
        await LiveAsync("created");
        Slack.Refuse("chat.update", new SlackResponse { Error = "ratelimited", Status = 429, RetryAfter = TimeSpan.FromSeconds(30) });
        await AcceptAsync("resolved");

        await Eventually.HoldsAsync(() => Slack.CallsOf("chat.update") == 1, "the refused change");
        // Posts are another method with a limit of their own.
        Assert.True(World.RateLimiters.For(new SharedRateLimit("web-qa", new RateLimitOptions { PerSecond = 0 })).IsFree);
        await AllDeliveredAsync();

        var updates = Slack.Calls.Where(call => call.Method == "chat.update").ToList();
        Assert.Equal(2, updates.Count);
        Assert.True(updates[1].At - updates[0].At >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task RunAsync_UpdateRejected_RepliesAndUpdatesAtTheNextChange()
    {
        World.Route = World.Route with { MessageMode = MessageMode.Update };
        await LiveAsync("created");
        Slack.Refuse("chat.update", "invalid_blocks").Refuse("chat.update", "no_text");

        await LiveAsync("resolved");
        Assert.Single(Slack.RepliesTo(Assert.Single(Slack.Roots)));
        await LiveAsync("deleted");

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("🗑️", root.Text, StringComparison.Ordinal);
        Assert.Single(Slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_ChannelChangedInTheSettings_PostsANewMessageThere()
    {
        await LiveAsync("created");
        await StopAsync();
        var other = new SlackChannel(World.Time, "C2");

        StartIn(other);
        await AcceptAsync("resolved");
        await AllDeliveredAsync();

        Assert.Contains("✅", Assert.Single(other.Roots).Text, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(Slack.Roots).Edits);
    }

    [Fact]
    public async Task RunAsync_ParkedAndNothingToUpdate_StaysParked()
    {
        using var folder = new TemplateFolder(("defect.created.sbn", "# {{ defect.title }}"));
        World.Route = World.Route with { MessageMode = MessageMode.Update };
        var silent = World.Configuration with { Renderer = RendererOf(folder) };
        var telling = World.Configuration;
        World.Configuration = silent;
        var lane = Start();
        await LiveAsync("created");
        World.Configuration = telling;
        Slack.Refuse("chat.update", "token_revoked");
        await AcceptAsync("resolved");
        await Eventually.HoldsAsync(() => lane.Status.State == LaneActivity.Parked, "a parked lane");

        World.Configuration = silent;
        await World.Outbox.ResumeAsync("web-qa");
        await AllDeliveredAsync();

        Assert.Equal((LaneActivity.Parked, 1), (lane.Status.State, Slack.CallsOf("chat.update")));
    }

    [Fact]
    public async Task RunAsync_OperatorRetriesAReplyAsRendered_PostsItInTheThread()
    {
        await LiveAsync("created");
        Slack.Refuse("chat.postMessage", "invalid_blocks").Refuse("chat.postMessage", "no_text");
        await LiveAsync("updated");
        var dead = (await World.StoredAsync())[0].Deliveries[0];
        Assert.Equal(DeliveryState.Dead, dead.State);

        await World.Outbox.RetryAsync(dead.Id, asRendered: true, World.Time.GetUtcNow());
        World.Signals.For("web-qa").Add(1);
        await AllDeliveredAsync();

        Assert.Contains("Updated by", Assert.Single(Slack.RepliesTo(Assert.Single(Slack.Roots))).Text, StringComparison.Ordinal);
    }

    private static MessageRenderer RendererOf(TemplateFolder folder) => new(
        TemplateStore.Load(new TemplateOptions { Path = folder.Path }, NullLogger<TemplateStore>.Instance), [new SlackMessageFormatter()],
            new QaseOptions(), new FakeTimeProvider());
}
