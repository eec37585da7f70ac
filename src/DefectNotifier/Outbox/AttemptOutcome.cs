using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.RateLimits;

namespace DefectNotifier.Outbox;

/// <summary>
/// What one attempt came to, written in one commit with the lane's new state. Ends the attempt that
/// <see cref="IOutbox.StartAttemptAsync"/> opened.
/// </summary>
public sealed record AttemptOutcome
{
    public required long DeliveryId { get; init; }

    /// <summary>When the answer came.</summary>
    public required DateTimeOffset At { get; init; }

    public required SendOutcome Outcome { get; init; }

    public required SendReason Reason { get; init; }

    /// <summary>What the destination answered, free of secrets; null when there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <summary>The state that the delivery goes to.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>What was sent.</summary>
    public SendStep Step { get; init; }

    /// <summary>
    /// True when it went through and the delivery goes on with something else to send: what was in doubt, or counted, up to now is none of that.
    /// </summary>
    public bool IsStepDone { get; init; }

    /// <summary>What is known of the defect's message in the destination by now, saved in the same commit; null: as before.</summary>
    public MessageThread? MessageThread { get; init; }

    /// <summary>True when the attempt counts towards giving up.</summary>
    public required bool Counts { get; init; }

    /// <summary>True when the time up to now is not the message's error: its age begins anew with the next attempt.</summary>
    public bool RestartsAge { get; init; }

    /// <summary>True when the message may have been posted although no good answer came.</summary>
    public required bool MayHavePosted { get; init; }

    /// <summary>The version of the configuration that the message was rendered with; null: nothing was rendered for it.</summary>
    public string? Version { get; init; }

    /// <summary>The platform's own reference to the message (opaque); null when it gives none.</summary>
    public string? Reference { get; init; }

    /// <summary>What was, or would have been, sent: kept with a delivery that is dead or held; null: nothing to keep.</summary>
    public ReadOnlyMemory<byte>? Message { get; init; }

    /// <summary>Events of our own that tell somebody of this outcome, stored in the same commit. One whose dedup key is already there is left out.</summary>
    public IReadOnlyList<NewEvent> Notices { get; init; } = [];

    /// <summary>
    /// Deliveries behind it whose attempts begin with this outcome, as by <see cref="IOutbox.StartAttemptAsync"/>: a queue that runs freely then costs one commit a
    /// message. One that is not pending is the caller's bug; the outcome is recorded all the same.
    /// </summary>
    public IReadOnlyList<long> Next { get; init; } = [];

    /// <summary>What the attempt of <see cref="Next"/> sends. It may be the same delivery, which then continues with another step.</summary>
    public SendStep NextStep { get; init; }

    /// <summary>Deliveries whose attempts had begun ahead and are not made: their open attempts are taken back, as if they had never begun.</summary>
    public IReadOnlyList<long> Withdrawn { get; init; } = [];

    /// <summary>The states of the limits that it went through, saved in the same commit unless a newer one is there already.</summary>
    public IReadOnlyList<RateLimitState> RateLimiters { get; init; } = [];

    /// <summary>The lane's state after it, saved in the same commit.</summary>
    public required LaneState Lane { get; init; }

    /// <summary>True when nobody waits for the commit yet: it may be held back for a moment, for another one to share it.</summary>
    public bool MayWait { get; init; }

    /// <summary>True when that is the state that was saved last, so that it need not be written again.</summary>
    public bool LaneIsUnchanged { get; init; }
}
