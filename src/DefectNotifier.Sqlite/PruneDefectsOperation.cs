using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>One step of a walk that forgets defects; the last one forgets names, too.</summary>
internal sealed class PruneDefectsOperation(PruneRequest request) : PruneStep
{
    protected override PruneResult Step(WriteSession session)
    {
        var defects = session.Defects.ReadOldest(request.After, request.Limit);
        var oldestStored = session.Defects.ReadOldestArrival();
        var pruned = 0;
        foreach (var (id, isClosed, touchedAt) in defects)
        {
            if (!request.Forgets(isClosed, touchedAt, oldestStored)) continue;
            session.EnrichmentRequests.DeleteOf(id);
            session.Defects.Delete(id);
            pruned++;
        }

        if (defects.Count < request.Limit) session.EnrichmentRequests.DeletePersons(request.Now - request.KeepUntouched);
        return new PruneResult(pruned, defects.Count == 0 ? request.After : defects[^1].Id, IsDone: defects.Count < request.Limit);
    }
}
