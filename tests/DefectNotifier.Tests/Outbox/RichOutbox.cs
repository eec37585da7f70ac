using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Sql;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

/// <summary>An outbox with everything that can be in one, and all that it can say about it.</summary>
internal static class RichOutbox
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Stores something in every table that an outbox fills by itself.</summary>
    public static async Task FillAsync(SqlOutbox outbox)
    {
        var route = new RouteOptions { To = ["web-qa"] };
        var digesting = new RouteTable([route])
        {
            Destinations = new Dictionary<string, RoutedDestination> { ["web-qa"] = new(true, new DigestOptions()) },
        };

        // A thread that two later defects join, a rate limit, and an update that is pending.
        var first = await AppendAsync(outbox, DefectOf(73), "web-qa");
        await outbox.StartAttemptAsync(first, Some.Moment);
        var key = new DefectKey("", "WEB", 73);
        var thread = new MessageThread(key)
        {
            Place = "C1",
            RootMessage = "1.1",
            PostedBy = first.Id,
            TitleKey = MessageThread.TitleKeyOf(key, Some.DefectEvent.Title),
            ReceivedAt = Some.Moment,
            Shown = "created",
        };
        await outbox.RecordAsync(Some.Outcome(first) with
        {
            MessageThread = thread,
            Reference = "1.1",
            RateLimits = [new RateLimitState("slack:T1") { Revision = 4, SavedAt = Some.Moment, Deficit = TimeSpan.FromSeconds(3) }],
        });
        var decision = Some.Decision("web-qa");
        await outbox.AppendAsync(
            Some.NewDefectEvent(DefectOf(74)) with
            {
                Decision = decision with { Deliveries = [decision.Deliveries[0] with { RepeatWithin = TimeSpan.FromDays(1) }] },
            },
            default);
        var joining = (await outbox.ReadPendingAsync("web-qa", 10, default))[^1];
        await outbox.JoinMessageAsync(await outbox.ClaimOfAsync("web-qa"), joining, "C1", thread.TitleKey, Some.Moment);

        // Dead with its message, sent again by an operator, and dead again; held; parked in the middle of an attempt.
        var dead = await AppendAsync(outbox, DefectOf(75), "mobile");
        await outbox.StartAttemptAsync(dead, Some.Moment);
        await EndAsync(outbox, dead, DeliveryState.Dead, SendReason.InvalidMessage);
        await outbox.RetryAsync(dead.Id, asRendered: true, Some.Moment.AddMinutes(1), "anna");
        await outbox.StartAttemptAsync(dead, Some.Moment.AddMinutes(2));
        await EndAsync(outbox, dead, DeliveryState.Dead, SendReason.InvalidMessage);
        await EndAsync(outbox, await AppendAsync(outbox, DefectOf(76), "ops"), DeliveryState.Held, SendReason.Unconfirmed);
        await outbox.SaveLaneAsync(new LaneState("Ops")
        {
            ParkedReason = SendReason.BadCredentials,
            ParkedAt = Some.Moment,
            ParkedSettings = "abc",
            WaitCount = 2,
        });
        await outbox.StartAttemptAsync(await AppendAsync(outbox, DefectOf(77), "ops"), Some.Moment.AddMinutes(5));

        // A digest, deferred deliveries of a silence, one that was discarded, and an event without a route.
        foreach (var id in (int[])[80, 81])
            await outbox.AppendAsync(Some.NewDefectEvent(DefectOf(id)) with { Routes = digesting }, default);
        var storm = (await outbox.ReadPendingAsync("web-qa", 10, default)).TakeLast(2).Select(one => one.Id).ToList();
        var scope = new DigestScope("web-qa", Place: null, TimeSpan.FromMinutes(1), Some.Moment);
        await outbox.JoinDigestAsync(await outbox.ClaimOfAsync("web-qa"), new DigestJoin(scope, storm) { FirstDueAt = Some.Moment });
        await outbox.AddSilenceAsync(Some.Silence, Some.Moment);
        foreach (var id in (int[])[82, 83])
            await outbox.AppendAsync(Some.NewDefectEvent(DefectOf(id)) with { Routes = new RouteTable([route]) }, default);
        var deferred = await outbox.ReadDeliveriesAsync(new DeliveryQuery { States = [DeliveryState.Deferred] }, default);
        await outbox.DiscardAsync(deferred.Deliveries[0].Id, alsoPending: false, Some.Moment, "anna");
        await outbox.AppendAsync(Some.NewEvent(), default);

        // Names and details from Qase, and a request that is pending.
        await outbox.AppendAsync(Some.NewDefectEvent(DefectOf(84) with { Title = null }, "web-qa") with { CanEnrich = true }, default);
        await outbox.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Name("", Some.DefectEvent.TeamMemberId!.Value), Some.Moment) { Name = "Rut Olsen" });
        await outbox.SaveClockAsync(Some.Moment);
    }

    /// <summary>Everything that an outbox says about what it stores, as JSON.</summary>
    public static async Task<string> ReadAsync(SqlOutbox outbox)
    {
        var said = new List<object?>();
        var events = await outbox.ReadEventsAsync(new EventQuery { Limit = 500 }, default);
        said.Add(events);
        said.Add(await outbox.ReadSummariesAsync(new EventSummaryQuery { Limit = EventSummaryQuery.MaxLimit }, default));
        said.Add(await outbox.ReadDeliveriesAsync(new DeliveryQuery { States = Enum.GetValues<DeliveryState>(), Limit = 500 }, default));
        foreach (var id in events.SelectMany(one => one.Deliveries).Select(one => one.Id).Order())
        {
            var delivery = await outbox.ReadDeliveryAsync(id, default);
            said.Add(delivery);
            said.Add(await outbox.ReadMessageAsync(id, default));
            said.Add(await outbox.ReadDigestAsync(id, default));
            if (delivery?.Defect is { } defect) said.Add(await outbox.ReadContextAsync(delivery.Destination, defect, default));
        }

        said.Add(await outbox.ReadLanesAsync(default));
        said.Add(await outbox.ReadSilencesAsync(endsAfter: null, default));
        said.Add(await outbox.ReadBacklogAsync(default));
        said.Add(await outbox.ReadDeferredAsync(default));
        said.Add(await outbox.ReadFailedAsync(default));
        said.Add(await outbox.ReadUnroutedAsync(Some.Moment.AddDays(-1), default));
        said.Add(await outbox.ReadRecentAsync(Some.Moment.AddDays(-1), Some.Moment.AddDays(1), default));
        said.Add(await outbox.ReadOverdueAsync(Some.Moment.AddDays(1), default));
        said.Add(await outbox.ReadArchiveAsync(new ArchiveQuery(), default));
        said.Add(await outbox.ReadRateLimitAsync("slack:T1", default));
        said.Add(await outbox.ReadEnrichmentQueuesAsync(10, default));
        said.Add(await outbox.ReadEnrichmentRequestsAsync("", Some.Moment.AddDays(1), 10, default));
        said.Add(await outbox.ReadNamesAsync("", [Some.DefectEvent.TeamMemberId!.Value], default));
        said.Add(await outbox.ReadClockAsync(default));
        return JsonSerializer.Serialize(said, Readable);
    }

    private static DefectEvent DefectOf(long id) => Some.DefectEvent with { SubjectId = id };

    private static async Task<PendingDelivery> AppendAsync(SqlOutbox outbox, DefectEvent defectEvent, string destination)
    {
        await outbox.AppendAsync(Some.NewDefectEvent(defectEvent, destination), default);
        return (await outbox.ReadPendingAsync(destination, 10, default))[^1];
    }

    private static Task EndAsync(SqlOutbox outbox, PendingDelivery delivery, DeliveryState state, SendReason reason) =>
        outbox.RecordAsync(Some.Outcome(delivery) with
        {
            State = state,
            Reason = reason,
            Outcome = SendOutcome.Rejected,
            Detail = "invalid_blocks",
            Message = """{"text":"stored"}"""u8.ToArray(),
        });
}
