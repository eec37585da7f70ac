using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Threads;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>New defects with the title of an earlier one, in a route with <c>Repeats</c>.</summary>
public sealed class SameTitleTests : MessageThreadScene
{
    public SameTitleTests() => World.Route = World.Route with { RepeatWithin = TimeSpan.FromHours(24) };

    [Fact]
    public async Task RunAsync_SameTitle_JoinsTheEarlierMessageAndIsCountedInItsHeading()
    {
        await LiveAsync("created");
        foreach (var id in (int[])[74, 75]) await CreateAsync(id);

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("🟡 Coupons are ignored ×3", root.Text, StringComparison.Ordinal);
        Assert.Contains("D-73", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            Slack.RepliesTo(root),
            second => Assert.Contains("D-74", second.Text, StringComparison.Ordinal),
            third => Assert.Contains("D-75", third.Text, StringComparison.Ordinal));
        var last = Assert.Single((await World.StoredAsync()).First(stored => stored.SubjectId == 75).Deliveries);
        Assert.Equal((DeliveryState.Delivered, SendReason.SameTitle, "WEB D-73"), (last.State, last.Reason, last.Detail));
    }

    [Theory]
    [InlineData(" Coupons are ignored ", 0, true)]
    [InlineData("Coupons are ignored", 23, true)]
    [InlineData("Coupons are ignored", 25, false)]
    [InlineData("Coupons Are Ignored", 0, false)]
    public async Task RunAsync_OtherTitleOrLater_DecidesWhetherItJoins(string title, int hours, bool joins)
    {
        await LiveAsync("created");
        await StopAsync();
        World.Time.Advance(TimeSpan.FromHours(hours));
        Start();

        await CreateAsync(74, title);

        Assert.Equal(joins ? 1 : 2, Slack.Roots.Count);
    }

