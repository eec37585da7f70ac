namespace DefectNotifier.Outbox;

/// <summary>What one step of a walk did.</summary>
/// <param name="Pruned">How many events, or defects, went.</param>
/// <param name="After">Where the next step begins.</param>
/// <param name="IsDone">True when nothing more is old enough.</param>
public sealed record PruneResult(int Pruned, long After, bool IsDone);
