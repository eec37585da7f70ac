using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static Conversation Talk { get; } = new(new DefectKey("", "WEB", 73))
    {
        Place = "C0123456789",
        Root = "C0123456789/1767603601.000100",
        PostedBy = 7,
        Shown = "f00d",
        TemplateSet = "finance",
        Locked = "cannot-change",
        IsUnthreaded = true,
        IsUnbroadcast = true,
    };

    [Fact]
    public async Task ReadConversationAsync_NothingPosted_IsNull() => Assert.Null(await Outbox.ReadConversationAsync("web-qa", Known, Token));

    [Fact]
    public async Task RecordAsync_WithAConversation_KeepsItForThatDefectAndDestination()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);

        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { Conversation = Talk });

        Assert.Equal(Talk, await Outbox.ReadConversationAsync("web-qa", Known, Token));
        Assert.Equal(Talk, await Outbox.ReadConversationAsync("WEB-QA", Known, Token));
        Assert.Null(await Outbox.ReadConversationAsync("mobile", Known, Token));
        Assert.Null(await Outbox.ReadConversationAsync("web-qa", new DefectKey("", "WEB", 74), Token));
    }

    [Fact]
    public async Task RecordAsync_WithoutAConversation_LeavesTheOneThatIsThere()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { Conversation = Talk });

        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()));

        Assert.Equal(Talk, await Outbox.ReadConversationAsync("web-qa", Known, Token));
    }

    [Fact]
    public async Task RecordAsync_AnotherConversation_TakesThePlaceOfTheFirst()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        var owed = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(owed) with { State = DeliveryState.Pending, Conversation = Talk });
        var gone = new Conversation(Known) { Place = "C2" };

        await Outbox.RecordAsync(Some.Outcome(owed) with { Conversation = gone });

        Assert.Equal(gone, await Outbox.ReadConversationAsync("web-qa", Known, Token));
    }

    [Fact]
    public async Task ReadPendingAsync_HowTheDefectIsShown_IsAsItWasPlanned()
    {
        var decision = Some.Decision("web-qa");
        var planned = decision.Deliveries[0] with { Conversation = ConversationMode.Update, Broadcast = BroadcastWhen.OnResolve };
        var resolved = Some.DefectEvent with { Name = "defect.resolved" };
        await Outbox.AppendAsync(Some.NewDefectEvent(resolved) with { Decision = decision with { Deliveries = [planned] } }, Token);

        var owed = await FirstAsync();

        Assert.Equal((ConversationMode.Update, BroadcastWhen.OnResolve, "defect.resolved"), (owed.Conversation, owed.Broadcast, owed.EventName));
        Assert.Equal(planned, (await History.ReadEventsAsync(new EventQuery(), Token))[0].Decision.Deliveries[0]);
    }

    [Fact]
    public async Task RecordAsync_StepIsDone_SettlesTheDoubtAndKeepsTheDeliveryPending()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        var owed = await FirstAsync();
        await Outbox.StartAttemptAsync(owed.Id, Some.Moment, SendStep.Root);
        await Outbox.RecordAsync(Some.Outcome(owed) with { Fate = "ambiguous", State = DeliveryState.Pending, MayHavePosted = true, Step = SendStep.Root });
        Assert.True(await FirstAsync() is { IsInDoubt: true, MayBeRepeat: true });
        await Outbox.StartAttemptAsync(owed.Id, Some.Moment, SendStep.Root);

        await Outbox.RecordAsync(Some.Outcome(owed) with { State = DeliveryState.Pending, IsStepDone = true, Step = SendStep.Root });

        Assert.True(await FirstAsync() is { IsInDoubt: false, MayBeRepeat: false });
        await Outbox.StartAttemptAsync(owed.Id, Some.Moment, SendStep.Reply);
        await Outbox.RecordAsync(Some.Outcome(owed) with { Fate = "ambiguous", State = DeliveryState.Pending, MayHavePosted = true, Step = SendStep.Reply });
        Assert.True(await FirstAsync() is { IsInDoubt: true, MayBeRepeat: true });
        Assert.Equal(["root", "root", "reply"], (await History.ReadEventsAsync(new EventQuery(), Token))[0].Deliveries[0].History.Select(attempt => attempt.Step));
    }

    [Fact]
    public async Task StartAttemptAsync_EarlierUpdateNeverEnded_RaisesNoDoubt()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        var owed = await FirstAsync();
        await Outbox.StartAttemptAsync(owed.Id, Some.Moment, SendStep.Update);

        await Outbox.StartAttemptAsync(owed.Id, Some.Moment.AddSeconds(1), SendStep.Update);

        Assert.True(await FirstAsync() is { IsInDoubt: false, MayBeRepeat: false, DoubtfulSince: null });
    }

    [Fact]
    public async Task RecordAsync_NothingWasSent_SaysSoInTheHistory()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);

        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { Reason = "unchanged", Step = SendStep.Update });

        var attempt = Assert.Single((await History.ReadEventsAsync(new EventQuery(), Token))[0].Deliveries[0].History);
        Assert.Equal(("delivered", "unchanged", "update"), (attempt.Fate, attempt.Reason, attempt.Step));
    }

    [Theory]
    [InlineData(ConversationMode.ThreadAndUpdate, true)]
    [InlineData(ConversationMode.Update, true)]
    [InlineData(ConversationMode.Thread, false)]
    public async Task LearnAsync_DefectWithAMessage_OwesThatItIsBroughtUpToDate(ConversationMode mode, bool isOwed)
    {
        var decision = Some.Decision("web-qa");
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Resolved(Some.Moment)) with { MayAsk = true, Decision = decision with { Deliveries = [decision.Deliveries[0] with { Conversation = mode }] } }, Token);
        var owed = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(owed) with { Conversation = Talk with { PostedBy = owed.Id } });

        var change = await Memory.LearnAsync(new WishEnd(Wish.Of(Known), Some.Moment) { Details = Told });

        Assert.Equal(isOwed ? ["web-qa"] : [], change.Owing);
        var pending = await Outbox.ReadPendingAsync("web-qa", 10, Token);
        Assert.Equal(isOwed ? 1 : 0, pending.Count);
        Assert.All(pending, refresh => Assert.True(DetailsNotice.Is(refresh) && refresh.Defect == Known && refresh.Conversation == ConversationMode.Update));
        // Our own event is none of the defect's.
        Assert.DoesNotContain((await Outbox.ReadDefectAsync(Known, Token))!.History, entry => entry.Event == "defect.details");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(SendStep.Root, true)]
    // An event's own message: nothing will change it.
    [InlineData(SendStep.Message, false)]
    public async Task LearnAsync_MessageMayBeOnItsWay_OwesThatItIsBroughtUpToDate(SendStep? begun, bool isOwed)
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment), "web-qa") with { MayAsk = true }, Token);
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment.AddSeconds(1)) with { SubjectId = 74 }, "web-qa", "mobile") with { MayAsk = true }, Token);
        if (begun is { } step) await Outbox.StartAttemptAsync((await FirstAsync()).Id, Some.Moment, step);

        var change = await Memory.LearnAsync(new WishEnd(Wish.Of(Known), Some.Moment) { Details = Told });

        Assert.Equal(isOwed ? ["web-qa"] : [], change.Owing);
        // What waits behind another is read when its turn comes; where it is next, it may have been read.
        Assert.Equal(["mobile"], (await Memory.LearnAsync(new WishEnd(Wish.Of(new DefectKey("", "WEB", 74)), Some.Moment) { Details = Told })).Owing);
    }

    [Fact]
    public async Task LearnAsync_TwiceAtOnce_OwesBoth()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment) with { TeamMemberId = 418 }, "web-qa") with { MayAsk = true }, Token);
        var owed = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(owed) with { Conversation = Talk with { PostedBy = owed.Id } });

        await Memory.LearnAsync(new WishEnd(Wish.Of(Known), Some.Moment) { Details = Told });
        await Memory.LearnAsync(new WishEnd(Wish.Name("", 418), Some.Moment) { Name = "Rut" });

        Assert.Equal(2, (await Outbox.ReadPendingAsync("web-qa", 10, Token)).Count);
    }

    [Fact]
    public async Task LearnAsync_NameOfAPerson_OwesItForTheirLatestDefects()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment) with { TeamMemberId = 418 }, "web-qa") with { MayAsk = true }, Token);
        var owed = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(owed) with { Conversation = Talk with { PostedBy = owed.Id } });

        Assert.Equal(["web-qa"], (await Memory.LearnAsync(new WishEnd(Wish.Name("", 418), Some.Moment) { Name = "Rut" })).Owing);
        Assert.Empty((await Memory.LearnAsync(new WishEnd(Wish.Name("", 418), Some.Moment) { Name = "Rut" })).Owing);
        Assert.Empty((await Memory.LearnAsync(new WishEnd(Wish.Name("", 12), Some.Moment) { Name = "Ole" })).Owing);
    }

    [Fact]
    public async Task PruneDefectsAsync_ForgottenDefect_TakesItsConversationsAlong()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { Conversation = Talk });
        var longAfter = new PruneRequest { Now = Some.Moment.AddDays(1000), KeepDelivered = TimeSpan.FromDays(1), KeepDead = TimeSpan.FromDays(1) };

        await Retention.PruneDefectsAsync(longAfter);

        Assert.Null(await Outbox.ReadConversationAsync("web-qa", Known, Token));
    }

    private async Task<PendingDelivery> FirstAsync() => (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
}
