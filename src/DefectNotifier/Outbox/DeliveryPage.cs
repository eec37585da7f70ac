namespace DefectNotifier.Outbox;

/// <summary>Some of the deliveries that were asked for, newest first.</summary>
/// <param name="Deliveries">Those that meet the conditions.</param>
/// <param name="Next">
/// Where to go on: deliveries with a smaller id come next; null when there is nothing more. A page ends early when a store has looked at many deliveries in vain.
/// </param>
public sealed record DeliveryPage(IReadOnlyList<ListedDelivery> Deliveries, long? Next);
