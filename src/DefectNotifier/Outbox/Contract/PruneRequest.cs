namespace DefectNotifier.Outbox.Contract;

/// <summary>One step of a walk over the stored events, oldest first, and which of them are deleted.</summary>
public sealed record PruneRequest
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long an event without a dead letter is kept after its end.</summary>
    public required TimeSpan KeepDelivered { get; init; }

    /// <summary>How long an event with a dead letter is kept after its end.</summary>
    public required TimeSpan KeepDead { get; init; }

    /// <summary>How long a defect is kept after its last event, whatever its status.</summary>
    public TimeSpan KeepUntouched { get; init; } = TimeSpan.FromDays(365);

    /// <summary><see cref="PruneResult.After"/> of the last step; 0: start with the oldest.</summary>
    public long After { get; init; }

    /// <summary><see cref="PruneResult.Latest"/> of the last step.</summary>
    public DateTimeOffset Latest { get; init; }

    /// <summary>The maximum number of events, or defects, to look at.</summary>
    public int Limit { get; init; } = 256;

    /// <summary>
    /// True when the walk can end, because all later events are even younger. False for an event from the future: the clock was wrong then,
    /// and events after it may be old.
    /// </summary>
    public bool EndsAt(DateTimeOffset receivedAt)
    {
        var age = Now - receivedAt;
        return age >= TimeSpan.Zero && age < (KeepDelivered < KeepDead ? KeepDelivered : KeepDead);
    }

    /// <summary>
    /// True when a defect is deleted: long after it was closed, and when all its events are deleted, so that none of them is left without a
    /// title; or when it has had no event for very long.
    /// </summary>
    /// <param name="isClosed">Whether it is resolved, invalid or deleted.</param>
    /// <param name="touchedAt">When its last event arrived.</param>
    /// <param name="oldestStored">When the oldest event that is stored arrived; null: none is stored.</param>
    public bool Forgets(bool isClosed, DateTimeOffset touchedAt, DateTimeOffset? oldestStored)
    {
        var age = Now - touchedAt;
        return age >= KeepUntouched || (isClosed && age >= KeepDelivered && (oldestStored is null || touchedAt < oldestStored));
    }

    /// <summary>True when the event is deleted.</summary>
    public bool Takes(PruneCandidate candidate) =>
        !candidate.IsPending && Now - candidate.EndedAt >= (candidate.IsDead ? KeepDead : KeepDelivered);
}

/// <summary>What decides whether an event is deleted.</summary>
/// <param name="IsPending">A delivery of it is pending or held.</param>
/// <param name="IsDead">A delivery of it is dead.</param>
/// <param name="EndedAt">When the last of its deliveries ended; its arrival when it has none.</param>
public readonly record struct PruneCandidate(bool IsPending, bool IsDead, DateTimeOffset EndedAt);

/// <summary>What one step of a walk did.</summary>
/// <param name="Pruned">How many events, or defects, were deleted.</param>
/// <param name="After">Where the next step starts.</param>
/// <param name="IsDone">True when no other event is old enough.</param>
public sealed record PruneResult(int Pruned, long After, bool IsDone)
{
    /// <summary>The latest arrival up to there that is not in the future.</summary>
    public DateTimeOffset Latest { get; init; }
}
