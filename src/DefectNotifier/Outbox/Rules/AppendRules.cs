using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>Writes an event with everything that belongs to it.</summary>
public static class AppendRules
{
    public static AppendResult Append(IOutboxTransaction transaction, NewEvent newEvent)
    {
        var before = newEvent.Defect is { } key ? transaction.FindDefect(key) : null;
        var silences = FindSilences(transaction, newEvent, before);
        var planned = newEvent with { Decision = Plan(transaction, newEvent, before, silences) };
        if (TryInsert(transaction, planned, before))
        {
            SilenceRules.Count(transaction, silences, planned.Decision.Deliveries, newEvent.ReceivedAt);
            return new AppendResult(AppendStatus.Accepted, newEvent.Id, planned.Decision.Deliveries.Count);
        }

        // The commit of the first one may have been reported as failed: then its lanes have not been woken yet. With the same id it is this
        // event itself, which is written again because the result of its commit was not known.
        foreach (var delivery in planned.Decision.Deliveries) transaction.News.AddPending(delivery.Destination, 0);
        var first = transaction.FindEvent(newEvent.DedupKey)!.Value;
        var status = first.EventId == newEvent.Id ? AppendStatus.Accepted : AppendStatus.Duplicate;
        return new AppendResult(status, first.EventId, first.Deliveries);
    }

    /// <summary>Stores a notice of overdue deliveries and marks them as announced.</summary>
    public static void Announce(IOutboxTransaction transaction, OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice)
    {
        TryInsert(transaction, notice, before: null);
        transaction.ClearAnnouncements(overdue.Destination, overdue.Fallback, now);
    }

    /// <summary>Inserts the event, its deliveries and its requests to Qase, and updates its defect.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="newEvent">The event, planned.</param>
    /// <param name="before">What is stored of its defect; null: nothing, or it changes no defect.</param>
    /// <returns>False when its dedup key is stored already; then nothing was written.</returns>
    internal static bool TryInsert(IOutboxTransaction transaction, NewEvent newEvent, DefectRow? before)
    {
        if (transaction.InsertEvent(newEvent) is not { } number) return false;
        foreach (var planned in newEvent.Decision.Deliveries)
        {
            var start = StartOf(planned, newEvent.ReceivedAt);
            transaction.InsertDelivery(number, planned, start, AnnounceAt(transaction, planned, start, newEvent.ReceivedAt));
            if (start.State == DeliveryState.Pending) transaction.News.AddPending(planned.Destination, 1);
            // Wakes the lane, which reads when the delivery is due.
            else if (start.State == DeliveryState.Deferred) transaction.News.AddPending(planned.Destination, 0);
        }

        if (newEvent is { DefectEvent: { } read, Defect: { } key }) UpdateDefect(transaction, newEvent, read, key, before);
        if (newEvent is { CanEnrich: true, TeamMemberId: > 0 and var member })
            EnrichmentRules.RequestName(transaction, newEvent.Source, member, newEvent.ReceivedAt);
        return true;
    }

    private static IReadOnlyList<Silence> FindSilences(IOutboxTransaction transaction, NewEvent newEvent, DefectRow? before)
    {
        var severity = newEvent.DefectEvent?.Severity ?? before?.Defect.Severity ?? Severity.Parse(newEvent.Decision.Severity);
        var asked = RouteTable.Asked(newEvent.Name, newEvent.ProjectCode, severity, newEvent.Title ?? before?.Defect.Title);
        return SilenceRules.FindMatching(transaction, asked with { Source = newEvent.Source }, newEvent.ReceivedAt);
    }

    private static RoutingDecision Plan(
        IOutboxTransaction transaction, NewEvent newEvent, DefectRow? before, IReadOnlyList<Silence> silences)
    {
        var decision = newEvent is { Routes: { } table, DefectEvent: { } read }
            ? table.Plan(read, before?.ToMemory(), newEvent.ReceivedAt)
            : newEvent.Decision;
        var deliveries = decision.Deliveries.Silenced(silences, newEvent.ReceivedAt);
        if (before is not null && newEvent is { Routes: { } routes, Defect: { } key })
            deliveries = [.. deliveries.WithUpdates(transaction, routes, key, before)
                .Select(planned => DigestRules.KeepOrder(transaction, planned, key))];
        return decision with { Deliveries = deliveries };
    }

    // FallbackAfter counts from the end of the deferral.
    private static DateTimeOffset? AnnounceAt(
        IOutboxTransaction transaction, PlannedDelivery planned, DeliveryStart start, DateTimeOffset receivedAt)
    {
        if (planned.Fallback is null || start.State == DeliveryState.Discarded) return null;
        var from = start.DueAt is { } due ? SilenceRules.ReleaseAt(due, transaction.FindSilence(start.SilenceId)) : receivedAt;
        return from + planned.FallbackAfter;
    }

    private static DeliveryStart StartOf(PlannedDelivery planned, DateTimeOffset at) => planned.Deferral switch
    {
        null => DeliveryStart.Now,
        { IsDiscarded: true, SilenceId: { } silence } =>
            new DeliveryStart(DeliveryState.Discarded, SendReason.Silenced, DueAt: null, silence, EndedAt: at),
        { SilenceId: { } silence, Until: var until } => new DeliveryStart(DeliveryState.Deferred, SendReason.Silenced, until, silence),
        { Until: var until } => new DeliveryStart(DeliveryState.Deferred, SendReason.QuietHours, until),
    };

    private static void UpdateDefect(
        IOutboxTransaction transaction, NewEvent newEvent, DefectEvent read, DefectKey key, DefectRow? before)
    {
        var after = Defect.After(before?.Defect, read, newEvent.Id, newEvent.ReceivedAt, newEvent.Body);
        var touchedAt = before?.TouchedAt > newEvent.ReceivedAt ? before.TouchedAt : newEvent.ReceivedAt;
        var row = new DefectRow(after, touchedAt)
        {
            Announced = (before?.Announced ?? Announcements.None).With(newEvent.Decision.Deliveries),
        };
        if (before is null)
        {
            transaction.InsertDefect(key, row);
        }
        else
        {
            transaction.UpdateDefect(key, row, after.Opening != before.Defect.Opening);
            if (before.Defect.LacksDetails && !after.LacksDetails) transaction.DeleteRequest(EnrichmentRequest.Of(key));
        }

        // An update does not say what it changed. Without a project code there is no URL to request.
        var isUpdate = DefectHistoryEntry.IsUpdateName(read.Name) && after.Deleted is null;
        if (newEvent.CanEnrich && (after.LacksDetails || isUpdate) && key.ProjectCode.Length > 0)
            EnrichmentRules.Request(transaction, EnrichmentRequest.Of(key), newEvent.ReceivedAt);
    }
}
