using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Outbox;

/// <summary>What waits for one destination.</summary>
/// <param name="Destination">The destination's name, also one that the configuration no longer has.</param>
/// <param name="Waiting">Deliveries pending.</param>
/// <param name="OldestReceivedAt">When the oldest of them was accepted.</param>
public sealed record Backlog(string Destination, long Waiting, DateTimeOffset OldestReceivedAt);
