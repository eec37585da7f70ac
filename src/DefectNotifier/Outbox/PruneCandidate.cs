namespace DefectNotifier.Outbox;

/// <summary>What decides whether an event is kept.</summary>
/// <param name="IsOwed">A delivery of it is pending or held.</param>
/// <param name="IsDead">A delivery of it is dead.</param>
/// <param name="EndedAt">When the last of its deliveries ended; its arrival when it has none.</param>
public readonly record struct PruneCandidate(bool IsOwed, bool IsDead, DateTimeOffset EndedAt);
