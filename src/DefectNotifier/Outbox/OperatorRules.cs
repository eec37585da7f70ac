namespace DefectNotifier.Outbox;

/// <summary>What an operator may ask of a delivery. Pure; every store asks here, in the transaction that then changes the delivery.</summary>
public static class OperatorRules
{
    /// <param name="state">The state that the delivery is in.</param>
    /// <param name="asRendered">True: the kept message is to be sent.</param>
    /// <param name="isMessageKept">True when there is one.</param>
    public static DeliveryChangeStatus Retry(DeliveryState state, bool asRendered, bool isMessageKept) =>
        state is DeliveryState.Pending or DeliveryState.Delivered ? DeliveryChangeStatus.WrongState
        : asRendered && !isMessageKept ? DeliveryChangeStatus.NoMessage
        : DeliveryChangeStatus.Done;

    /// <param name="state">The state that the delivery is in.</param>
    /// <param name="alsoPending">True when no lane can be sending it.</param>
    public static DeliveryChangeStatus Discard(DeliveryState state, bool alsoPending) =>
        state is DeliveryState.Dead or DeliveryState.Held || (state == DeliveryState.Pending && alsoPending) ? DeliveryChangeStatus.Done : DeliveryChangeStatus.WrongState;
}
