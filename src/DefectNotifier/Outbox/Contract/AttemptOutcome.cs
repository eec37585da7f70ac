namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The result of one attempt, written in one commit with the lane's new state. Ends the attempt that
/// <see cref="IOutbox.StartAttemptAsync"/> started.
/// </summary>
public sealed record AttemptOutcome
{
    /// <summary>
    /// An outcome that is written again with the same id changes nothing. It is written again when its first commit was reported as failed
    /// and may be on disk.
    /// </summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    public required long DeliveryId { get; init; }

    /// <summary>When the response came.</summary>
    public required DateTimeOffset At { get; init; }

    public required SendOutcome Outcome { get; init; }

    public required SendReason Reason { get; init; }

    /// <summary>What the destination responded, free of secrets; null when there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <summary>The new state of the delivery.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>What was sent.</summary>
    public SendStep Step { get; init; }

    /// <summary>
    /// True when this step succeeded and the delivery has another step: the doubt and the counts so far do not apply to that step.
    /// </summary>
    public bool IsStepDone { get; init; }

    /// <summary>What is known about the defect's message in the destination, saved in the same commit; null: unchanged.</summary>
    public MessageThread? MessageThread { get; init; }

    /// <summary>The digest after the step, saved in the same commit; null: the delivery is not a digest.</summary>
    public Digest? Digest { get; init; }

    /// <summary>
    /// With <see cref="DeliveryState.Digested"/>: the digest that the delivery becomes part of in the same commit, in place of a dead
    /// letter.
    /// </summary>
    public DigestJoin? Join { get; init; }

    /// <summary>True when the failure has nothing to do with the message, so that its age starts again with the next attempt.</summary>
    public bool RestartsAge { get; init; }

    /// <summary>True when the message may have been posted although no response confirmed it.</summary>
    public required bool MayHavePosted { get; init; }

    /// <summary>The version of the configuration that rendered the message; null: nothing was rendered.</summary>
    public string? Version { get; init; }

    /// <summary>The platform's own reference to the message (opaque); null when it gives none.</summary>
    public string? Reference { get; init; }

    /// <summary>
    /// The message that was, or would have been, sent; stored with a delivery that is dead or held. Null: nothing to store.
    /// </summary>
    public ReadOnlyMemory<byte>? Message { get; init; }

    /// <summary>
    /// The service's own events that report this outcome, stored in the same commit. An event with a known dedup key is left out.
    /// </summary>
    public IReadOnlyList<NewEvent> Notices { get; init; } = [];

    /// <summary>
    /// The attempt that starts in the same commit, as by <see cref="IOutbox.StartAttemptAsync"/>; null: none. Its delivery must be
    /// pending, otherwise the caller has a bug; the outcome is recorded anyway.
    /// </summary>
    public NextAttempt? Next { get; init; }

    /// <summary>The states of the rate limits that were used, saved in the same commit unless a newer one is stored.</summary>
    public IReadOnlyList<RateLimitState> RateLimits { get; init; } = [];

    /// <summary>The lane's state after the attempt, saved in the same commit.</summary>
    public required LaneState Lane { get; init; }

    /// <summary>True when <see cref="Lane"/> is the state that was saved last, so that it need not be written again.</summary>
    public bool LaneIsUnchanged { get; init; }
}

/// <summary>An attempt that starts with the outcome of the one before it.</summary>
/// <param name="DeliveryId">The delivery: the next one of the lane, or the same one with its next step.</param>
/// <param name="Step">What is sent.</param>
public sealed record NextAttempt(long DeliveryId, SendStep Step = SendStep.Message);
