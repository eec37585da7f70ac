namespace DefectNotifier.Delivery;

/// <summary>What keeps a lane from sending now.</summary>
/// <param name="Until">When it goes on by itself.</param>
/// <param name="Reason">A word from the closed list of reasons, or <c>pace</c>; null when it was not written down.</param>
internal sealed record LaneHold(DateTimeOffset Until, string? Reason);
