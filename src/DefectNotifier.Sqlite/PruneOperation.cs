using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>One step of a walk that forgets events.</summary>
internal sealed class PruneOperation(PruneRequest request) : PruneStep
{
    /// <summary>Large bodies lie in pages of their own, each of which is read when it is given free: so many bytes of them end the step.</summary>
    private const long MaxBytes = 4 * 1024 * 1024;

    protected override PruneResult Step(WriteSession session)
    {
        var (pruned, after, bytes) = (0, request.After, 0L);
        var events = session.Prune.ReadOldest(request.After, request.Limit);
        var isDone = events.Count < request.Limit;
        foreach (var (seq, receivedAt, length) in events)
        {
            if (request.EndsAt(receivedAt))
            {
                isDone = true;
                break;
            }

            after = seq;
            if (!request.Takes(session.Prune.ReadEnd(seq, receivedAt))) continue;
            session.Prune.Delete(seq);
            pruned++;
            bytes += length;
            if (bytes < MaxBytes) continue;
            isDone = false;
            break;
        }

        if (pruned > 0) session.Decisions.DeleteOld(request.Limit);
        return new PruneResult(pruned, after, isDone);
    }
}
