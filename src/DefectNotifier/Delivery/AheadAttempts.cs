using DefectNotifier.Outbox;

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
    private const int Most = 4;

    private readonly Queue<long> _begun = new();

    public int Count => _begun.Count;

    /// <summary>True when the delivery is the next one whose attempt has begun.</summary>
    public bool IsNext(PendingDelivery? delivery) => delivery is not null && _begun.TryPeek(out var next) && next == delivery.Id;

    /// <summary>The next one is sent now.</summary>
    public void Take() => _begun.Dequeue();

    /// <summary>Those behind a delivery that nothing holds, as many as may be begun now; they count as begun from now on.</summary>
    public IReadOnlyList<long> Begin(IEnumerable<PendingDelivery> behind)
    {
        List<long> begun = [];
        foreach (var next in behind.Skip(_begun.Count))
        {
            if (_begun.Count + begun.Count == Most || next.MayBeRepeat || isAlone(next) || !waiter.TryTakeTurn()) break;
            begun.Add(next.Id);
        }

        begun.ForEach(_begun.Enqueue);
        return begun;
    }

    /// <summary>None of them is sent: they have to be taken back.</summary>
    public IReadOnlyList<long> Withdraw()
    {
        List<long> withdrawn = [.. _begun];
        _begun.Clear();
        return withdrawn;
    }
}
