using CsCheck;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task ReleaseDeferredAsync_SilenceHasEnded_BecomesADigestWithItsReason()
    {
        var silence = await SilenceAsync(Some.Silence);
        foreach (var id in (int[])[73, 74]) await AcceptAsync(Some.DefectEvent with { SubjectId = id }, ForAll);
        Assert.False(await ReleaseAsync(Some.Moment.AddHours(1)));

        await Silences.ExpireSilenceAsync(silence.Id, Some.Moment);
        Assert.True(await ReleaseAsync(Some.Moment));

        var digest = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        var contents = (await Outbox.ReadDigestAsync(digest.Id, Token))!.Contents;
        Assert.Equal((2, new SilenceNote("anna", "known outage")), (contents.Count, contents.Silence));
        var page = await History.ReadDeliveriesAsync(new DeliveryQuery { States = [DeliveryState.Digested] }, Token);
        Assert.Equal([digest.Id, digest.Id], page.Deliveries.Select(delivery => delivery.DigestId));
        var member = Assert.Single((await StoredAsync(page.Deliveries[0].EventId)).Deliveries);
        Assert.Equal(new StoredDigest(digest.Id, DeliveryState.Pending, null, null, null), member.Digest);
    }

    [Fact]
    public async Task ReleaseDeferredAsync_EarlierEventIsInAnUnsentDigest_IsAddedToThatDigest()
    {
        var digesting = new RouteTable([ForAll])
        {
            Destinations = new Dictionary<string, RoutedDestination> { ["web-qa"] = new(true, new DigestOptions()) },
        };
        foreach (var id in (int[])[73, 74])
            await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent with { SubjectId = id }) with { Routes = digesting }, Token);
        var pending = (await Outbox.ReadPendingAsync("web-qa", 10, Token)).Select(delivery => delivery.Id).ToList();
        var scope = new DigestScope("web-qa", Place: null, TimeSpan.FromMinutes(1), Some.Moment);
        var join = new DigestJoin(scope, pending) { FirstDueAt = Some.Moment.AddMinutes(1) };
        var storm = (await Outbox.JoinDigestAsync(await Outbox.ClaimOfAsync("web-qa"), join)).Latest!;
        var silence = await SilenceAsync(Some.Silence);
        List<string> later = [];
        foreach (var id in (int[])[73, 75]) later.Add(await AcceptAsync(Some.DefectEvent with { SubjectId = id }, ForAll));

        await Silences.ExpireSilenceAsync(silence.Id, Some.Moment);
        Assert.True(await ReleaseAsync(Some.Moment));

        Assert.Equal(storm.Id, Assert.Single((await StoredAsync(later[0])).Deliveries).Digest?.Id);
        Assert.NotEqual(storm.Id, Assert.Single((await StoredAsync(later[1])).Deliveries).Digest?.Id);
    }

    [Fact]
    public async Task ReleaseDeferredAsync_RouteHasNoDigests_BecomesADigestAllTheSame()
    {
        var silence = await SilenceAsync(Some.Silence);
        foreach (var id in (int[])[73, 74, 75]) await AcceptAsync(Some.DefectEvent with { SubjectId = id }, ForAll with { Digest = false });

        await Silences.ExpireSilenceAsync(silence.Id, Some.Moment);

        Assert.True(await ReleaseAsync(Some.Moment));

        Assert.Equal(DeliveryKind.Digest, Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token)).Kind);
        Assert.False(await ReleaseAsync(Some.Moment));
        Assert.Empty(await Outbox.ReadDeferredAsync(Token));
    }

    [Fact]
    public async Task ReadOverdueAsync_DeliveriesOfADigestHaveAFallback_ReportsTheDigest()
    {
        var silence = await SilenceAsync(Some.Silence);
        var route = ForAll with { Fallback = "ops", FallbackAfter = TimeSpan.FromMinutes(10) };
        foreach (var id in (int[])[73, 74]) await AcceptAsync(Some.DefectEvent with { SubjectId = id }, route);
        await Silences.ExpireSilenceAsync(silence.Id, Some.Moment);
        Assert.True(await ReleaseAsync(Some.Moment));

        var digest = Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        var overdue = Assert.Single(await Outbox.ReadOverdueAsync(silence.EndsAt.AddMinutes(10), Token));

        Assert.Equal(("ops", "ops", 1), (digest.Fallback, overdue.Fallback, overdue.Count));
        Assert.Equal(digest.Id, Assert.Single(overdue.Oldest).Id);
        Assert.Empty(await Outbox.ReadOverdueAsync(silence.EndsAt.AddMinutes(9), Token));
    }

    [Fact]
    public async Task PruneAsync_DigestIsPending_KeepsTheEventsInIt()
    {
        var silence = await SilenceAsync(Some.Silence);
        List<string> accepted = [];
        foreach (var id in (int[])[73, 74]) accepted.Add(await AcceptAsync(Some.DefectEvent with { SubjectId = id }, ForAll));
        await Silences.ExpireSilenceAsync(silence.Id, Some.Moment);
        Assert.True(await ReleaseAsync(Some.Moment));

        await Retention.PruneAsync(AfterAMonth);

        foreach (var id in accepted)
            Assert.Equal(DeliveryState.Pending, Assert.Single((await StoredAsync(id)).Deliveries).Digest!.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReleaseDeferredAsync_AnotherSilenceMatches_StaysDeferredUnlessThatOneDiscards(bool isDiscarding)
    {
        await SilenceAsync(Some.Silence with { EndsAt = Some.Moment.AddHours(1) });
        var accepted = await AcceptAsync(Some.DefectEvent, ForAll);
        var other = await SilenceAsync(ForCoupons with { IsDiscarding = isDiscarding });

        Assert.True(await ReleaseAsync(Some.Moment.AddHours(1)));

        var stored = Assert.Single((await StoredAsync(accepted)).Deliveries);
        Assert.Equal(isDiscarding ? DeliveryState.Pending : DeliveryState.Deferred, stored.State);
        if (isDiscarding) return;
        Assert.Equal(other.Id, stored.Silence!.Id);
        Assert.Equal(other.EndsAt, await NextDueAsync());
        Assert.False(await ReleaseAsync(other.EndsAt.AddSeconds(-1)));
        Assert.True(await ReleaseAsync(other.EndsAt));
        Assert.Null(await NextDueAsync());
    }

    /// <summary>Random silences and ends: a delivery that stays deferred is due later, and in the end none is deferred.</summary>
    [Fact]
    public async Task ReleaseDeferredAsync_RandomSilences_LeavesOnlyWhatIsDueLater()
    {
        string[][] titles = [[], ["Check*"], ["time*"], ["*"]];
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[1, 90], Gen.Bool);
        var (defect, at) = (9000L, Some.Moment);
        await step.Array[4, 20].SampleAsync(
            async steps =>
            {
                foreach (var (what, which, minutes, flag) in steps)
                {
                    at = at.AddMinutes(which);
                    var silence = Some.Silence with
                    {
                        Titles = titles[which],
                        StartsAt = at.AddMinutes(flag ? 0 : 5),
                        EndsAt = at.AddMinutes(5 + minutes),
                        IsDiscarding = minutes % 7 == 0,
                    };
                    if (what == 0) await Silences.AddSilenceAsync(silence, at);
                    else if (what == 1 && await Silences.ReadSilencesAsync(at, Token) is [.., var last])
                        await Silences.ExpireSilenceAsync(last.Id, at);
                    else await AppendAsync(flag ? "Checkout fails" : "timeout", minutes % 3 == 0 ? at.AddMinutes(minutes) : null);
                    await LeavesOnlyLaterOnesAsync();
                }

                at = at.AddHours(3);
                await LeavesOnlyLaterOnesAsync();
                Assert.Empty(await Outbox.ReadDeferredAsync(Token));
            },
            iter: PropertyCases.Of(40),
            threads: 1);

        Task AppendAsync(string title, DateTimeOffset? quietUntil)
        {
            var read = Some.DefectEvent with { SubjectId = Interlocked.Increment(ref defect) % 5, Title = title };
            var planned = InQuietHours(at) with { MayDigest = true, Deferral = quietUntil is { } end ? new Deferral(end) : null };
            return Outbox.AppendAsync(
                Some.NewDefectEvent(read) with { ReceivedAt = at, Decision = new RoutingDecision([0], [planned]) }, Token);
        }

        async Task LeavesOnlyLaterOnesAsync()
        {
            for (var calls = 0; await ReleaseAsync(at); calls++) Assert.True(calls < 100, "It releases without an end.");
            Assert.All(await Outbox.ReadDeferredAsync(Token), deferred => Assert.True(deferred.NextDueAt > at));
        }
    }

    [Fact]
    public async Task ExpireSilenceAsync_EndedOrUnknown_ChangesNothing()
    {
        var silence = await SilenceAsync(Some.Silence);
        _news.Take();

        Assert.Null(await Silences.ExpireSilenceAsync(silence.Id + 1, Some.Moment));
        Assert.Equal(silence.EndsAt, (await Silences.ExpireSilenceAsync(silence.Id, Some.Moment.AddHours(1)))!.EndsAt);
        Assert.Equal(["deferrals"], _news.Take());
        Assert.Equal(Some.Moment.AddHours(1), (await Silences.ExpireSilenceAsync(silence.Id, Later.AddHours(1)))!.EndsAt);
        Assert.Empty(_news.Take());

        Assert.Empty(await Silences.ReadSilencesAsync(Some.Moment.AddHours(1), Token));
        Assert.Equal(Some.Moment.AddHours(1), Assert.Single(await Silences.ReadSilencesAsync(endsAfter: null, Token)).EndsAt);
    }

    [Fact]
    public async Task AddSilenceAsync_TooMany_IsRefusedUntilOneEnds()
    {
        for (var count = 0; count < ISilences.MaxCurrent; count++) await SilenceAsync(Some.Silence);

        Assert.Null(await Silences.AddSilenceAsync(Some.Silence, Some.Moment));
        await Silences.ExpireSilenceAsync(7, Some.Moment);
        Assert.Equal(ISilences.MaxCurrent + 1, (await Silences.AddSilenceAsync(Some.Silence, Some.Moment))!.Id);
    }

    [Fact]
    public async Task PruneDefectsAsync_SilenceEndedLongAgo_IsDeletedWhenNoEventCanReferToIt()
    {
        await SilenceAsync(Some.Silence with { EndsAt = Some.Moment.AddSeconds(1) });
        await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var inAYear = AfterAMonth with { Now = Some.Moment.AddDays(365) };

        await Retention.PruneDefectsAsync(inAYear);
        Assert.Single(await Silences.ReadSilencesAsync(endsAfter: null, Token));
        await ReleaseAsync(Later);
        await EndAsync(DeliveryState.Delivered);
        await Retention.PruneAsync(inAYear);
        await Retention.PruneDefectsAsync(AfterAMonth with { Now = Some.Moment.AddDays(29) });
        Assert.Single(await Silences.ReadSilencesAsync(endsAfter: null, Token));
        await Retention.PruneDefectsAsync(inAYear);

        Assert.Empty(await Silences.ReadSilencesAsync(endsAfter: null, Token));
        Assert.Equal(2, (await SilenceAsync(Some.Silence)).Id);
    }

    [Fact]
    public async Task RetryAsync_DiscardedWhileDeferred_IsSentAtOnce()
    {
        var newEvent = Some.NewEvent() with { Decision = new RoutingDecision([0], [InQuietHours(Some.Moment.AddYears(1000))]) };
        await Outbox.AppendAsync(newEvent, Token);
        var id = Assert.Single((await StoredAsync(newEvent.Id)).Deliveries).Id;
        Assert.Equal(DeliveryChangeStatus.WrongState, (await History.RetryAsync(id, asRendered: false, Later)).Status);

        Assert.Equal(DeliveryChangeStatus.Done, (await History.DiscardAsync(id, alsoPending: false, Later)).Status);
        Assert.Empty(await Outbox.ReadDeferredAsync(Token));
        Assert.Equal(DeliveryChangeStatus.Done, (await History.RetryAsync(id, asRendered: false, Later)).Status);

        Assert.Equal(id, Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token)).Id);
    }

    [Fact]
    public async Task ReadOverdueAsync_Deferred_CountsFromTheEndOfTheSilence()
    {
        var silence = await SilenceAsync(Some.Silence);
        await Outbox.AppendAsync(WithFallback("web-qa", "mobile", minutes: 10), Token);
        Assert.Empty(await Outbox.ReadOverdueAsync(silence.EndsAt, Token));

        await ReleaseAsync(silence.EndsAt);

        Assert.Empty(await Outbox.ReadOverdueAsync(silence.EndsAt.AddMinutes(9), Token));
        Assert.Single(await Outbox.ReadOverdueAsync(silence.EndsAt.AddMinutes(10), Token));
    }

    [Fact]
    public async Task ReadDeliveriesAsync_EveryState_FindsAllOfThem()
    {
        var silence = await SilenceAsync(Some.Silence);
        foreach (var id in (int[])[73, 74]) await AcceptAsync(Some.DefectEvent with { SubjectId = id }, ForAll);
        await Silences.ExpireSilenceAsync(silence.Id, Some.Moment);
        await ReleaseAsync(Some.Moment);
        await SilenceAsync(Some.Silence with { ProjectCodes = ["DEFERRED"] });
        await SilenceAsync(Some.Silence with { ProjectCodes = ["DISCARDED"], IsDiscarding = true });
        foreach (var state in (DeliveryState[])[DeliveryState.Dead, DeliveryState.Held, DeliveryState.Delivered])
            await EndedAsync(state, Some.NewEvent("mobile"));
        foreach (var project in (string[])["DEFERRED", "DISCARDED"])
            await Outbox.AppendAsync(Some.NewEvent("mobile") with { ProjectCode = project }, Token);
        DeliveryState[] kept =
            [DeliveryState.Dead, DeliveryState.Held, DeliveryState.Discarded, DeliveryState.Digested, DeliveryState.Deferred];

        foreach (var states in (DeliveryState[][])[kept, [.. kept, DeliveryState.Pending], .. kept.Select(state => new[] { state })])
        {
            var page = await History.ReadDeliveriesAsync(new DeliveryQuery { States = states }, Token);
            Assert.Equal(states.Order(), page.Deliveries.Select(delivery => delivery.State).Distinct().Order());
            var ids = page.Deliveries.Select(delivery => delivery.Id).ToList();
            Assert.Equal(ids.OrderDescending(), ids);
        }
    }
}