    [Fact]
    public async Task RunAsync_AfterTheTime_LaterDefectsJoinTheNewMessage()
    {
        await LiveAsync("created");
        await StopAsync();
        World.Time.Advance(TimeSpan.FromHours(25));
        Start();

        await CreateAsync(74);
        await CreateAsync(75);

        Assert.Equal(2, Slack.Roots.Count);
        Assert.Contains("D-75", Assert.Single(Slack.RepliesTo(Slack.Roots[1])).Text, StringComparison.Ordinal);
        Assert.Contains("×2", Slack.Roots[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("×", Slack.Roots[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Off_EachDefectHasItsOwnMessage()
    {
        World.Route = World.Route with { RepeatWithin = null };
        await LiveAsync("created");

        await CreateAsync(74);

        Assert.Equal(2, Slack.Roots.Count);
        Assert.Null((await ThreadAsync(73))!.TitleKey);
    }

    [Theory]
    [InlineData(MessageMode.ThreadAndUpdate, true)]
    [InlineData(MessageMode.Update, true)]
    [InlineData(MessageMode.Thread, false)]
    public async Task RunAsync_LaterEventsOfARepeat_AreRepliesAndLeaveTheMessageAsItIs(MessageMode mode, bool isCounted)
    {
        World.Route = World.Route with { MessageMode = mode };
        await LiveAsync("created");
        await CreateAsync(74);

        await AcceptAsync("resolved", id: 74);
        await AllDeliveredAsync();

        var root = Assert.Single(Slack.Roots);
        Assert.DoesNotContain("✅", root.Text, StringComparison.Ordinal);
        Assert.Equal(isCounted, root.Text.Contains("×2", StringComparison.Ordinal));
        Assert.Equal(isCounted ? 1 : 0, root.Edits);
        Assert.Equal(2, Slack.RepliesTo(root).Count);
        // In the thread of another defect, a message says which one it is about.
        Assert.Contains("Resolved: Coupons are ignored", Slack.RepliesTo(root)[1].Text, StringComparison.Ordinal);
        Assert.Contains("D-74", Slack.RepliesTo(root)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LaterEventsOfTheEarlierDefect_KeepTheCount()
    {
        await LiveAsync("created");
        await CreateAsync(74);

        await LiveAsync("resolved");

        Assert.Contains("✅ Coupons are ignored ×2", Assert.Single(Slack.Roots).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ManyRepeats_UpdateTheHeadingOnce()
    {
        await LiveAsync("created");
        await StopAsync();
        for (var id = 74; id < 94; id++) await AcceptAsync("created", id: id);

        Start();
        await AllDeliveredAsync();

        Assert.Equal(1, Slack.CallsOf("chat.update"));
        Assert.Contains("×21", Assert.Single(Slack.Roots).Text, StringComparison.Ordinal);
        Assert.Equal(20, Slack.RepliesTo(Slack.Roots[0]).Count);
    }

    [Fact]
    public async Task RunAsync_EarlierMessageIsDeleted_HasAMessageOfItsOwnThatLaterOnesJoin()
    {
        await LiveAsync("created");
        Slack.Delete(Slack.Roots[0]);

        await CreateAsync(74);
        await CreateAsync(75);

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("D-74", root.Text, StringComparison.Ordinal);
        Assert.Contains("D-75", Assert.Single(Slack.RepliesTo(root)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_JoinedMessageWasReplacedMeanwhile_LaterEventIsAMessageOfItsOwn()
    {
        await LiveAsync("created");
        await CreateAsync(74);
        Slack.Delete(Slack.Roots[0]);
        await LiveAsync("resolved");

        await AcceptAsync("resolved", id: 74);
        await AllDeliveredAsync();

        Assert.Equal(2, Slack.Roots.Count);
        Assert.Contains("D-74", Slack.Roots[1].Text, StringComparison.Ordinal);
        Assert.Contains("✅", Slack.Roots[1].Text, StringComparison.Ordinal);
        Assert.Null((await ThreadAsync(74))!.RepeatOf);
    }

    [Fact]
    public async Task RunAsync_NoReplies_EachDefectHasItsOwnMessage()
    {
        await LiveAsync("created");
        Slack.HasThreads = false;

        await CreateAsync(74);

        Assert.Equal(2, Slack.Roots.Count);
    }

    [Fact]
    public async Task RunAsync_ResponseToTheReplyIsLost_IsFoundInTheThread()
    {
        await LiveAsync("created");
        Slack.LoseResponse("chat.postMessage");

        await CreateAsync(74);

        Assert.Single(Slack.RepliesTo(Assert.Single(Slack.Roots)));
        Assert.Equal(1, Slack.CallsOf("conversations.replies"));
    }

    [Fact]
    public async Task RunAsync_MayHaveBeenPostedBeforeRepeatsAreOn_IsLookedUpInTheChannel()
    {
        await LiveAsync("created");
        await StopAsync();
        await AcceptAsync("created", id: 74);
        var pending = Assert.Single(await World.Outbox.ReadPendingAsync("web-qa", 1, CancellationToken.None));
        await World.Outbox.StartAttemptAsync(pending, World.Time.GetUtcNow(), SendStep.RootMessage);
        await World.Outbox.ReleaseClaimAsync("web-qa");

        Start();
        await AllDeliveredAsync();

        Assert.Equal(2, Slack.Roots.Count);
        Assert.Equal(0, Slack.CallsOf("conversations.replies"));
    }

    [Fact]
    public async Task RunAsync_Broadcast_IsThatOfTheRoute()
    {
        World.Route = World.Route with { Broadcast = BroadcastWhen.Always };
        await LiveAsync("created");

        await CreateAsync(74);

        Assert.True(Assert.Single(Slack.RepliesTo(Slack.Roots.First(root => root.Thread is null))).IsBroadcast);
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void Plan_JoinedMessageIsGone_NotifiesUnlessTheDefectWasReported(long deliveryId, bool isQuiet)
    {
        var delivery = Delivery(deliveryId, DeliveryKind.Routed);
        var reply = MessageThreadPolicy.Plan(delivery, Defect, Joined, current: null);
        var gone = new SendResult(SendOutcome.NotSupported, SendReason.CannotThread);

        var after = MessageThreadPolicy.After(delivery, reply, gone, shown: null, Joined.Place);

        var next = MessageThreadPolicy.Plan(delivery, Defect, after.MessageThread, current: null);
        Assert.Equal((SendStep.Reply, SendStep.RootMessage, true, isQuiet), (reply.Kind, next.Kind, after.GoesOn, next.IsQuiet));
    }

    [Theory]
    [InlineData(DeliveryKind.Routed, SendStep.Reply)]
    [InlineData(DeliveryKind.Follow, SendStep.Reply)]
    [InlineData(DeliveryKind.Announcement, SendStep.Reply)]
    [InlineData(DeliveryKind.Refresh, null)]
    public void Plan_EachKindOfDelivery_NeverChangesTheMessageOfTheOtherDefect(DeliveryKind kind, SendStep? expected) =>
        Assert.Equal(expected, MessageThreadPolicy.Plan(Delivery(8, kind), Defect, Joined, current: "other").Kind);

    private static MessageThread Joined { get; } =
        new(new DefectKey("", "WEB", 74)) { Place = "C1", RootMessage = "1.1", PostedBy = 7, RepeatOf = 73 };

    private static Defect Defect { get; } = Defect.After(before: null, Some.DefectEvent, "1", Some.Moment, default);

    private static PendingDelivery Delivery(long id, DeliveryKind kind) => new()
    {
        Id = id,
        EventId = "1",
        EventName = "defect.created",
        Destination = "web-qa",
        Defect = Joined.Defect,
        Kind = kind,
        MayBeRepeat = false,
        ReceivedAt = Some.Moment,
        Source = "",
        Body = default,
    };

    private async Task CreateAsync(int id, string title = "Coupons are ignored")
    {
        await AcceptAsync("created", id: id, title: title);
        await AllDeliveredAsync();
    }

    private async Task<MessageThread?> ThreadAsync(int id) =>
        (await World.Outbox.ReadContextAsync("web-qa", new DefectKey("", "WEB", id), CancellationToken.None)).Thread;
}
