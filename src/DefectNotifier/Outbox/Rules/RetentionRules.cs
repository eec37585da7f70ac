using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>One small step of a walk that deletes what has ended long ago.</summary>
public static class RetentionRules
{
    /// <summary>So many bytes of bodies end a step: a large body takes the store long to delete, and others wait for that.</summary>
    private const long MaxBytes = 4 * 1024 * 1024;

    public static PruneResult PruneEvents(IOutboxTransaction transaction, PruneRequest request)
    {
        var (pruned, after, latest, bytes) = (0, request.After, request.Latest, 0L);
        var events = transaction.FindOldestEvents(request.After, request.Limit);
        foreach (var old in events)
        {
            if (request.EndsAt(old.ReceivedAt)) return new PruneResult(pruned, after, IsDone: true);
            after = old.Number;
            if (old.ReceivedAt > latest && old.ReceivedAt <= request.Now) latest = old.ReceivedAt;
            if (!request.Takes(Candidate(transaction, old, latest))) continue;
            transaction.DeleteEvent(old.Number);
            pruned++;
            bytes += old.BodyBytes;
            if (bytes >= MaxBytes) return new PruneResult(pruned, after, IsDone: false) { Latest = latest };
        }

        return new PruneResult(pruned, after, IsDone: events.Count < request.Limit) { Latest = latest };
    }

    /// <summary>The last step of the walk also deletes names that were not requested since, and silences that no event refers to.</summary>
    public static PruneResult PruneDefects(IOutboxTransaction transaction, PruneRequest request)
    {
        var defects = transaction.FindOldestDefects(request.After, request.Limit);
        var oldestStored = transaction.FindOldestArrival();
        var pruned = 0;
        foreach (var defect in defects)
        {
            if (!request.Forgets(defect.IsClosed, defect.TouchedAt, oldestStored)) continue;
            transaction.DeleteRequest(EnrichmentRequest.Of(defect.Key));
            transaction.DeleteThreads(defect.Key);
            transaction.DeleteDefect(defect.Key);
            pruned++;
        }

        var isDone = defects.Count < request.Limit;
        if (isDone)
        {
            transaction.DeleteNames(request.Now - request.KeepUntouched);
            // An event was accepted before the end of the silence that defers it.
            var ended = request.Now - request.KeepDelivered;
            transaction.DeleteSilences(oldestStored < ended ? oldestStored.Value : ended);
        }

        return new PruneResult(pruned, defects.Count == 0 ? request.After : defects[^1].Number, isDone);
    }

    // An event can't be older than those that were stored before it. Its own times say so when the clock was behind for a while.
    private static PruneCandidate Candidate(IOutboxTransaction transaction, OldEvent old, DateTimeOffset latest)
    {
        var deliveries = transaction.FindDeliveryStates(old.Number);
        var end = deliveries.Max(delivery => delivery.EndedAt) ?? old.ReceivedAt;
        return new PruneCandidate(
            IsPending: deliveries.Any(delivery => delivery.State is DeliveryState.Pending or DeliveryState.Held or DeliveryState.Deferred),
            IsDead: deliveries.Any(delivery => delivery.State == DeliveryState.Dead),
            EndedAt: end > latest ? end : latest);
    }
}
