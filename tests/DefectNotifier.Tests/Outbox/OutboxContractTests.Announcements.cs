using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static readonly RouteOptions ForCreated = new() { Events = ["defect.created"], To = ["web-qa"] };
    private static readonly RouteOptions ForMajor = new() { MinSeverity = "major", To = ["web-qa"] };
    private static readonly RouteOptions ForRest = new() { To = ["lobby"] };

    [Fact]
    public async Task AppendAsync_SeverityOfTheEventIsUnknown_RoutesByTheStoredOne()
    {
        await AcceptAsync(Some.DefectEvent, ForMajor, ForRest);
        var later = await AcceptAsync(Resolved(Some.Moment), ForMajor, ForRest);

        Assert.Equal("web-qa routed", await PlannedAsync(later));
        var decision = (await StoredAsync(later)).Decision;
        Assert.Equal(("major", true), (decision.Severity, decision.IsSeverityRemembered));
        Assert.Equal(["web-qa"], decision.Announced);
    }

    [Fact]
    public async Task AppendAsync_NothingIsStoredOfTheDefect_RoutesWithoutASeverity() =>
        Assert.Equal("lobby routed", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment), ForMajor, ForRest)));

    [Fact]
    public async Task AppendAsync_RouteLeavesTheEventOut_RefreshesTheMessage()
    {
        await AcceptAsync(Some.DefectEvent, ForCreated, ForRest);

        Assert.Equal(
            "lobby routed, web-qa refresh", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment), ForCreated, ForRest)));
    }

    [Fact]
    public async Task AppendAsync_TwoEventsAtOnce_TheSecondFollowsTheFirst()
    {
        var events = Enumerable.Range(0, 40).Select(number => Some.DefectEvent with { SubjectId = 100 + number }).ToList();

        var pairs = await Task.WhenAll(events.Select(async created =>
        {
            var first = AcceptAsync(created, ForMajor);
            var second = AcceptAsync(Resolved(Some.Moment) with { SubjectId = created.SubjectId }, ForMajor);
            await first;
            return await second;
        }));

        foreach (var resolved in pairs) Assert.Equal("web-qa routed", await PlannedAsync(resolved));
    }

    [Theory]
    [InlineData(DeliveryState.Pending, true)]
    [InlineData(DeliveryState.Delivered, true)]
    [InlineData(DeliveryState.Held, true)]
    [InlineData(DeliveryState.Dead, false)]
    [InlineData(DeliveryState.Discarded, false)]
    public async Task AppendAsync_StateOfTheAnnouncement_DecidesWhetherItIsFollowed(DeliveryState state, bool isFollowed)
    {
        await AcceptAsync(Some.DefectEvent, ForCreated);
        await EndAsync(state);

        Assert.Equal(isFollowed ? "web-qa refresh" : "", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment), ForCreated)));
    }

    [Fact]
    public async Task RetryAsync_DeadAnnouncement_IsFollowedAgain()
    {
        await AcceptAsync(Some.DefectEvent, ForCreated);
        var dead = await EndAsync(DeliveryState.Dead);

        await History.RetryAsync(dead, asRendered: false, Some.Moment);

        Assert.Equal("web-qa refresh", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment), ForCreated)));
    }

    [Fact]
    public async Task AppendAsync_AnnouncementWasPurged_IsStillFollowed()
    {
        await AcceptAsync(Some.DefectEvent, ForCreated);
        await EndAsync(DeliveryState.Delivered);
        await Retention.PruneAsync(AfterAMonth);

        Assert.Empty(await History.ReadEventsAsync(new EventQuery(), Token));
        Assert.Equal("web-qa refresh", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment), ForCreated)));
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_SeverityRisesIntoARoute_AnnouncesTheDefectThere()
    {
        await AcceptAsync(Some.DefectEvent with { Severity = Severity.Minor }, ForMajor, ForRest);
        await AcceptAsync(Resolved(Some.Moment) with { Name = "defect.updated" }, ForMajor, ForRest);

        await ApplyAsync(Severity.Critical, ForMajor, ForRest);

        var details = (await History.ReadEventsAsync(new EventQuery { Limit = 1 }, Token))[0];
        Assert.Equal((OwnEvents.Details, "lobby refresh, web-qa announcement"), (details.Name, Text(details.Decision)));
        Assert.Equal(
            "web-qa routed, lobby follow", await PlannedAsync(await AcceptAsync(Resolved(Some.Moment.AddHours(1)), ForMajor, ForRest)));
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_SeverityOfAResolvedDefect_IsAnnouncedOnlyByRoutesForItsLastEvent()
    {
        RouteOptions[] routes = [ForMajor with { Events = ["defect.created"] }, ForMajor with { To = ["mobile"] }, ForRest];
        await AcceptAsync(Resolved(Some.Moment), routes);

        await ApplyAsync(Severity.Blocker, routes);

        var details = (await History.ReadEventsAsync(new EventQuery { Limit = 1 }, Token))[0];
        Assert.Equal("lobby refresh, mobile announcement", Text(details.Decision));
    }

    /// <summary>Random severities, routes and events: a destination with a message of the defect is in every later plan.</summary>
    [Fact]
    public async Task AppendAsync_RandomRoutesAndEvents_NoAnnouncedDestinationIsForgotten()
    {
        var severities = OneOf<Severity?>(null, Severity.Blocker, Severity.Major, Severity.Trivial);
        var route = Gen.Select(
            OneOf<string?>(null, "blocker", "major"),
            OneOf<string[]>([], ["defect.created"], ["defect.resolved", "defect.updated"]),
            OneOf("web-qa", "mobile", "lobby"),
            Gen.Bool,
            (severity, events, to, more) => new RouteOptions { MinSeverity = severity, Events = events, To = [to], Continue = more });
        var change = Gen.Select(
            OneOf("defect.created", "defect.updated", "defect.resolved"), severities, route.Array[1, 4]);
        var defect = 1000;
        await change.Array[2, 8].SampleAsync(
            async changes =>
            {
                var (id, announced, second) = (Interlocked.Increment(ref defect), new HashSet<string>(StringComparer.Ordinal), 0);
                foreach (var (name, severity, routes) in changes)
                {
                    var one = Some.DefectEvent with
                    {
                        Name = name,
                        Severity = severity,
                        SubjectId = id,
                        OccurredAt = Some.Moment.AddSeconds(second++),
                    };
                    var decision = (await StoredAsync(await AcceptAsync(one, routes))).Decision;
                    Assert.Subset(decision.Deliveries.Select(planned => planned.Destination).ToHashSet(StringComparer.Ordinal), announced);
                    announced.UnionWith(
                        decision.Deliveries.Where(planned => planned.Kind != DeliveryKind.Refresh)
                            .Select(planned => planned.Destination));
                }
            },
            iter: PropertyCases.Of(200),
            threads: 1);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static RouteTable Table(params RouteOptions[] routes) => new(routes)
    {
        Destinations = new Dictionary<string, RoutedDestination> { ["web-qa"] = new(true), ["mobile"] = new(true), ["lobby"] = new(true) },
    };

    private static string Text(RoutingDecision decision) => string.Join(
        ", ", decision.Deliveries.Select(planned => $"{planned.Destination} {planned.Kind.ToString().ToLowerInvariant()}"));

    private async Task<string> PlannedAsync(string eventId) => Text((await StoredAsync(eventId)).Decision);

    private async Task<string> AcceptAsync(DefectEvent defectEvent, params RouteOptions[] routes) =>
        (await Outbox.AppendAsync(Some.NewDefectEvent(defectEvent) with { Routes = Table(routes) }, Token)).EventId!;

    private Task<EnrichmentChange> ApplyAsync(Severity severity, params RouteOptions[] routes) => Memory.ApplyEnrichmentAsync(
        new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment)
        {
            Details = Answer with { Severity = severity, UpdatedAt = Some.Moment.AddMinutes(1) },
            Routes = Table(routes),
        });

    private async Task<long> EndAsync(DeliveryState state)
    {
        var pending = (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await EndAsync(pending, state);
        return pending.Id;
    }
}
