namespace DefectNotifier.Outbox.Contract;

/// <summary>Where and when deliveries are combined.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="Place">The channel; null: its messages can't be changed.</param>
/// <param name="Window">How often a digest is updated.</param>
/// <param name="At">Now.</param>
public sealed record DigestScope(string Destination, string? Place, TimeSpan Window, DateTimeOffset At);

/// <summary>Pending deliveries that become part of a digest.</summary>
/// <param name="Scope">Where and when.</param>
/// <param name="DeliveryIds">The deliveries, in the order of acceptance; the store adds a limited number in one commit.</param>
public sealed record DigestJoin(DigestScope Scope, IReadOnlyList<long> DeliveryIds)
{
    /// <summary>True when all of them are urgent.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>
    /// True: no digest is created. A delivery is added only if a digest contains its defect, and is unsent or can still be changed.
    /// </summary>
    public bool IsFollowing { get; init; }

    /// <summary>When a new digest is sent at the earliest.</summary>
    public DateTimeOffset FirstDueAt { get; init; }

    /// <summary>Why they are combined.</summary>
    public SendReason Reason { get; init; } = SendReason.Storm;
}

/// <summary>What was added to a digest.</summary>
/// <param name="Count">How many deliveries were added.</param>
/// <param name="Latest">The digest of the destination that was created last; null: there is none.</param>
public sealed record DigestJoinResult(int Count, Digest? Latest);
