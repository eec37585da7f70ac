namespace DefectNotifier.Outbox;

/// <summary>The words for <see cref="DeliveryState"/>.</summary>
public static class DeliveryStates
{
    public static string Word(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Dead => "dead",
        DeliveryState.Held => "held",
        DeliveryState.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };
}
