using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Outbox;

/// <summary>The end of an operator's word.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Before">The state that the delivery was found in; null when there is none.</param>
/// <param name="Destination">Where it is owed; null when there is none.</param>
public sealed record DeliveryChange(DeliveryChangeStatus Status, DeliveryState? Before = null, string? Destination = null);
