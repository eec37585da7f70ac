using System.Text;
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

/// <summary>One living message a defect: what a Slack channel shows in the end.</summary>
public sealed class ConversationTests : IAsyncDisposable
{
    private const long Opened = 1767603600;

    private readonly LaneWorld _world = new() { Options = new DeliveryOptions { ConfirmAfter = TimeSpan.Zero } };
    private CancellationTokenSource _stop = new();
    private readonly SlackChannel _slack;
    private Task _running = Task.CompletedTask;

    public ConversationTests() => _slack = new SlackChannel(_world.Time);

    private Destination Destination => _world.Destination with
    {
        Sender = new SlackBotSender(_slack, "C0123456789", new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET")),
        UpdateLimit = new LimitOptions("chat.update", new PaceOptions { PerSecond = 0 }),
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task RunAsync_LifeOfADefect_IsOneMessageWithItsHistoryInTheThread()
    {
        await LiveAsync("created", "updated", "resolved", "deleted");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("🗑️ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("Deleted", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            _slack.RepliesTo(root),
            updated => Assert.Contains("Updated: Coupons are ignored", updated.Text, StringComparison.Ordinal),
            resolved => Assert.Contains("Resolved: Coupons are ignored", resolved.Text, StringComparison.Ordinal));
        Assert.All(_slack.RepliesTo(root), reply => Assert.False(reply.IsBroadcast));
        // Posted as it stood when it went, then resolved, then deleted; nothing is to be seen of the update.
        Assert.Equal(2, root.Edits);
    }

    [Fact]
    public async Task RunAsync_Resolved_SaysByWhomAndHowLongItWasOpenInTheMessageItself()
    {
        await LiveAsync("created", "resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("✅ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("after 2 h", root.Text, StringComparison.Ordinal);
        Assert.Contains("by team member 7", root.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConversationMode.Post, 4, 0, 0)]
    [InlineData(ConversationMode.Thread, 1, 3, 0)]
    [InlineData(ConversationMode.Update, 1, 0, 2)]
    [InlineData(ConversationMode.ThreadAndUpdate, 1, 2, 2)]
    public async Task RunAsync_EachPolicy_ShowsWhatItSays(ConversationMode mode, int messages, int replies, int edits)
    {
        _world.Route = _world.Route with { Conversation = mode };

        await LiveAsync("created", "updated", "resolved", "deleted");

        Assert.Equal(messages, _slack.Roots.Count);
        Assert.Equal(replies, _slack.Messages.Count(message => message.Thread is not null));
        Assert.Equal(edits, _slack.CallsOf("chat.update"));
        Assert.Equal("delivered", Assert.Single((await _world.StoredAsync()).SelectMany(stored => stored.Deliveries).Select(delivery => delivery.State).Distinct()));
    }

    [Theory]
    [InlineData(BroadcastWhen.Never, "")]
    [InlineData(BroadcastWhen.OnResolve, "resolved")]
    [InlineData(BroadcastWhen.Always, "updated resolved")]
    public async Task RunAsync_Broadcast_ShowsThoseRepliesInTheChannelToo(BroadcastWhen when, string shown)
    {
        _world.Route = _world.Route with { Broadcast = when };

        await LiveAsync("created", "updated", "resolved");

        Assert.Equal(
            shown.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            _slack.Messages.Where(message => message.IsBroadcast).Select(message => message.Text.Contains("Resolved:", StringComparison.Ordinal) ? "resolved" : "updated"));
    }

    [Fact]
    public async Task RunAsync_ManyEventsThatWait_ChangeTheMessageOnce()
    {
        await LiveAsync("created");
        await StopAsync();
        foreach (var name in (string[])["updated", "resolved", "deleted"]) await AcceptAsync(name);

        Start();
        await AllDeliveredAsync();

        Assert.Equal(1, _slack.CallsOf("chat.update"));
        Assert.Equal(2, _slack.RepliesTo(_slack.Roots[0]).Count);
    }

    [Fact]
    public async Task RunAsync_EventsThatSayNothingNew_ChangeNothing()
    {
        await LiveAsync("created", "updated");

        Assert.Equal(0, _slack.CallsOf("chat.update"));
    }

    [Fact]
    public async Task RunAsync_ResolvedBeforeCreated_EndsWithOneMessageThatNamesTheDefect()
    {
        await LiveAsync("resolved", "created");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("✅ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Empty(_slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_NothingButTheEndOfADefect_PostsHowItStands()
    {
        await AcceptAsync("created", "elsewhere");
        await LiveAsync("resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("✅ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Empty(_slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_AnotherProcess_KnowsTheMessageStill()
    {
        await LiveAsync("created");
        await StopAsync();

        Start();
        await AcceptAsync("resolved");
        await AllDeliveredAsync();

        Assert.Equal(1, Assert.Single(_slack.Roots).Edits);
    }

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

    private string Everything => string.Join('\n', _slack.Messages.Select(message => message.Text));

    private Lane Start()
    {
        var lane = _world.RestartedLane(destination: Destination);
        _running = lane.RunAsync(_stop.Token, _stop.Token);
        return lane;
    }

    // A lane that begins anew with what is only in the outbox.
    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private async Task LiveAsync(params string[] names)
    {
        if (_running.IsCompleted) Start();
        foreach (var name in names)
        {
            await AcceptAsync(name);
            await AllDeliveredAsync();
        }
    }

    private async Task AcceptAsync(string name, string destination = "web-qa", int id = 73)
    {
        var second = Opened + name switch { "created" => 0, "updated" => 60 + _slack.Messages.Count, "resolved" => 7200, _ => 7300 };
        var payload = name == "created" ? $$"""{"id":{{id}},"title":"Coupons are ignored","severity":"major"}""" : $$"""{"id":{{id}}}""";
        var body = Encoding.UTF8.GetBytes($$"""{"event_name":"defect.{{name}}","timestamp":{{second}},"payload":{{payload}},"team_member_id":7,"project_code":"WEB"}""");
        var routes = new RouteTable([_world.Route with { To = [destination] }]);
        Assert.Equal("accepted", (await _world.Intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, routes, mayAsk: true, CancellationToken.None)).Outcome);
    }

    private Task AllDeliveredAsync() => Eventually.HoldsAsync(
        async () =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return (await _world.Outbox.ReadPendingAsync("web-qa", 1, CancellationToken.None)).Count == 0;
        },
        () => $"an empty queue; called so far: {string.Join(' ', _slack.Calls.Select(call => call.Method))}");

    private async Task<IReadOnlyList<string?>> StepsAsync() =>
        [.. (await _world.StoredAsync()).Reverse().SelectMany(stored => stored.Deliveries).SelectMany(delivery => delivery.History).Select(attempt => attempt.Step)];
}
