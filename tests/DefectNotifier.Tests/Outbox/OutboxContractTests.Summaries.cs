using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task ReadSummariesAsync_StoredEvent_HasAllFields()
    {
        var newEvent = WithBody(Some.NewDefectEvent(Some.DefectEvent, "web-qa", "mobile"), Some.DefectEvent);
        await Outbox.AppendAsync(newEvent, Token);
        var sent = (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await Outbox.RecordAsync(Some.Outcome(sent) with { State = DeliveryState.Dead, Reason = SendReason.InvalidMessage });

        var page = await History.ReadSummariesAsync(new EventSummaryQuery(), Token);

        var found = Assert.Single(page.Events);
        Assert.Null(page.Next);
        Assert.Equal(
            (newEvent.Id, "", "defect.created", "WEB", 73L, "Checkout ignores the coupon", "major", "team member 418", Some.Moment, false),
            (found.Id, found.Source, found.Name, found.ProjectCode, found.SubjectId!.Value, found.Title, found.Severity, found.Actor,
                found.ReceivedAt, found.IsUnrouted));
        Assert.Equal(
            [
                new DeliverySummary(
                    sent.Id, "web-qa", DeliveryState.Dead, SendReason.InvalidMessage, Some.Moment.AddSeconds(1), DueAt: null),
                new DeliverySummary(
                    sent.Id + 1, "mobile", DeliveryState.Pending, Reason: null, EndedAt: null, DueAt: null),
            ],
            found.Deliveries);
        Assert.Equal(found.Title, Assert.Single((await History.ReadDeliveriesAsync(new DeliveryQuery(), Token)).Deliveries).Title);
        Assert.Equal(
            (found.Title, found.Severity, found.Actor), await StoredAsync(newEvent.Id) is var stored
                ? (stored.Title, stored.Severity, stored.Actor) : default);
    }

    [Fact]
    public async Task ReadSummariesAsync_EachCondition_Narrows()
    {
        var wanted = WithBody(
            Some.NewDefectEvent(Some.DefectEvent with { Source = "mobile-app", Title = "Payment Timeout: café" }, "web-qa") with
            {
                ReceivedAt = Some.Moment.AddSeconds(5),
            },
            Some.DefectEvent with { Title = "Payment Timeout: café" });
        var other = Some.NewEvent("web-qa", "mobile") with { Source = "", ProjectCode = null, Name = "run.completed", SubjectId = 7 };
        await Outbox.AppendAsync(other, Token);
        await Outbox.AppendAsync(wanted, Token);
        foreach (var pending in await Outbox.ReadPendingAsync("web-qa", 2, Token))
        {
            await Outbox.RecordAsync(Some.Outcome(pending) with
            {
                State = pending.EventId == wanted.Id ? DeliveryState.Held : DeliveryState.Dead,
                Reason = pending.EventId == wanted.Id ? SendReason.Timeout : SendReason.Expired,
            });
        }

        foreach (var query in (EventSummaryQuery[])
            [
                new() { IdPrefix = wanted.Id },
                new() { ProjectCode = new Glob("w*") },
                new() { Name = new Glob("defect.*") },
                new() { Severity = "Major" },
                new() { Source = "mobile-app" },
                new() { SubjectId = 73 },
                new() { Words = ["timeout", "PAY"] },
                new() { Words = ["CAFÉ"] },
                new() { State = DeliveryState.Held },
                new() { Reason = SendReason.Timeout },
                new() { Destination = "Web-QA", Reason = SendReason.Timeout },
                new() { Since = Some.Moment.AddSeconds(5) },
                new() { After = 1 },
            ])
        {
            Assert.Equal(wanted.Id, Assert.Single(await SummariesAsync(query)).Id);
            Assert.Empty(await SummariesAsync(query with { Words = ["coupon"] }));
        }

        foreach (var query in (EventSummaryQuery[])
            [
                new() { IdPrefix = other.Id },
                new() { Name = new Glob("run.completed") },
                new() { Source = "" },
                new() { SubjectId = 7 },
                new() { Destination = "MOBILE" },
                new() { State = DeliveryState.Pending },
                new() { State = DeliveryState.Dead },
                new() { Destination = "web-qa", State = DeliveryState.Dead },
                new() { Until = Some.Moment },
                new() { Before = 2 },
            ])
        {
            Assert.Equal(other.Id, Assert.Single(await SummariesAsync(query)).Id);
        }

        // The conditions are on one delivery: this destination is pending, and the other one is dead.
        Assert.Empty(await SummariesAsync(new EventSummaryQuery { Destination = "mobile", State = DeliveryState.Dead }));
        Assert.Equal([wanted.Id, other.Id], (await SummariesAsync(new EventSummaryQuery { IdPrefix = "event-" })).Select(one => one.Id));
        Assert.Empty(await SummariesAsync(new EventSummaryQuery { IdPrefix = "no-such-event" }));
    }

    [Fact]
    public async Task ReadSummariesAsync_Unrouted_ExcludesRoutedEvents()
    {
        NewEvent[] events = [Some.NewEvent(), Some.NewEvent("web-qa"), Some.NewEvent() with { ProjectCode = "LEGACY" }];
        foreach (var newEvent in events) await Outbox.AppendAsync(newEvent, Token);

        var unrouted = await SummariesAsync(new EventSummaryQuery { UnroutedOnly = true });

        Assert.Equal([events[2].Id, events[0].Id], unrouted.Select(one => one.Id));
        Assert.All(unrouted, one => Assert.True(one.IsUnrouted && one.Deliveries.Count == 0));
        Assert.Equal(
            events[2].Id,
            Assert.Single(await SummariesAsync(new EventSummaryQuery { UnroutedOnly = true, ProjectCode = new Glob("legacy") })).Id);
    }

    [Theory]
    [InlineData(DeliveryState.Pending)]
    [InlineData(DeliveryState.Delivered)]
    [InlineData(DeliveryState.Dead)]
    [InlineData(null)]
    public async Task ReadSummariesAsync_PageByPage_ReturnsEachEventOnceInOrder(DeliveryState? state)
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) ids.Insert(0, (await EndedAsync(state ?? DeliveryState.Held)).EventId);
        var query = new EventSummaryQuery { State = state, Limit = 3 };

        var (sizes, found) = (new List<int>(), new List<string>());
        EventSummaryPage page;
        do
        {
            page = await History.ReadSummariesAsync(query, Token);
            sizes.Add(page.Events.Count);
            found.AddRange(page.Events.Select(one => one.Id));
            query = query with { Before = page.Next };
        }
        while (page.Next is not null);

        Assert.Equal([3, 3, 1], sizes);
        Assert.Equal(ids, found);
    }

    [Fact]
    public async Task ReadSummariesAsync_EventWithoutATitle_ShowsTheStoredDefects()
    {
        await AppendAsync(Some.DefectEvent);
        await AppendAsync(Some.DefectEvent with { Name = "defect.updated", Title = null, Severity = null, TeamMemberId = 0 });
        await AppendAsync(Some.DefectEvent with { Name = "defect.resolved", Title = null, Severity = null, TeamMemberId = null });
        // Another defect, of which only this is known.
        await AppendAsync(Some.DefectEvent with { Name = "defect.resolved", SubjectId = 74, Title = null, Severity = null });

        Assert.Equal(
            [
                (null, null, "team member 418"), ("Checkout ignores the coupon", "major", null),
                ("Checkout ignores the coupon", "major", "automation"), ("Checkout ignores the coupon", "major", "team member 418"),
            ],
            (await SummariesAsync(new EventSummaryQuery())).Select(one => (one.Title, one.Severity, one.Actor)));
        Assert.Equal(3, (await SummariesAsync(new EventSummaryQuery { Words = ["coupon"], Severity = "major" })).Count);
    }

    [Fact]
    public async Task ReadSummariesAsync_DefectWasRenamed_EachEventShowsItsOwnTitle()
    {
        await AppendAsync(Some.DefectEvent);
        await AppendAsync(Some.DefectEvent with
        {
            Name = "defect.updated",
            Title = "Renamed",
            Severity = Severity.Minor,
            OccurredAt = Some.Moment,
        });
        await AppendAsync(Some.DefectEvent with { Name = "defect.resolved", Title = null, Severity = null, OccurredAt = Some.Moment });

        Assert.Equal(
            [("Renamed", "minor"), ("Renamed", "minor"), ("Checkout ignores the coupon", "major")],
            (await SummariesAsync(new EventSummaryQuery())).Select(one => (one.Title, one.Severity)));
    }

    [Fact]
    public async Task ReadSummariesAsync_KnownMember_IsNamed()
    {
        await AppendAsync(Some.DefectEvent);
        await Memory.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Anna Berg" });

        Assert.Equal("Anna Berg", Assert.Single(await SummariesAsync(new EventSummaryQuery())).Actor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("""{"event_name":"defect.created","payload":{"title":7}}""")]
    public async Task ReadSummariesAsync_BodyThatIsNoWebhook_IsListedWithTheTitleOfItsDefect(string body)
    {
        await AppendAsync(Some.DefectEvent);
        await Outbox.AppendAsync(
            Some.NewEvent() with { Source = "", SubjectId = 73, Body = Encoding.UTF8.GetBytes(body) }, Token);

        var found = (await SummariesAsync(new EventSummaryQuery()))[0];

        Assert.Equal(("Checkout ignores the coupon", "major", null), (found.Title, found.Severity, found.Actor));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(int.MaxValue, 200)]
    public async Task ReadSummariesAsync_LimitOutOfRange_UsesTheNearestLimit(int limit, int expected)
    {
        await Task.WhenAll(Enumerable.Range(0, 201).Select(_ => Outbox.AppendAsync(Some.NewEvent(), Token)));

        Assert.Equal(expected, (await SummariesAsync(new EventSummaryQuery { Limit = limit })).Count);
    }

    private static NewEvent WithBody(NewEvent newEvent, DefectEvent defectEvent)
    {
        var payload = new JsonObject
        {
            ["id"] = defectEvent.SubjectId,
            ["title"] = defectEvent.Title,
            ["severity"] = defectEvent.Severity?.Slug,
        };
        var body = new JsonObject
        {
            ["event_name"] = defectEvent.Name,
            ["team_member_id"] = defectEvent.TeamMemberId,
            ["payload"] = payload,
        };
        return newEvent with { Body = Encoding.UTF8.GetBytes(body.ToJsonString()) };
    }

    private Task AppendAsync(DefectEvent defectEvent) =>
        Outbox.AppendAsync(WithBody(Some.NewDefectEvent(defectEvent), defectEvent), Token);

    private async Task<IReadOnlyList<EventSummary>> SummariesAsync(EventSummaryQuery query) =>
        (await History.ReadSummariesAsync(query, Token)).Events;
}
