using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>What an operator can do with a delivery.</summary>
public static class OperatorRules
{
    /// <summary>Whether it can be sent again.</summary>
    /// <param name="state">The state of the delivery.</param>
    /// <param name="asRendered">True: the kept message is to be sent.</param>
    /// <param name="isMessageKept">True when there is one.</param>
    public static DeliveryChangeStatus Retry(DeliveryState state, bool asRendered, bool isMessageKept) =>
        state is DeliveryState.Pending or DeliveryState.Delivered ? DeliveryChangeStatus.WrongState
        : asRendered && !isMessageKept ? DeliveryChangeStatus.NoMessage
        : DeliveryChangeStatus.Done;

    /// <summary>Whether it can be discarded.</summary>
    /// <param name="state">The state of the delivery.</param>
    /// <param name="alsoPending">True when no lane can be sending it.</param>
    public static DeliveryChangeStatus Discard(DeliveryState state, bool alsoPending) =>
        state is DeliveryState.Dead or DeliveryState.Held || (state == DeliveryState.Pending && alsoPending)
            ? DeliveryChangeStatus.Done
            : DeliveryChangeStatus.WrongState;

    public static DeliveryChange Retry(IOutboxTransaction transaction, long deliveryId, bool asRendered, DateTimeOffset at)
    {
        if (transaction.FindDelivery(deliveryId) is not { } row) return new DeliveryChange(DeliveryChangeStatus.NotFound);
        var status = Retry(row.State, asRendered, row.IsMessageKept);
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
        transaction.InsertOperatorAction(deliveryId, at, asRendered ? OperatorAction.RetryAsRendered : OperatorAction.Retry);
        return new DeliveryChange(DeliveryChangeStatus.Done, row.State, row.Destination);
    }

    public static DeliveryChange Discard(IOutboxTransaction transaction, long deliveryId, bool alsoPending, DateTimeOffset at)
    {
        if (transaction.FindDelivery(deliveryId) is not { } row) return new DeliveryChange(DeliveryChangeStatus.NotFound);
        var status = Discard(row.State, alsoPending);
        if (status != DeliveryChangeStatus.Done) return new DeliveryChange(status, row.State, row.Destination);
        transaction.UpdateDelivery(row with { State = DeliveryState.Discarded, EndedAt = at });
        transaction.InsertOperatorAction(deliveryId, at, OperatorAction.Discard);
        return new DeliveryChange(DeliveryChangeStatus.Done, row.State, row.Destination);
    }
}
