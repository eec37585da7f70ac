using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

// What stands in the way, what is lost on the way, and what somebody else does meanwhile.
public sealed partial class ConversationTests
{
    [Fact]
    public async Task RunAsync_MessageWasDeletedByHand_AnotherOneTakesItsPlace()
    {
        await LiveAsync("created");
        _slack.Delete(_slack.Roots[0]);

        await LiveAsync("resolved", "deleted");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("🗑️ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(["root", "update", "root", "update"], await StepsAsync());
    }

    [Fact]
    public async Task RunAsync_EditWindowIsClosed_TellsInTheThreadAndAsksNoMore()
    {
        _world.Route = _world.Route with { Conversation = ConversationMode.Update };
        await LiveAsync("created");
        _slack.IsEditWindowClosed = true;

        await LiveAsync("resolved", "deleted");

        var root = Assert.Single(_slack.Roots);
        Assert.Equal(2, _slack.RepliesTo(root).Count);
        Assert.Equal(1, _slack.CallsOf("chat.update"));
    }

    [Fact]
    public async Task RunAsync_NoThreadsHere_TellsInTheChannelAndAsksNoMore()
    {
        _slack.HasThreads = false;

        await LiveAsync("created", "updated", "updated", "resolved");

        Assert.Equal(4, _slack.Roots.Count);
        Assert.Contains("✅ Major: Coupons are ignored", _slack.Roots[0].Text, StringComparison.Ordinal);
        Assert.Equal(5, _slack.CallsOf("chat.postMessage"));
    }

    [Fact]
    public async Task RunAsync_BroadcastsAreNotTaken_RepliesWithoutThem()
    {
        _world.Route = _world.Route with { Broadcast = BroadcastWhen.Always };
        _slack.TakesBroadcasts = false;

        await LiveAsync("created", "updated", "resolved");

        Assert.Equal(2, _slack.RepliesTo(Assert.Single(_slack.Roots)).Count);
        Assert.Equal(4, _slack.CallsOf("chat.postMessage"));
    }

    [Fact]
    public async Task RunAsync_NotInTheChannel_JoinsOnceWhereItMay()
    {
        _slack.IsMember = false;
        _slack.MayJoin = true;

        await LiveAsync("created");

        Assert.Single(_slack.Roots);
        Assert.Equal(1, _slack.CallsOf("conversations.join"));
    }

    [Fact]
    public async Task RunAsync_NotInTheChannelAndMayNotJoin_IsParked()
    {
        _slack.IsMember = false;
        await AcceptAsync("created");

        var lane = Start();

        await Eventually.HoldsAsync(() => lane.Status is { State: "parked", Reason: "channel-not-found" }, "a parked lane");
        Assert.Equal((1, 1), (_slack.CallsOf("conversations.join"), _slack.CallsOf("chat.postMessage")));
    }

    [Fact]
    public async Task RunAsync_AnswerToAChangeIsLost_ChangesItAgainAndNeverAsks()
    {
        await LiveAsync("created");
        _slack.LoseAnswer("chat.update");

        await LiveAsync("resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.Equal(2, root.Edits);
        Assert.Single(_slack.RepliesTo(root));
        Assert.DoesNotContain("may be a repeat", Everything, StringComparison.Ordinal);
        Assert.Equal(0, _slack.CallsOf("conversations.replies") + _slack.CallsOf("conversations.history"));
    }

    [Fact]
    public async Task RunAsync_AnswerToTheMessageIsLost_FindsItAndGoesOnWithIt()
    {
        _slack.LoseAnswer("chat.postMessage");

        await LiveAsync("created", "resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.Equal(1, root.Edits);
        Assert.Single(_slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_AnswerToAReplyIsLost_FindsItInTheThread()
    {
        await LiveAsync("created");
        _slack.LoseAnswer("chat.postMessage");

        await LiveAsync("updated");

        Assert.Single(_slack.RepliesTo(Assert.Single(_slack.Roots)));
        Assert.Equal((1, 0), (_slack.CallsOf("conversations.replies"), _slack.CallsOf("conversations.history")));
    }

    [Fact]
    public async Task RunAsync_AnswersToMessageAndReplyOfOneDeliveryAreLost_TakesNeitherForTheOther()
    {
        // Only the update is routed here: its delivery posts the message and then the reply.
        await AcceptAsync("created", "elsewhere");
        _slack.LoseAnswer("chat.postMessage").LoseAnswer("chat.postMessage");

        await LiveAsync("updated");

        Assert.Single(_slack.RepliesTo(Assert.Single(_slack.Roots)));
    }

    [Fact]
    public async Task RunAsync_ReplyInDoubtThatCantBeLookedUp_IsMarkedAndTheMessageIsNot()
    {
        await LiveAsync("created");
        _slack.MayRead = false;
        _slack.LoseAnswer("chat.postMessage");

        await LiveAsync("resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.DoesNotContain("may be a repeat", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            _slack.RepliesTo(root),
            first => Assert.DoesNotContain("may be a repeat", first.Text, StringComparison.Ordinal),
            second => Assert.Contains("may be a repeat", second.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ChangesAreLimited_HoldsThemAndNoOtherMethod()
    {
        await LiveAsync("created");
        _slack.Refuse("chat.update", new SlackAnswer { Error = "ratelimited", Status = 429, RetryAfter = TimeSpan.FromSeconds(30) });
        await AcceptAsync("resolved");

        await Eventually.HoldsAsync(() => _slack.CallsOf("chat.update") == 1, "the refused change");
        // Posts are another method: their limit is free.
        Assert.True(_world.Throttles.For(new LimitOptions("web-qa", new PaceOptions { PerSecond = 0 })).IsFree);
        await AllDeliveredAsync();

        var updates = _slack.Calls.Where(call => call.Method == "chat.update").ToList();
        Assert.Equal(2, updates.Count);
        Assert.True(updates[1].At - updates[0].At >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task RunAsync_ChangeIsRefused_TellsInTheThreadAndTriesAgainWithAnotherOne()
    {
        _world.Route = _world.Route with { Conversation = ConversationMode.Update };
        await LiveAsync("created");
        _slack.Refuse("chat.update", "invalid_blocks").Refuse("chat.update", "no_text");

        await LiveAsync("resolved");
        Assert.Single(_slack.RepliesTo(Assert.Single(_slack.Roots)));
        await LiveAsync("deleted");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("🗑️", root.Text, StringComparison.Ordinal);
        Assert.Single(_slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_DestinationIsAnotherChannelNow_BeginsThere()
    {
        await LiveAsync("created");
        await StopAsync();
        var other = new SlackChannel(_world.Time, "C2");

        _running = _world.NewLane(destination: Destination with { Sender = new SlackBotSender(other, "C2", new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET")) })
            .RunAsync(_stop.Token, _stop.Token);
        await AcceptAsync("resolved");
        await AllDeliveredAsync();

        Assert.Contains("✅", Assert.Single(other.Roots).Text, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(_slack.Roots).Edits);
    }

    [Fact]
    public async Task RunAsync_MessageMentionsSomebody_NotifiesOnceWhateverBecomesOfIt()
    {
        using var folder = new TemplateFolder(("defect.created.sbn", "# {{ defect.title }}: {{ defect.status }}\n\n{{ mention 'lead' }}"), ("defect.updated.sbn", "Updated"));
        var options = new TemplateOptions { Path = folder.Path, Mentions = new Dictionary<string, Mention> { ["lead"] = new("Lead") { Slack = "U012AB3CD" } } };
        var store = TemplateStore.Load(options, NullLogger<TemplateStore>.Instance);
        _world.Configuration = _world.Configuration with { Renderer = new MessageRenderer(store, [new SlackMessageFormatter()], new QaseOptions(), new FakeTimeProvider()) };

        await LiveAsync("created");
        Assert.Contains("U012AB3CD", _slack.Roots[0].Text, StringComparison.Ordinal);
        await LiveAsync("updated");
        Assert.Equal(0, _slack.Roots[0].Edits);
        await LiveAsync("resolved");
        Assert.Contains("@Lead", _slack.Roots[0].Text, StringComparison.Ordinal);
        _slack.Delete(_slack.Roots[0]);
        await LiveAsync("deleted");

        Assert.DoesNotContain("U012AB3CD", string.Concat(_slack.Messages.Select(message => message.Text)), StringComparison.Ordinal);
        Assert.Contains("@Lead", Assert.Single(_slack.Roots).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_MoreIsLearnedOfTheDefect_ChangesItsMessageAndPostsNothing()
    {
        await LiveAsync("resolved");
        Assert.DoesNotContain("Coupons", Everything, StringComparison.Ordinal);
        var details = new DefectDetails { Title = "Coupons are ignored", Severity = Severity.Major, AskedAt = Some.Moment };

        var change = await _world.Outbox.LearnAsync(new WishEnd(Wish.Of(new DefectKey("", "WEB", 73)), Some.Moment) { Details = details });
        _world.Signals.For(Assert.Single(change.Owing)).Add(1);
        await AllDeliveredAsync();

        var root = Assert.Single(_slack.Messages);
        Assert.Contains("Resolved: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(1, root.Edits);
    }

    [Fact]
    public async Task RunAsync_MoreIsLearnedWhileTheMessageIsOnItsWay_ChangesItOnceItStands()
    {
        var details = new DefectDetails { Title = "Coupons are ignored", Severity = Severity.Major, AskedAt = Some.Moment };
        _slack.Meanwhile = async () =>
        {
            var change = await _world.Outbox.LearnAsync(new WishEnd(Wish.Of(new DefectKey("", "WEB", 73)), Some.Moment) { Details = details });
            _world.Signals.For(Assert.Single(change.Owing)).Add(1);
        };

        await LiveAsync("resolved");

        var root = Assert.Single(_slack.Messages);
        Assert.Contains("Resolved: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(1, root.Edits);
    }

    [Fact]
    public async Task RunAsync_MoreIsLearnedAndTheMessageIsGone_PostsNothing()
    {
        await LiveAsync("resolved");
        await _world.Outbox.LearnAsync(new WishEnd(Wish.Of(new DefectKey("", "WEB", 73)), Some.Moment) { Details = new DefectDetails { Title = "T", AskedAt = Some.Moment } });
        _slack.Delete(_slack.Roots[0]);

        _world.Signals.For("web-qa").Add(1);
        await AllDeliveredAsync();

        Assert.Single(_slack.Messages);
    }

    [Fact]
    public async Task RunAsync_EventOfThatNameFromOutside_IsToldLikeAnyOther()
    {
        await LiveAsync("created", "details");

        Assert.Single(_slack.RepliesTo(Assert.Single(_slack.Roots)));
    }

    [Fact]
    public async Task RunAsync_ParkedAndThereIsNothingToChangeAfterAll_StaysParked()
    {
        using var folder = new TemplateFolder(("defect.created.sbn", "# {{ defect.title }}"));
        _world.Route = _world.Route with { Conversation = ConversationMode.Update };
        var silent = _world.Configuration with { Renderer = RendererOf(folder) };
        var telling = _world.Configuration;
        _world.Configuration = silent;
        var lane = Start();
        await LiveAsync("created");
        _world.Configuration = telling;
        _slack.Refuse("chat.update", "token_revoked");
        await AcceptAsync("resolved");
        await Eventually.HoldsAsync(() => lane.Status.State == "parked", "a parked lane");

        _world.Configuration = silent;
        lane.Resume();
        await AllDeliveredAsync();

        Assert.Equal(("parked", 1), (lane.Status.State, _slack.CallsOf("chat.update")));
    }

    [Fact]
    public async Task RunAsync_TwoDefects_HaveAMessageEach()
    {
        await AcceptAsync("created", id: 73);
        await AcceptAsync("created", id: 74);
        await AcceptAsync("resolved", id: 73);
        Start();

        await AllDeliveredAsync();

        Assert.Equal(2, _slack.Roots.Count);
        Assert.Single(_slack.RepliesTo(_slack.Roots[0]));
        Assert.Empty(_slack.RepliesTo(_slack.Roots[1]));
    }

    [Fact]
    public async Task RunAsync_OperatorSendsAnOldReplyAsItWas_ItStandsInTheThread()
    {
        await LiveAsync("created");
        _slack.Refuse("chat.postMessage", "invalid_blocks").Refuse("chat.postMessage", "no_text");
        await LiveAsync("updated");
        var dead = (await _world.StoredAsync())[0].Deliveries[0];
        Assert.Equal("dead", dead.State);

        await _world.Outbox.RetryAsync(dead.Id, asRendered: true, _world.Time.GetUtcNow());
        _world.Signals.For("web-qa").Add(1);
        await AllDeliveredAsync();

        Assert.Contains("Updated:", Assert.Single(_slack.RepliesTo(Assert.Single(_slack.Roots))).Text, StringComparison.Ordinal);
    }

    private static MessageRenderer RendererOf(TemplateFolder folder) => new(
        TemplateStore.Load(new TemplateOptions { Path = folder.Path }, NullLogger<TemplateStore>.Instance), [new SlackMessageFormatter()], new QaseOptions(), new FakeTimeProvider());
}
