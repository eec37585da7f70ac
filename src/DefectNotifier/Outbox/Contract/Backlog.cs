namespace DefectNotifier.Outbox.Contract;

/// <summary>The pending deliveries of one destination.</summary>
/// <param name="Destination">The destination's name, also one that the configuration no longer has.</param>
/// <param name="Waiting">How many deliveries are pending.</param>
/// <param name="OldestReceivedAt">When the event of the oldest of them was accepted.</param>
public sealed record Backlog(string Destination, long Waiting, DateTimeOffset OldestReceivedAt);

/// <summary>The deferred deliveries of one destination.</summary>
/// <param name="Destination">The destination's name, also one that the configuration no longer has.</param>
/// <param name="Count">How many are deferred.</param>
/// <param name="NextDueAt">When the first of them is due.</param>
public sealed record DeferredCount(string Destination, long Count, DateTimeOffset NextDueAt)
{
    /// <summary>The sum with another count of the same destination.</summary>
    public DeferredCount With(DeferredCount other) =>
        new(Destination, Count + other.Count, other.NextDueAt < NextDueAt ? other.NextDueAt : NextDueAt);
}

/// <summary>The deliveries to one destination that have waited too long, for the notice to their fallback.</summary>
/// <param name="Destination">The destination that they are for.</param>
/// <param name="Fallback">The destination that gets the notice.</param>
/// <param name="Count">The number of deliveries.</param>
/// <param name="Oldest">The oldest of them, at most <see cref="MaxShown"/>.</param>
public sealed record OverdueDeliveries(string Destination, string Fallback, long Count, IReadOnlyList<PendingDelivery> Oldest)
{
    /// <summary>A notice lists this many; the others are only counted.</summary>
    public const int MaxShown = 10;
}
