using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Outbox;

/// <summary>One delivery as the outbox remembers it.</summary>
public sealed record StoredDelivery(
    long Id, string Destination, string State, int Attempts, string? Reason, string? Detail, string? Reference, DateTimeOffset? EndedAt, IReadOnlyList<StoredAttempt> History)
{
    /// <summary>What operators asked for, in order.</summary>
    public IReadOnlyList<StoredAction> Actions { get; init; } = [];

    /// <summary>True when the message that was, or would have been, sent is kept.</summary>
    public bool IsMessageKept { get; init; }
}
