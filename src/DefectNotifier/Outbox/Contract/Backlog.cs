namespace DefectNotifier.Outbox.Contract;

/// <summary>What waits for one destination.</summary>
/// <param name="Destination">The destination's name, also one that the configuration no longer has.</param>
/// <param name="Waiting">How many deliveries are pending.</param>
/// <param name="OldestReceivedAt">When the event of the oldest of them was accepted.</param>
public sealed record Backlog(string Destination, long Waiting, DateTimeOffset OldestReceivedAt);

/// <summary>What has waited too long for one destination, for the notice to its fallback.</summary>
/// <param name="Destination">Where they should be.</param>
/// <param name="Fallback">The destination that gets the notice.</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">The first of them, at most <see cref="MaxShown"/>.</param>
public sealed record OverdueDeliveries(string Destination, string Fallback, long Count, IReadOnlyList<PendingDelivery> Oldest)
{
    /// <summary>A notice lists so many; the others are counted.</summary>
    public const int MaxShown = 10;
}
