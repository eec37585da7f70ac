using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>What an operator can do with a delivery.</summary>
public static class OperatorRules
{
    /// <summary>Whether it can be sent again.</summary>
    /// <param name="state">The state of the delivery.</param>
    /// <param name="asRendered">True: the stored message is to be sent.</param>
    /// <param name="isMessageStored">True when there is one.</param>
    public static DeliveryChangeStatus Retry(DeliveryState state, bool asRendered, bool isMessageStored) =>
        state is not (DeliveryState.Dead or DeliveryState.Held or DeliveryState.Discarded) ? DeliveryChangeStatus.WrongState
        : asRendered && !isMessageStored ? DeliveryChangeStatus.NoMessage
        : DeliveryChangeStatus.Done;

    /// <summary>Whether it can be discarded.</summary>
    /// <param name="state">The state of the delivery.</param>
    /// <param name="alsoPending">True when no lane can be sending it.</param>
    public static DeliveryChangeStatus Discard(DeliveryState state, bool alsoPending) =>
        state is DeliveryState.Dead or DeliveryState.Held or DeliveryState.Deferred || (state == DeliveryState.Pending && alsoPending)
            ? DeliveryChangeStatus.Done
            : DeliveryChangeStatus.WrongState;

    public static DeliveryChange Retry(IOutboxTransaction transaction, long deliveryId, bool asRendered, DateTimeOffset at, string? by)
    {
        if (transaction.FindDelivery(deliveryId) is not { } row) return new DeliveryChange(DeliveryChangeStatus.NotFound);
        var status = Retry(row.State, asRendered, row.IsMessageStored);
        if (status != DeliveryChangeStatus.Done) return new DeliveryChange(status, row.State, row.Destination);
        // The reason belongs to an end that no longer applies; the history still contains it.
        transaction.UpdateDelivery(row with
        {
            State = DeliveryState.Pending,
            AsRendered = asRendered,
            DoubtFrom = row.LastAttempt + 1,
            AgeFrom = row.LastAttempt + 1,
            Reason = null,
            Detail = null,
            EndedAt = null,
        });
        // It is sent now, although it was deferred before it was discarded.
        if (transaction.FindSchedule(deliveryId) is { } schedule)
            transaction.SaveSchedule(schedule with { DueAt = null, SilenceId = 0 });
        Announcements.Move(transaction, row, DeliveryState.Pending);
        var action = asRendered ? OperatorAction.RetryAsRendered : OperatorAction.Retry;
        transaction.InsertOperatorAction(deliveryId, new StoredAction(at, action, by));
        transaction.News.AddPending(row.Destination, 1);
        return new DeliveryChange(DeliveryChangeStatus.Done, row.State, row.Destination);
    }

    /// <param name="transaction">The transaction.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="alsoPending">True: a pending one may be discarded, too.</param>
    /// <param name="isClaimed">True for a destination whose lane is claimed: it may be sending its pending deliveries.</param>
    /// <param name="at">When it was asked for.</param>
    /// <param name="by">The operator's name; null: not known.</param>
    public static DeliveryChange Discard(
        IOutboxTransaction transaction, long deliveryId, bool alsoPending, Func<string, bool> isClaimed, DateTimeOffset at, string? by)
    {
        if (transaction.FindDelivery(deliveryId) is not { } row) return new DeliveryChange(DeliveryChangeStatus.NotFound);
        var status = Discard(row.State, alsoPending && !isClaimed(row.Destination));
        if (status != DeliveryChangeStatus.Done) return new DeliveryChange(status, row.State, row.Destination);
        var ended = AttemptRules.Interrupt(transaction, row, at);
        transaction.UpdateDelivery(ended with { State = DeliveryState.Discarded, EndedAt = at });
        Announcements.Move(transaction, row, DeliveryState.Discarded);
        transaction.InsertOperatorAction(deliveryId, new StoredAction(at, OperatorAction.Discard, by));
        if (row.State == DeliveryState.Pending) transaction.News.AddPending(row.Destination, -1);
        return new DeliveryChange(DeliveryChangeStatus.Done, row.State, row.Destination);
    }

    /// <summary>Makes a parked lane try again now. A wait that the chat asked for is kept: the lane tries again after it.</summary>
    /// <returns>False when the lane is not parked; then nothing was written.</returns>
    public static bool Resume(IOutboxTransaction transaction, string destination)
    {
        if (transaction.FindLane(destination) is not { IsParked: true } lane) return false;
        if (lane.IsProbeWait) transaction.SaveLane(lane with { NotBefore = null, WaitSince = null });
        transaction.News.AddResumed(destination);
        return true;
    }
}
