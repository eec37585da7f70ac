namespace DefectNotifier.Delivery;

/// <summary>What an operator sees of a lane.</summary>
/// <param name="Destination">The destination's name.</param>
/// <param name="State"><c>running</c>, <c>waiting</c> (until a time), <c>parked</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it waits or is parked, a word from the closed list; null otherwise.</param>
/// <param name="Until">When it goes on by itself; null when nothing holds it.</param>
/// <param name="Waiting">Deliveries that wait.</param>
/// <param name="OldestReceivedAt">When the oldest of them was accepted; null when none waits.</param>
public sealed record LaneStatus(string Destination, string State, string? Reason, DateTimeOffset? Until, long Waiting, DateTimeOffset? OldestReceivedAt);
