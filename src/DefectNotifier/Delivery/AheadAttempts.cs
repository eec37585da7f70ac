using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>Deliveries whose attempts begin, or have begun, with the outcomes of those before them. Used by the lane's own loop alone.</summary>
/// <param name="waiter">Gives the turns.</param>
/// <param name="isAlone">True for a delivery that never begins so: what of it is sent is known only when its turn comes.</param>
internal sealed class AheadAttempts(LaneWaiter waiter, Func<PendingDelivery, bool> isAlone)
{
    /// <summary>
    /// So many attempts may be written down ahead of their turn while nothing holds the lane: outcomes then go to the disk while the next messages are on their
    /// way, several in one commit where the disk is the slower one. A process that is killed may repeat one message more for each but the last.
    /// </summary>
    private const int Most = 6;

    private readonly Queue<long> _begun = new();

    public int Count => _begun.Count;

    /// <summary>True when the delivery is the next one whose attempt has begun.</summary>
    public bool IsNext(PendingDelivery? delivery) => delivery is not null && _begun.TryPeek(out var next) && next == delivery.Id;

    /// <summary>The next one's turn has come.</summary>
    public void Take() => _begun.Dequeue();

    /// <summary>Those behind a delivery, up to the first that never begins ahead of its turn.</summary>
    public IEnumerable<PendingDelivery> Coming(IEnumerable<PendingDelivery> behind) => behind.TakeWhile(next => !next.MayBeRepeat && !isAlone(next));

    /// <summary>Those behind a delivery that nothing holds, as many as may be begun now; they count as begun from now on.</summary>
    public IReadOnlyList<long> Begin(IEnumerable<PendingDelivery> behind)
    {
        List<long> begun = [];
        foreach (var next in Coming(behind).Skip(_begun.Count))
        {
            if (_begun.Count + begun.Count == Most || !waiter.TryAcquire()) break;
            begun.Add(next.Id);
        }

        begun.ForEach(_begun.Enqueue);
        return begun;
    }

    /// <summary>None of them is sent: they have to be taken back.</summary>
    /// <param name="hasFirstLeft">True when the next one is sent already; it stays.</param>
    public IReadOnlyList<long> Withdraw(bool hasFirstLeft)
    {
        long? left = hasFirstLeft ? _begun.Dequeue() : null;
        List<long> withdrawn = [.. _begun];
        _begun.Clear();
        if (left is { } first) _begun.Enqueue(first);
        return withdrawn;
    }
}
