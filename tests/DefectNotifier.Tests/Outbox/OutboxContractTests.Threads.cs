using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static MessageThread Thread { get; } = new(new DefectKey("", "WEB", 73))
    {
        Place = "C0123456789",
        RootMessage = "C0123456789/1767603601.000100",
        PostedBy = 7,
        Shown = "f00d",
        TemplateSet = "finance",
        Locked = SendReason.CannotChange,
        IsUnthreaded = true,
        IsUnbroadcast = true,
        TitleKey = "beef",
        ReceivedAt = Some.Moment,
        Repeats = 2,
        CountedBy = 5,
        RepeatOf = 12,
    };

    [Fact]
    public async Task ReadContextAsync_NothingPosted_HasNoThread() =>
        Assert.Null((await Outbox.ReadContextAsync("web-qa", Known, Token)).Thread);

    [Fact]
    public async Task RecordAsync_WithAThread_KeepsItForThatDefectAndDestination()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);

        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { MessageThread = Thread });

        Assert.Equal(Thread, (await Outbox.ReadContextAsync("web-qa", Known, Token)).Thread);
        Assert.Equal(Thread, (await Outbox.ReadContextAsync("WEB-QA", Known, Token)).Thread);
        var context = await Outbox.ReadContextAsync("web-qa", Known, Token);
        Assert.Equal((Thread, "defect.created"), (context.Thread, context.Defect?.Opening.Entry.Event));
        Assert.Equal(new DefectContext(null, null), await Outbox.ReadContextAsync("web-qa", new DefectKey("", "WEB", 74), Token));
        Assert.Null((await Outbox.ReadContextAsync("mobile", Known, Token)).Thread);
        Assert.Null((await Outbox.ReadContextAsync("web-qa", new DefectKey("", "WEB", 74), Token)).Thread);
    }

    [Fact]
    public async Task RecordAsync_WithoutAThread_KeepsTheExistingThread()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { MessageThread = Thread });

        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()));

        Assert.Equal(Thread, (await Outbox.ReadContextAsync("web-qa", Known, Token)).Thread);
    }

    [Fact]
    public async Task RecordAsync_AnotherThread_ReplacesTheFirst()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        var pending = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, MessageThread = Thread });
        var gone = new MessageThread(Known) { Place = "C2" };

        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = gone });

        Assert.Equal(gone, (await Outbox.ReadContextAsync("web-qa", Known, Token)).Thread);
    }

    [Fact]
    public async Task ReadPendingAsync_MessageModeAndBroadcast_AreAsPlanned()
    {
        var decision = Some.Decision("web-qa");
        var planned = decision.Deliveries[0] with { MessageMode = MessageMode.Update, Broadcast = BroadcastWhen.OnResolve };
        var resolved = Some.DefectEvent with { Name = "defect.resolved" };
        await Outbox.AppendAsync(Some.NewDefectEvent(resolved) with { Decision = decision with { Deliveries = [planned] } }, Token);

        var pending = await FirstAsync();

        Assert.Equal(
            (MessageMode.Update, BroadcastWhen.OnResolve, "defect.resolved"),
            (pending.MessageMode, pending.Broadcast, pending.EventName));
        Assert.Equal(planned, (await History.ReadEventsAsync(new EventQuery(), Token))[0].Decision.Deliveries[0]);
    }

    [Fact]
    public async Task RecordAsync_StepIsDone_ClearsMayBeRepeatAndKeepsTheDeliveryPending()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        var pending = await FirstAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment, SendStep.RootMessage);
        await Outbox.RecordAsync(
            Some.Outcome(pending) with
            {
                Outcome = SendOutcome.Ambiguous,
                State = DeliveryState.Pending,
                MayHavePosted = true,
                Step = SendStep.RootMessage,
            });
        Assert.True(await FirstAsync() is { IsInDoubt: true, MayBeRepeat: true });
        await Outbox.StartAttemptAsync(pending, Some.Moment, SendStep.RootMessage);

        await Outbox.RecordAsync(
            Some.Outcome(pending) with { State = DeliveryState.Pending, IsStepDone = true, Step = SendStep.RootMessage });

        Assert.True(await FirstAsync() is { IsInDoubt: false, MayBeRepeat: false });
        await Outbox.StartAttemptAsync(pending, Some.Moment, SendStep.Reply);
        await Outbox.RecordAsync(
            Some.Outcome(pending) with
            {
                Outcome = SendOutcome.Ambiguous,
                State = DeliveryState.Pending,
                MayHavePosted = true,
                Step = SendStep.Reply,
            });
        Assert.True(await FirstAsync() is { IsInDoubt: true, MayBeRepeat: true });
        Assert.Equal(
            [SendStep.RootMessage, SendStep.RootMessage, SendStep.Reply],
            (await History.ReadEventsAsync(new EventQuery(), Token))[0].Deliveries[0].History.Select(attempt => attempt.Step));
    }

    [Fact]
    public async Task StartAttemptAsync_EarlierUpdateNeverEnded_IsNotARepeat()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        var pending = await FirstAsync();
        await Outbox.StartAttemptAsync(pending, Some.Moment, SendStep.Update);

        await Outbox.StartAttemptAsync(pending, Some.Moment.AddSeconds(1), SendStep.Update);

        Assert.True(await FirstAsync() is { IsInDoubt: false, MayBeRepeat: false, DoubtfulSince: null });
    }

    [Fact]
    public async Task RecordAsync_NothingWasSent_IsInTheHistory()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);

        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { Reason = SendReason.Unchanged, Step = SendStep.Update });

        var attempt = Assert.Single((await History.ReadEventsAsync(new EventQuery(), Token))[0].Deliveries[0].History);
        Assert.Equal((SendOutcome.Delivered, SendReason.Unchanged, SendStep.Update), (attempt.Outcome, attempt.Reason, attempt.Step));
    }

    [Theory]
    [InlineData(MessageMode.ThreadAndUpdate, true)]
    [InlineData(MessageMode.Update, true)]
    [InlineData(MessageMode.Thread, false)]
    public async Task ApplyEnrichmentAsync_DefectWithAMessage_AddsADeliveryThatUpdatesIt(MessageMode mode, bool isUpdated)
    {
        var decision = Some.Decision("web-qa");
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Resolved(Some.Moment)) with
            {
                CanEnrich = true,
                Decision = decision with { Deliveries = [decision.Deliveries[0] with { MessageMode = mode }] },
            },
            Token);
        var pending = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = Thread with { PostedBy = pending.Id } });

        var refreshed = await RefreshedAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer });

        Assert.Equal(isUpdated ? ["web-qa"] : [], refreshed);
        var updates = await Outbox.ReadPendingAsync("web-qa", 10, Token);
        Assert.Equal(isUpdated ? 1 : 0, updates.Count);
        Assert.All(
            updates,
            refresh => Assert.Equal(
                (DeliveryKind.Refresh, Known, MessageMode.Update), (refresh.Kind, refresh.Defect, refresh.MessageMode)));
        // An event of the service itself does not belong to the defect.
        Assert.DoesNotContain((await Outbox.ReadDefectAsync(Known, Token))!.History, entry => entry.Event == "defect.details");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(SendStep.RootMessage, true)]
    // An event's own message is never changed.
    [InlineData(SendStep.Message, false)]
    public async Task ApplyEnrichmentAsync_MessageMayBeOnItsWay_AddsADeliveryThatUpdatesIt(SendStep? begun, bool isUpdated)
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment), "web-qa") with { CanEnrich = true }, Token);
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Resolved(Some.Moment.AddSeconds(1)) with { SubjectId = 74 }, "web-qa", "mobile") with { CanEnrich = true },
            Token);
        if (begun is { } step) await Outbox.StartAttemptAsync(await FirstAsync(), Some.Moment, step);

        var refreshed = await RefreshedAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer });

        Assert.Equal(isUpdated ? ["web-qa"] : [], refreshed);
        // A delivery behind another is read when it is sent; one that is next may have been read already.
        var details = new EnrichmentResult(EnrichmentRequest.Of(new DefectKey("", "WEB", 74)), Some.Moment) { Details = Answer };
        Assert.Equal(["mobile"], await RefreshedAsync(details));
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_Twice_AddsTwoDeliveries()
    {
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Resolved(Some.Moment) with { TeamMemberId = 418 }, "web-qa") with { CanEnrich = true }, Token);
        var pending = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = Thread with { PostedBy = pending.Id } });

        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer });
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut" });

        Assert.Equal(2, (await Outbox.ReadPendingAsync("web-qa", 10, Token)).Count);
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_NameOfAMember_UpdatesTheirLatestDefects()
    {
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Resolved(Some.Moment) with { TeamMemberId = 418 }, "web-qa") with { CanEnrich = true }, Token);
        var pending = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = Thread with { PostedBy = pending.Id } });

        var name = new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut" };
        Assert.Equal(["web-qa"], await RefreshedAsync(name));
        Assert.Empty(
            await RefreshedAsync(new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut" }));
        Assert.Empty(
            await RefreshedAsync(new EnrichmentResult(EnrichmentRequest.Name("", 12), Some.Moment) { Name = "Ole" }));
    }

    [Fact]
    public async Task PruneDefectsAsync_Defect_IsDeletedWithItsThreads()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent, "web-qa"), Token);
        await Outbox.RecordAsync(Some.Outcome(await FirstAsync()) with { MessageThread = Thread });
        var longAfter =
            new PruneRequest { Now = Some.Moment.AddDays(1000), KeepDelivered = TimeSpan.FromDays(1), KeepDead = TimeSpan.FromDays(1) };

        await Retention.PruneDefectsAsync(longAfter);

        Assert.Null((await Outbox.ReadContextAsync("web-qa", Known, Token)).Thread);
    }

    private async Task<PendingDelivery> FirstAsync() => (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
}
