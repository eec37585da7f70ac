using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Outbox;

/// <summary>What waits for one destination for too long, as its fallback is to be told.</summary>
/// <param name="Destination">Where they should be.</param>
/// <param name="Fallback">Who is told.</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">The first of them, at most <see cref="MaxShown"/>.</param>
public sealed record OverdueDeliveries(string Destination, string Fallback, long Count, IReadOnlyList<PendingDelivery> Oldest)
{
    /// <summary>More than these would bury the message; they are counted.</summary>
    public const int MaxShown = 10;
}
