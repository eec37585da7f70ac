namespace DefectNotifier.Outbox;

/// <summary>One step of a walk over the stored events, the oldest first, and what of them goes. The rule is here, so that every outbox obeys the same.</summary>
public sealed record PruneRequest
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long an event without a dead letter stays after its end.</summary>
    public required TimeSpan KeepDelivered { get; init; }

    /// <summary>How long an event with a dead letter stays after its end.</summary>
    public required TimeSpan KeepDead { get; init; }

    /// <summary>How long a defect is remembered after its last event, however it stands.</summary>
    public TimeSpan KeepUntouched { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Where the last step came to; 0: begin with the oldest.</summary>
    public long After { get; init; }

    /// <summary>Looks at so many events, or defects, at most.</summary>
    public int Limit { get; init; } = 256;

    /// <summary>
    /// True when the walk need not go on: what arrived later is younger still. Not so for an event from the future: the clock was wrong then, and it may
    /// stand before others that are old.
    /// </summary>
    public bool EndsAt(DateTimeOffset receivedAt)
    {
        var age = Now - receivedAt;
        return age >= TimeSpan.Zero && age < (KeepDelivered < KeepDead ? KeepDelivered : KeepDead);
    }

    /// <summary>
    /// True when what is remembered of a defect goes: long after it was closed, and only before all events that are still stored, so that none of them is left
    /// without a name; or when nothing was heard of it for very long.
    /// </summary>
    /// <param name="isClosed">Whether it is resolved, invalid or deleted.</param>
    /// <param name="touchedAt">When its last event arrived.</param>
    /// <param name="oldestStored">When the oldest event that is stored arrived; null: none is stored.</param>
    public bool Forgets(bool isClosed, DateTimeOffset touchedAt, DateTimeOffset? oldestStored)
    {
        var age = Now - touchedAt;
        return age >= KeepUntouched || (isClosed && age >= KeepDelivered && (oldestStored is null || touchedAt < oldestStored));
    }

    /// <summary>True when the event goes.</summary>
    public bool Takes(PruneCandidate candidate) =>
        !candidate.IsOwed && Now - candidate.EndedAt >= (candidate.IsDead ? KeepDead : KeepDelivered);
}
