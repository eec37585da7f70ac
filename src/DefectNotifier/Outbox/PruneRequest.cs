namespace DefectNotifier.Outbox;

/// <summary>One step of a walk over the stored events, the oldest first, and what of them goes. The rule is here, so that every outbox obeys the same.</summary>
public sealed record PruneRequest
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long an event without a dead letter stays after its end.</summary>
    public required TimeSpan KeepDelivered { get; init; }

    /// <summary>How long an event with a dead letter stays after its end.</summary>
    public required TimeSpan KeepDead { get; init; }

    /// <summary>Where the last step came to; 0: begin with the oldest.</summary>
    public long After { get; init; }

    /// <summary>Looks at so many events at most.</summary>
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

    /// <summary>True when the event goes.</summary>
    public bool Takes(PruneCandidate candidate) =>
        !candidate.IsOwed && Now - candidate.EndedAt >= (candidate.IsDead ? KeepDead : KeepDelivered);
}
