using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>What the commit of an event writes.</summary>
public static class AppendRules
{
    public static AppendResult Append(IOutboxTransaction transaction, NewEvent newEvent)
    {
        if (TryInsert(transaction, newEvent) is { } isAsking)
            return new AppendResult(AppendStatus.Accepted, newEvent.Id, newEvent.Decision.Deliveries.Count) { IsAsking = isAsking };
        var first = transaction.FindEvent(newEvent.DedupKey)!.Value;
        return new AppendResult(AppendStatus.Duplicate, first.EventId, first.Deliveries);
    }

    /// <summary>Stores a notice of overdue deliveries and marks them as announced.</summary>
    public static void Announce(IOutboxTransaction transaction, OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice)
    {
        TryInsert(transaction, notice);
        transaction.ClearAnnouncements(overdue.Destination, overdue.Fallback, now);
    }

    /// <summary>Inserts the event, its deliveries, what it says of its defect and what Qase is to be asked about it.</summary>
    /// <returns>Null: its dedup key is there, and nothing was written. Else whether something new is to be asked for.</returns>
    internal static bool? TryInsert(IOutboxTransaction transaction, NewEvent newEvent)
    {
        if (transaction.InsertEvent(newEvent) is not { } number) return null;
        foreach (var planned in newEvent.Decision.Deliveries)
            transaction.InsertDelivery(number, planned, planned.Fallback is null ? null : newEvent.ReceivedAt + planned.FallbackAfter);
        var asksDetails = newEvent is { DefectEvent: { } read, Defect: { } key } && UpdateDefect(transaction, newEvent, read, key);
        var asksName = newEvent is { MayAsk: true, TeamMemberId: > 0 and var member }
            && EnrichmentRules.RequestName(transaction, newEvent.Source, member, newEvent.ReceivedAt);
        return asksDetails || asksName;
    }

    // True when its details are to be asked for from now on.
    private static bool UpdateDefect(IOutboxTransaction transaction, NewEvent newEvent, DefectEvent read, DefectKey key)
    {
        var before = transaction.FindDefect(key);
        var after = Defect.After(before?.Defect, read, newEvent.Id, newEvent.ReceivedAt, newEvent.Body);
        if (before is null)
        {
            transaction.InsertDefect(key, new DefectRow(after, newEvent.ReceivedAt));
        }
        else
        {
            var touchedAt = newEvent.ReceivedAt > before.TouchedAt ? newEvent.ReceivedAt : before.TouchedAt;
            transaction.UpdateDefect(key, new DefectRow(after, touchedAt), after.Opening != before.Defect.Opening);
            if (before.Defect.LacksDetails && !after.LacksDetails) transaction.DeleteRequest(EnrichmentRequest.Of(key));
        }

        // Without a project there is no address to ask at.
        return newEvent.MayAsk && after.LacksDetails && key.ProjectCode.Length > 0
            && EnrichmentRules.Request(transaction, EnrichmentRequest.Of(key), newEvent.ReceivedAt);
    }
}
