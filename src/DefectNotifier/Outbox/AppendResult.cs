using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>The end of an append. Expected ends are values; only a bug throws.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="EventId">The id of the event: of the first one when this is a duplicate; null when nothing is stored.</param>
/// <param name="Deliveries">How many deliveries the stored event has.</param>
/// <param name="Detail">Why the store refused, without any path or secret; null otherwise.</param>
public sealed record AppendResult(AppendStatus Status, string? EventId, int Deliveries, string? Detail = null)
{
    /// <summary>True when with it something has become wanted of Qase's API: see <see cref="EnrichmentRequest"/>.</summary>
    public bool IsAsking { get; init; }
}
