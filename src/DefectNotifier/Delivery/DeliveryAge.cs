using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>
/// How long the delivery at the head of a lane has been tried. From its first try in this process on it is measured by the steady clock: a wall clock that
/// jumps by a day must not make a dead letter.
/// </summary>
internal sealed class DeliveryAge(TimeProvider time)
{
    private long _deliveryId;
    private long _countedFrom;
    private TimeSpan _before;

    /// <summary>The delivery is about to be tried, or to be asked for.</summary>
    public void Begin(PendingDelivery delivery)
    {
        // Put back by an operator it begins anew, under the same id.
        if (delivery.Id == _deliveryId && delivery.FirstAttemptAt is not null) return;
        var before = delivery.FirstAttemptAt is { } first ? time.GetUtcNow() - first : TimeSpan.Zero;
        _before = before > TimeSpan.Zero ? before : TimeSpan.Zero;
        _deliveryId = delivery.Id;
        _countedFrom = time.GetTimestamp();
    }

    public TimeSpan Now => _before + time.GetElapsedTime(_countedFrom);
}
