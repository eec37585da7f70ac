using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Theory]
    [InlineData("defect.updated", 1, true)]
    [InlineData("defect.updated", 3, false)]
    [InlineData("defect.resolved", 1, true)]
    public async Task ApplyEnrichmentAsync_EventArrivedMeanwhile_IsRequestedAgainIfItArrivedAfterTheRequest(
        string name, int sentAfter, bool isRequested)
    {
        var updated = Resolved(Some.Moment) with { Name = "defect.updated", TeamMemberId = 0 };
        await Outbox.AppendAsync(Asking(updated), Token);
        await Outbox.AppendAsync(Asking(updated with { Name = name }) with { ReceivedAt = Some.Moment.AddSeconds(2) }, Token);
        var response = new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment.AddSeconds(4))
        {
            Details = Answer with { CreatedBy = null },
            SentAt = Some.Moment.AddSeconds(sentAfter),
        };

        await Memory.ApplyEnrichmentAsync(response);

        Assert.Equal(isRequested ? [EnrichmentRequest.Of(Known)] : [], await EnrichmentRequestsAsync());
        await Memory.ApplyEnrichmentAsync(response with { SentAt = response.At });
        Assert.Empty(await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_ClockWasSetBackBeforeTheRequest_EndsIt()
    {
        var resolved = Asking(Resolved(Some.Moment) with { TeamMemberId = 0 });
        await Outbox.AppendAsync(resolved with { ReceivedAt = Some.Moment.AddHours(1) }, Token);

        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { SentAt = Some.Moment });

        Assert.False(await Outbox.IsRequestedAsync([EnrichmentRequest.Of(Known)], Token));
    }

    [Fact]
    public async Task IsRequestedAsync_RequestFailed_IsFalse()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { TeamMemberId = 418 }), Token);
        foreach (var request in (EnrichmentRequest[])[EnrichmentRequest.Of(Known), EnrichmentRequest.Name("", 418)])
        {
            Assert.True(await Outbox.IsRequestedAsync([request], Token));

            await Memory.ApplyEnrichmentAsync(new EnrichmentResult(request, Some.Moment) { NextAt = Some.Moment.AddMinutes(1) });

            Assert.False(await Outbox.IsRequestedAsync([request], Token));
        }

        Assert.Equal(2, (await EnrichmentRequestsAsync()).Count);
    }

    [Theory]
    [InlineData("web-qa", true, true)]
    [InlineData("WEB-QA", true, true)]
    [InlineData("web-qa", false, false)]
    [InlineData("lobby", true, false)]
    public async Task ApplyEnrichmentAsync_DestinationIsGoneOrCannotChange_IsNotUpdated(string configured, bool canChange, bool isUpdated)
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment) with { TeamMemberId = 418 }, "web-qa"), Token);
        var pending = await FirstAsync();
        await Outbox.RecordAsync(Some.Outcome(pending) with { MessageThread = Thread with { PostedBy = pending.Id } });
        var routes = new RouteTable([])
        {
            Destinations = new Dictionary<string, RoutedDestination>(StringComparer.OrdinalIgnoreCase) { [configured] = new(canChange) },
        };

        Assert.Equal(isUpdated ? ["web-qa"] : [], await RefreshedAsync(
            new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer, Routes = routes }));
        Assert.Equal(isUpdated ? ["web-qa"] : [], await RefreshedAsync(
            new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut", Routes = routes }));
    }

    /// <summary>Whatever happens to the deliveries of a defect, where it was announced is what its deliveries say.</summary>
    [Fact]
    public async Task Announced_RandomOperations_IsWhereADeliveryThatPostsIsPendingHeldOrDelivered()
    {
        RouteOptions[] routes =
        [
            new() { MinSeverity = "major", Events = ["defect.created"], To = ["web-qa"], Continue = true },
            new() { Severities = ["minor"], To = ["mobile"] },
            new() { Events = ["defect.created", "defect.resolved"], To = ["lobby"] },
        ];
        var severities = OneOf(Severity.Blocker, Severity.Minor, Severity.Trivial);
        var states = OneOf(DeliveryState.Pending, DeliveryState.Delivered, DeliveryState.Held, DeliveryState.Dead);
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20], severities, states);
        var defect = 5000;
        await step.Array[4, 25].SampleAsync(
            async steps =>
            {
                var key = new DefectKey("", "WEB", Interlocked.Increment(ref defect));
                var at = Some.Moment;
                var ids = new HashSet<string>(StringComparer.Ordinal);
                foreach (var (what, which, severity, state) in steps)
                {
                    at = at.AddSeconds(1);
                    var stored = await LedgerAsync(ids);
                    var one = stored.Count == 0 ? default : stored[which % stored.Count];
                    if (what <= 1 || one.Delivery is not { } delivery)
                    {
                        string[] names = ["defect.created", "defect.updated", "defect.resolved"];
                        var defectEvent = Some.DefectEvent with
                        {
                            Name = names[which % 3],
                            Severity = which % 2 == 0 ? severity : null,
                            SubjectId = key.Id,
                            OccurredAt = at,
                        };
                        ids.Add(await AcceptAsync(defectEvent, routes));
                    }
                    else if (what == 2)
                    {
                        var details = Answer with { Severity = severity, UpdatedAt = at, AskedAt = at };
                        await Memory.ApplyEnrichmentAsync(
                            new EnrichmentResult(EnrichmentRequest.Of(key), at) { Details = details, Routes = Table(routes) });
                        var latest = (await History.ReadEventsAsync(new EventQuery { Limit = 1 }, Token))[0];
                        if (latest.SubjectId == key.Id) ids.Add(latest.Id);
                    }
                    else if (what == 3) await History.RetryAsync(delivery.Id, asRendered: false, at);
                    else if (what == 4) await History.DiscardAsync(delivery.Id, alsoPending: true, at);
                    else if (delivery.State == DeliveryState.Pending) await EndAsync(delivery, state);
                }

                var expected = (await LedgerAsync(ids))
                    .Where(one => one.Kind != DeliveryKind.Refresh
                        && one.Delivery!.State is DeliveryState.Pending or DeliveryState.Held or DeliveryState.Delivered)
                    .Select(one => one.Delivery!.Destination).Distinct().Order(StringComparer.Ordinal);
                var probe = await AcceptAsync(Some.DefectEvent with { Name = "defect.updated", SubjectId = key.Id });
                Assert.Equal(expected, (await StoredAsync(probe)).Decision.Announced ?? []);
            },
            iter: PropertyCases.Of(60),
            threads: 1);

        Task EndAsync(StoredDelivery delivery, DeliveryState state) => Outbox.RecordAsync(new AttemptOutcome
        {
            DeliveryId = delivery.Id,
            At = Some.Moment,
            Outcome = SendOutcome.Delivered,
            Reason = SendReason.Ok,
            State = state,
            MayHavePosted = false,
            Lane = new LaneState(delivery.Destination),
        });
    }

    private async Task<List<(StoredDelivery? Delivery, DeliveryKind Kind)>> LedgerAsync(IEnumerable<string> eventIds)
    {
        var all = new List<(StoredDelivery?, DeliveryKind)>();
        foreach (var id in eventIds)
        {
            var stored = await StoredAsync(id);
            foreach (var delivery in stored.Deliveries)
                all.Add((delivery, stored.Decision.Deliveries.First(planned => planned.Destination == delivery.Destination).Kind));
        }

        return all;
    }
}
