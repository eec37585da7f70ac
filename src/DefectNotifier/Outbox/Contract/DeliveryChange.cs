namespace DefectNotifier.Outbox.Contract;

/// <summary>The result of an operator's action.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Before">The state of the delivery before the action; null when there is no such delivery.</param>
/// <param name="Destination">The delivery's destination; null when there is no such delivery.</param>
public sealed record DeliveryChange(DeliveryChangeStatus Status, DeliveryState? Before = null, string? Destination = null);

public enum DeliveryChangeStatus
{
    /// <summary>Committed.</summary>
    Done,

    /// <summary>There is no delivery with this id.</summary>
    NotFound,

    /// <summary>The delivery's state does not allow the action; perhaps another operator has changed it.</summary>
    WrongState,

    /// <summary>The stored message was to be sent, but none is stored.</summary>
    NoMessage,
}
