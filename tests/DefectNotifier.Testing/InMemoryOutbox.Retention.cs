using DefectNotifier.Outbox;

namespace DefectNotifier.Testing;

public sealed partial class InMemoryOutbox : IOutboxRetention
{
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private int _prunings;
    private long _lastEvent;
    private long _lastDelivery;
    private long _lastDefect;

    /// <summary>How many steps of pruning have been asked for.</summary>
    public int Prunings => Volatile.Read(ref _prunings);

    public Task<long> ReadUsedBytesAsync(CancellationToken cancellationToken) => Use(() => _events.Sum(stored => (long)stored.Body.Length), cancellationToken);

    public Task<PruneResult> PruneAsync(PruneRequest request) => Use(() => Prune(request), CancellationToken.None);

    public Task<PruneResult> PruneDefectsAsync(PruneRequest request) => Use(() => PruneDefects(request), CancellationToken.None);

    private PruneResult PruneDefects(PruneRequest request)
    {
        var looked = _defects.Where(one => one.Value.Number > request.After).OrderBy(one => one.Value.Number).Take(request.Limit).ToList();
        var forgotten = looked.Where(one => request.Forgets(one.Value.Defect.IsClosed, one.Value.TouchedAt, _events.FirstOrDefault()?.ReceivedAt)).ToList();
        foreach (var (key, _) in forgotten)
        {
            _defects.Remove(key);
            _wishes.Remove(EnrichmentRequest.Of(key));
            foreach (var thread in _threads.Keys.Where(thread => thread.Defect == key).ToList()) _threads.Remove(thread);
        }

        if (looked.Count < request.Limit)
            foreach (var old in _names.Where(one => one.Value.AskedAt < request.Now - request.KeepUntouched).ToList()) _names.Remove(old.Key);
        return new PruneResult(forgotten.Count, looked.Count == 0 ? request.After : looked[^1].Value.Number, IsDone: looked.Count < request.Limit);
    }

    private PruneResult Prune(PruneRequest request)
    {
        _prunings++;
        var (pruned, after) = (0, request.After);
        var rest = _events.Where(stored => _numbers[stored.Id] > request.After).ToList();
        var looked = rest.Take(request.Limit).TakeWhile(stored => !request.EndsAt(stored.ReceivedAt)).ToList();
        foreach (var stored in looked)
        {
            after = _numbers[stored.Id];
            if (!request.Takes(Candidate(stored))) continue;
            Forget(stored);
            pruned++;
        }

        return new PruneResult(pruned, after, IsDone: looked.Count < request.Limit);
    }

    private PruneCandidate Candidate(NewEvent stored)
    {
        var deliveries = _deliveries.Where(delivery => delivery.Event == stored).ToList();
        return new PruneCandidate(
            deliveries.Exists(delivery => delivery.State is DeliveryState.Pending or DeliveryState.Held),
            deliveries.Exists(delivery => delivery.State == DeliveryState.Dead),
            deliveries.Select(delivery => delivery.ToStored().EndedAt).Append(stored.ReceivedAt).Max()!.Value);
    }

    private void Forget(NewEvent stored)
    {
        _deliveries.RemoveAll(delivery => delivery.Event == stored);
        _events.Remove(stored);
        _numbers.Remove(stored.Id);
        _byKey.Remove(Convert.ToHexString(stored.DedupKey.Span));
    }
}
