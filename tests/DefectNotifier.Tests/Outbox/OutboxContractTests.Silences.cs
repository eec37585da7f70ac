using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static readonly RouteOptions ForAll = new() { To = ["web-qa"] };

    private static readonly Silence ForCoupons = Some.Silence with { Titles = ["checkout*"], Severities = ["major"] };

    private ISilences Silences => (ISilences)Outbox;

    [Fact]
    public async Task AppendAsync_SilenceMatches_IsDeferredUntilItEnds()
    {
        var silence = await SilenceAsync(ForCoupons);
        Assert.Equal(["deferrals"], _news.Take());

        var stored = Assert.Single((await StoredAsync(await AcceptAsync(Some.DefectEvent, ForAll))).Deliveries);

        Assert.Equal((DeliveryState.Deferred, SendReason.Silenced), (stored.State, stored.Reason));
        Assert.Equal((silence.Id, "anna", "known outage"), (stored.Silence!.Id, stored.Silence.By, stored.Silence.Why));
        Assert.Empty(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        Assert.Empty(await Outbox.ReadBacklogAsync(Token));
        Assert.Equal([new DeferredCount("web-qa", 1, silence.EndsAt)], await Outbox.ReadDeferredAsync(Token));
        Assert.Equal(silence.EndsAt, await NextDueAsync());
        // The lane must learn when it is due.
        Assert.Equal(["web-qa 0"], _news.Take());
        var after = Assert.Single(await Silences.ReadSilencesAsync(Some.Moment, Token));
        Assert.Equal((1, Some.Moment), (after.MatchCount, after.MatchedAt));
    }

    [Fact]
    public async Task AppendAsync_EventWithoutTitleAndSeverity_IsMatchedByThoseOfItsDefect()
    {
        await AcceptAsync(Some.DefectEvent, ForAll);
        await SilenceAsync(ForCoupons);

        Assert.Equal(DeliveryState.Deferred, await StateOfAsync(await AcceptAsync(Resolved(Some.Moment), ForAll)));
        var other = Resolved(Some.Moment) with { SubjectId = 74 };
        Assert.Equal(DeliveryState.Pending, await StateOfAsync(await AcceptAsync(other, ForAll)));
    }

    [Theory]
    [InlineData("timeout of the run", DeliveryState.Deferred)]
    [InlineData("Checkout", DeliveryState.Pending)]
    [InlineData(null, DeliveryState.Pending)]
    public async Task AppendAsync_EventOfAnotherKind_IsMatchedByItsOwnTitle(string? title, DeliveryState expected)
    {
        await SilenceAsync(Some.Silence with { Titles = ["timeout*"] });
        var run = Some.NewEvent("web-qa") with { Name = "run.completed", Title = title };

        await Outbox.AppendAsync(run, Token);

        Assert.Equal(expected, await StateOfAsync(run.Id));
    }

    [Theory]
    [InlineData("notifier.parked")]
    [InlineData("notifier.of-a-later-version")]
    public async Task AppendAsync_NoticeOfTheService_IsNeverSilenced(string name)
    {
        await SilenceAsync(Some.Silence);
        var notice = Some.NewEvent("web-qa") with { Name = name };

        await Outbox.AppendAsync(notice, Token);

        Assert.Equal(DeliveryState.Pending, await StateOfAsync(notice.Id));
    }

    [Fact]
    public async Task ProbeAsync_EverythingIsSilenced_DeliversItsTrialEventAllTheSame()
    {
        await SilenceAsync(Some.Silence with { StartsAt = DateTimeOffset.MinValue, EndsAt = DateTimeOffset.MaxValue });
        _news.Take();

        await Outbox.ProbeAsync(Token);

        Assert.Empty(_news.Take());
        Assert.Equal(0, Assert.Single(await Silences.ReadSilencesAsync(endsAfter: null, Token)).MatchCount);
    }

    [Theory]
    [InlineData(-1, DeliveryState.Pending)]
    [InlineData(0, DeliveryState.Deferred)]
    [InlineData(7199, DeliveryState.Deferred)]
    [InlineData(7200, DeliveryState.Pending)]
    public async Task AppendAsync_BeforeOrAfterTheSilence_IsNotDeferred(int seconds, DeliveryState expected)
    {
        await SilenceAsync(Some.Silence);
        var newEvent = Some.NewEvent("web-qa") with { ReceivedAt = Some.Moment.AddSeconds(seconds) };

        await Outbox.AppendAsync(newEvent, Token);

        Assert.Equal(expected, await StateOfAsync(newEvent.Id));
    }

    [Fact]
    public async Task AppendAsync_SilenceDiscards_IsDiscardedAndNotAnnounced()
    {
        await SilenceAsync(Some.Silence with { EndsAt = Some.Moment.AddHours(9) });
        var discarding = await SilenceAsync(Some.Silence with { IsDiscarding = true });
        _news.Take();

        var stored = Assert.Single((await StoredAsync(await AcceptAsync(Some.DefectEvent, ForAll))).Deliveries);

        Assert.Equal((DeliveryState.Discarded, SendReason.Silenced), (stored.State, stored.Reason));
        Assert.Equal((Some.Moment, discarding.Id), (stored.EndedAt, stored.Silence!.Id));
        Assert.Empty(_news.Take());
        Assert.Null(await NextDueAsync());
        Assert.Null((await StoredAsync(await AcceptAsync(Resolved(Some.Moment), ForAll))).Decision.Announced);
    }

    [Fact]
    public async Task AppendAsync_SilencesAndQuietHoursOverlap_EndsWithTheLast()
    {
        var last = await SilenceAsync(Some.Silence with { EndsAt = Some.Moment.AddHours(4) });
        await SilenceAsync(Some.Silence);
        var newEvent = Some.NewEvent() with { Decision = new RoutingDecision([0], [InQuietHours(Some.Moment.AddHours(8))]) };

        await Outbox.AppendAsync(newEvent, Token);

        var stored = Assert.Single((await StoredAsync(newEvent.Id)).Deliveries);
        Assert.Equal((last.Id, Some.Moment.AddHours(8)), (stored.Silence!.Id, stored.DueAt));
        Assert.Equal(Some.Moment.AddHours(8), await NextDueAsync());
        await Silences.ExpireSilenceAsync(last.Id, Some.Moment.AddHours(1));
        Assert.Equal(Some.Moment.AddHours(8), await NextDueAsync());
        Assert.False(await ReleaseAsync(Some.Moment.AddHours(7)));
        Assert.True(await ReleaseAsync(Some.Moment.AddHours(8)));
        Assert.Equal(DeliveryState.Pending, await StateOfAsync(newEvent.Id));
    }

    [Fact]
    public async Task AppendAsync_Duplicate_IsNotCounted()
    {
        await SilenceAsync(Some.Silence);
        var newEvent = Some.NewEvent("web-qa");

        foreach (var id in (string[])["first", "second"]) await Outbox.AppendAsync(newEvent with { Id = id }, Token);

        Assert.Equal(1, Assert.Single(await Silences.ReadSilencesAsync(endsAfter: null, Token)).MatchCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppendAsync_DefectHasAMessage_UpdatesItAtOnce(bool isDiscarding)
    {
        await AcceptAsync(Some.DefectEvent, ForAll);
        var pending = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = Thread with { PostedBy = pending.Id } });
        await SilenceAsync(Some.Silence with { IsDiscarding = isDiscarding });

        var stored = await StoredAsync(await AcceptAsync(Resolved(Some.Moment), ForAll));

        Assert.Equal("web-qa routed, web-qa refresh", Text(stored.Decision));
        Assert.Equal(
            [isDiscarding ? DeliveryState.Discarded : DeliveryState.Deferred, DeliveryState.Pending],
            stored.Deliveries.Select(delivery => delivery.State));
    }

    [Theory]
    [InlineData(MessageMode.ThreadAndUpdate, true)]
    [InlineData(MessageMode.Thread, false)]
    public async Task AppendAsync_FirstMessageIsNotSentYet_UpdatesItWhereItsModeSaysSo(MessageMode mode, bool isUpdated)
    {
        await AcceptAsync(Some.DefectEvent, ForAll);
        await SilenceAsync(Some.Silence);

        var resolved = await AcceptAsync(Resolved(Some.Moment), ForAll with { MessageMode = mode });

        Assert.Equal(isUpdated ? "web-qa routed, web-qa refresh" : "web-qa routed", await PlannedAsync(resolved));
    }

    [Theory]
    [InlineData("blocker", "web-qa routed")]
    [InlineData("major", "web-qa routed, web-qa refresh")]
    public async Task AppendAsync_QuietHours_UpdateTheMessageAtOnce(string severity, string expected)
    {
        await AcceptAsync(Some.DefectEvent, ForAll);
        var always = new QuietHoursOptions { From = TimeOnly.MinValue, To = TimeOnly.MinValue };

        var later = Resolved(Some.Moment) with { Severity = Severity.Parse(severity) };
        var accepted = await AcceptAsync(later, ForAll with { QuietHours = [always] });

        Assert.Equal(expected, await PlannedAsync(accepted));
    }

    [Fact]
    public async Task AppendAsync_DefectIsOnlyDeferred_HasNothingToUpdate()
    {
        await SilenceAsync(Some.Silence);
        await AcceptAsync(Some.DefectEvent, ForAll);

        Assert.Equal("web-qa routed", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment), ForAll)));
    }

    [Theory]
    [InlineData("defect.created", "Answer*", DeliveryState.Deferred)]
    [InlineData("defect.resolved", "Answer*", DeliveryState.Pending)]
    [InlineData("defect.created", "Checkout*", DeliveryState.Pending)]
    public async Task ApplyEnrichmentAsync_SilenceMatchesTheAnnouncement_IsDeferred(string name, string title, DeliveryState expected)
    {
        await AcceptAsync(Resolved(Some.Moment), ForMajor);
        await SilenceAsync(Some.Silence with { Events = [name], Titles = [title] });

        await ApplyAsync(Severity.Blocker, ForMajor);

        var latest = Assert.Single(await History.ReadEventsAsync(new EventQuery { Limit = 1 }, Token));
        Assert.Equal("web-qa announcement", Text(latest.Decision));
        Assert.Equal(expected, Assert.Single(latest.Deliveries).State);
    }

    private static PlannedDelivery InQuietHours(DateTimeOffset until) => new("web-qa", 0, TemplateSet: null)
    {
        Deferral = new Deferral(until),
    };

    private async Task<Silence> SilenceAsync(Silence silence) => (await Silences.AddSilenceAsync(silence, Some.Moment))!;

    private async Task<DeliveryState> StateOfAsync(string eventId) =>
        (await StoredAsync(eventId)).Deliveries.First(delivery => delivery.Destination == "web-qa").State;

    private async Task<DateTimeOffset?> NextDueAsync() => await Outbox.ReadNextDueAsync(await Outbox.ClaimOfAsync("web-qa"), Token);

    private async Task<bool> ReleaseAsync(DateTimeOffset at) => await Outbox.ReleaseDeferredAsync(
        await Outbox.ClaimOfAsync("web-qa"), new DigestScope("web-qa", Place: null, TimeSpan.FromMinutes(1), at));
}
