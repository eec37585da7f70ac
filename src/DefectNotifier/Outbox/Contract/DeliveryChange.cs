namespace DefectNotifier.Outbox.Contract;

/// <summary>The result of an operator's action.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Before">The state of the delivery before it; null when there is no such delivery.</param>
/// <param name="Destination">Its destination; null when there is no such delivery.</param>
public sealed record DeliveryChange(DeliveryChangeStatus Status, DeliveryState? Before = null, string? Destination = null);

public enum DeliveryChangeStatus
{
    /// <summary>Committed.</summary>
    Done,

    /// <summary>There is no delivery with this id.</summary>
    NotFound,

    /// <summary>Its state does not allow it; perhaps another operator was faster.</summary>
    WrongState,

    /// <summary>The stored message was to be sent, but none is stored.</summary>
    NoMessage,
}
