namespace DefectNotifier.Outbox;

/// <summary>One delivery as the outbox remembers it.</summary>
public sealed record StoredDelivery(
    long Id, string Destination, string State, int Attempts, string? Reason, string? Detail, string? Reference, DateTimeOffset? EndedAt, IReadOnlyList<StoredAttempt> History);
