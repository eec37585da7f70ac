using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// How long the delivery at the head of a lane has been tried. From its first attempt in this process on it is measured with the steady
/// clock; of earlier processes only the time between their attempts counts. So neither a jump of the wall clock, nor the time for which the
/// service was stopped, causes a dead letter.
/// </summary>
internal sealed class DeliveryAge(TimeProvider time)
{
    private long _deliveryId;
    private long _countedFrom;
    private TimeSpan _before;

    public TimeSpan Now => _before + time.GetElapsedTime(_countedFrom);

    /// <summary>The delivery is about to be sent or looked up.</summary>
    public void Begin(PendingDelivery delivery)
    {
        // When an operator retries a delivery, it keeps its id but its age starts again.
        if (delivery.Id == _deliveryId && delivery.FirstAttemptAt is not null) return;
        var before = delivery.FirstAttemptAt is { } first ? delivery.LastAttemptAt - first : null;
        _before = before > TimeSpan.Zero ? before.Value : TimeSpan.Zero;
        _deliveryId = delivery.Id;
        _countedFrom = time.GetTimestamp();
    }
}
