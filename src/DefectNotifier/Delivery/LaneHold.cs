namespace DefectNotifier.Delivery;

/// <summary>What keeps a lane from sending now.</summary>
/// <param name="Until">When it goes on by itself, by the wall clock as it was set when the wait began.</param>
/// <param name="Reason">A word from the closed list of reasons, or <c>pace</c>, <c>confirming</c>, <c>store-unavailable</c>; null when it was not written down.</param>
internal sealed record LaneHold(DateTimeOffset Until, string? Reason);
