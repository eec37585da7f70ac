using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations;

/// <summary>One delivery with everything that happened to it.</summary>
/// <param name="Delivery">The delivery as lists have it.</param>
/// <param name="Reference">The chat's own reference to the message; null when it gave none.</param>
/// <param name="History">Every attempt, in order.</param>
/// <param name="Actions">What operators asked for, in order.</param>
internal sealed record DeliveryTimeline(ListedDelivery Delivery, string? Reference, IReadOnlyList<StoredAttempt> History, IReadOnlyList<StoredAction> Actions)
{
    /// <summary>The version of the configuration that its event was routed with; null when it is not known.</summary>
    public string? Version { get; init; }
}
