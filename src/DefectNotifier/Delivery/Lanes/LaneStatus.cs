using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>The state of a lane as an operator sees it.</summary>
/// <param name="Destination">The destination's name.</param>
/// <param name="State"><c>running</c>, <c>waiting</c> (until a time), <c>parked</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it waits or is parked, a word from the closed list; null otherwise.</param>
/// <param name="Until">When it continues by itself; null when it does not wait.</param>
/// <param name="Waiting">The number of pending deliveries.</param>
/// <param name="OldestReceivedAt">When the oldest of them was accepted; null when there is none.</param>
public sealed record LaneStatus(string Destination, string State, string? Reason, DateTimeOffset? Until, long Waiting, DateTimeOffset? OldestReceivedAt);

/// <summary>What keeps a lane from sending now.</summary>
/// <param name="Until">When it continues by itself, by the wall clock at the start of the wait.</param>
/// <param name="Reason">A word from the closed list of reasons, or <c>rate-limit</c>, <c>confirming</c>, <c>store-unavailable</c>; null when it is not known.</param>
internal sealed record LaneHold(DateTimeOffset Until, string? Reason);
