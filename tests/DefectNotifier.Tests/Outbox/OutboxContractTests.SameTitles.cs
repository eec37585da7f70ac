using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static string TitleKey => MessageThread.TitleKeyOf(Known, Some.DefectEvent.Title)!;

    [Fact]
    public async Task JoinMessageAsync_SameTitle_JoinsCountsAndPlansOneUpdateOfTheEarlierMessage()
    {
        var earlier = await PostedAsync(73);
        var second = await CreatedAsync(74, TimeSpan.FromHours(1));

        var joined = await JoinAsync(second);
        var third = await JoinAsync(await CreatedAsync(75, TimeSpan.FromHours(2)));

        Assert.Equal(
            new MessageThread(new DefectKey("", "WEB", 74)) { Place = "C1", RootMessage = "1.1", PostedBy = second.Id, RepeatOf = 73 },
            joined);
        Assert.Equal(joined, await ThreadAsync(74));
        Assert.Equal(73, third?.RepeatOf);
        // Behind the new ones, so that it is sent once for all of them.
        var pending = await Outbox.ReadPendingAsync("web-qa", 10, Token);
        Assert.Equal([DeliveryKind.Routed, DeliveryKind.Routed, DeliveryKind.Refresh], pending.Select(one => one.Kind));
        Assert.Equal((Known, MessageMode.Update), (pending[2].Defect, pending[2].MessageMode));
        Assert.Equal(Some.Moment.AddHours(3), pending[2].ReceivedAt);
        Assert.Equal(earlier with { Repeats = 2, CountedBy = pending[2].Id }, await ThreadAsync(73));
    }

    [Fact]
    public async Task JoinMessageAsync_CountWasUpdated_PlansAnotherUpdate()
    {
        await PostedAsync(73);
        await JoinAsync(await CreatedAsync(74, TimeSpan.Zero));
        foreach (var sent in await Outbox.ReadPendingAsync("web-qa", 10, Token)) await Outbox.RecordAsync(Some.Outcome(sent));

        await JoinAsync(await CreatedAsync(75, TimeSpan.Zero));

        var pending = await Outbox.ReadPendingAsync("web-qa", 10, Token);
        Assert.Equal([DeliveryKind.Routed, DeliveryKind.Refresh], pending.Select(one => one.Kind));
    }

    [Fact]
    public async Task JoinMessageAsync_Again_ChangesNothing()
    {
        await PostedAsync(73);
        var second = await CreatedAsync(74, TimeSpan.Zero);
        var joined = await JoinAsync(second);

        Assert.Equal(joined, await JoinAsync(second));

        Assert.Equal(1, (await ThreadAsync(73))!.Repeats);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    // The clock was set back.
    [InlineData(-24, true)]
    [InlineData(-25, false)]
    public async Task JoinMessageAsync_Time_IsThatBetweenTheEvents(int hours, bool joins)
    {
        await PostedAsync(73);

        var joined = await JoinAsync(await CreatedAsync(74, TimeSpan.FromHours(hours)));

        Assert.Equal(joins, joined is not null);
        Assert.Equal(joins ? 1 : 0, (await ThreadAsync(73))!.Repeats);
    }

    [Fact]
    public async Task JoinMessageAsync_NoMessageThatCanBeJoined_ReturnsNothing()
    {
        var second = await CreatedAsync(74, TimeSpan.Zero);
        Assert.Null(await JoinAsync(second));
        foreach (var change in (Func<MessageThread, MessageThread>[])
            [
                one => one with { TitleKey = MessageThread.TitleKeyOf(Known, "Another title") },
                one => one with { TitleKey = null, ReceivedAt = null },
                one => one with { Place = "C2" },
                one => one with { RootMessage = null },
                one => one with { Locked = SendReason.CannotChange },
                one => one with { IsUnthreaded = true },
            ])
        {
            await PostedAsync(73, change);
            Assert.Null(await JoinAsync(second));
        }

        await PostedAsync(73);
        Assert.Null(await JoinAsync(second, titleKey: null));
        Assert.Null(await JoinAsync(second with { RepeatWithin = null }));
        Assert.Null(await ThreadAsync(74));
        Assert.NotNull(await JoinAsync(second));
    }

    [Fact]
    public async Task JoinMessageAsync_SeveralMessages_JoinsTheLatestOfTheDestination()
    {
        await PostedAsync(73, one => one with { ReceivedAt = Some.Moment.AddHours(1), RootMessage = "1.2" });
        await PostedAsync(72);
        await PostedAsync(71, one => one with { ReceivedAt = Some.Moment.AddHours(2) }, "mobile");

        Assert.Equal(73, (await JoinAsync(await CreatedAsync(74, TimeSpan.Zero)))?.RepeatOf);
    }

    [Theory]
    [InlineData("1.1", 73L)]
    [InlineData("2.2", null)]
    [InlineData(null, null)]
    public async Task JoinMessageAsync_JoinedMessageIsGone_LeavesIt(string? rootNow, long? repeatOf)
    {
        await PostedAsync(73);
        var second = await CreatedAsync(74, TimeSpan.Zero);
        var joined = await JoinAsync(second);
        await PostedAsync(73, one => one with { RootMessage = rootNow });

        var after = await JoinAsync(second with { Id = second.Id + 100 });

        Assert.Equal(
            repeatOf is null ? joined! with { RootMessage = null, RepeatOf = null } : joined,
            after);
        Assert.Equal(after, await ThreadAsync(74));
    }

    [Fact]
    public async Task JoinMessageAsync_NothingWasPostedAboutIt_ForgetsWhoJoined()
    {
        await PostedAsync(73);
        var second = await CreatedAsync(74, TimeSpan.Zero);
        await JoinAsync(second);
        await PostedAsync(73, one => one with { RootMessage = null });

        Assert.Equal(0, (await JoinAsync(second))!.PostedBy);
    }

    [Theory]
    [InlineData(MessageMode.Thread)]
    [InlineData(MessageMode.Post)]
    public async Task JoinMessageAsync_EarlierMessageIsNotUpdated_PlansNoUpdate(MessageMode mode)
    {
        await PostedAsync(73, mode: mode);

        Assert.NotNull(await JoinAsync(await CreatedAsync(74, TimeSpan.Zero)));

        Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));
    }

    [Fact]
    public async Task JoinMessageAsync_WithAClaimThatWasGivenUp_Throws()
    {
        var claim = await Outbox.ClaimOfAsync("web-qa");
        var second = await CreatedAsync(74, TimeSpan.Zero);
        await Outbox.ReleaseClaimAsync("web-qa");

        await Assert.ThrowsAsync<ClaimLostException>(() => Outbox.JoinMessageAsync(claim, second, "C1", TitleKey, Some.Moment));
    }

    [Fact]
    public void TitleKeyOf_EqualTitles_AreOfOneProject()
    {
        Assert.Equal(TitleKey, MessageThread.TitleKeyOf(new DefectKey("", "web", 1), $" {Some.DefectEvent.Title}\n"));
        Assert.NotEqual(TitleKey, MessageThread.TitleKeyOf(new DefectKey("", "SHOP", 73), Some.DefectEvent.Title));
        Assert.NotEqual(TitleKey, MessageThread.TitleKeyOf(new DefectKey("other", "WEB", 73), Some.DefectEvent.Title));
        Assert.Null(MessageThread.TitleKeyOf(Known, title: null));
    }

    private async Task<MessageThread> PostedAsync(
        int id, Func<MessageThread, MessageThread>? change = null, string destination = "web-qa",
        MessageMode mode = MessageMode.ThreadAndUpdate)
    {
        var decision = Some.Decision(destination);
        var defectEvent = Some.DefectEvent with { SubjectId = id };
        await Outbox.AppendAsync(
            Some.NewDefectEvent(defectEvent) with
            {
                Decision = decision with { Deliveries = [decision.Deliveries[0] with { MessageMode = mode }] },
            },
            Token);
        var pending = (await Outbox.ReadPendingAsync(destination, 10, Token)).Last(one => one.Kind == DeliveryKind.Routed);
        var posted = new MessageThread(new DefectKey("", "WEB", id))
        {
            Place = "C1",
            RootMessage = "1.1",
            PostedBy = pending.Id,
            TitleKey = TitleKey,
            ReceivedAt = Some.Moment,
        };
        posted = change?.Invoke(posted) ?? posted;
        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = posted });
        return posted;
    }

    private async Task<PendingDelivery> CreatedAsync(int id, TimeSpan later)
    {
        var decision = Some.Decision("web-qa");
        var planned = decision.Deliveries[0] with { RepeatWithin = TimeSpan.FromHours(24) };
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Some.DefectEvent with { SubjectId = id }) with
            {
                ReceivedAt = Some.Moment + later,
                Decision = decision with { Deliveries = [planned] },
            },
            Token);
        var pending = (await Outbox.ReadPendingAsync("web-qa", 10, Token)).Last(one => one.Kind == DeliveryKind.Routed);
        Assert.Equal(TimeSpan.FromHours(24), pending.RepeatWithin);
        return pending;
    }

    private Task<MessageThread?> JoinAsync(PendingDelivery delivery) => JoinAsync(delivery, TitleKey);

    private async Task<MessageThread?> JoinAsync(PendingDelivery delivery, string? titleKey) =>
        await Outbox.JoinMessageAsync(await Outbox.ClaimOfAsync("web-qa"), delivery, "C1", titleKey, Some.Moment.AddHours(3));

    private async Task<MessageThread?> ThreadAsync(int id) =>
        (await Outbox.ReadContextAsync("web-qa", new DefectKey("", "WEB", id), Token)).Thread;
}
