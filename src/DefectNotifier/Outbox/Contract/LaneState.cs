namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The state of a lane that must survive a restart. Immutable; written by its lane, and by an operator who resumes it.
/// </summary>
/// <param name="Destination">The destination's name.</param>
public sealed record LaneState(string Destination)
{
    /// <summary>Nothing is sent before this (backoff, open circuit, next try of a parked destination); null: no wait.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// When <see cref="NotBefore"/> was set; the wait is never longer than the time between the two, even when the clock was set back
    /// since.
    /// </summary>
    public DateTimeOffset? WaitSince { get; init; }

    /// <summary>Why the lane waits until <see cref="NotBefore"/>; null: no wait.</summary>
    public SendReason? WaitReason { get; init; }

    /// <summary>How many times in a row the lane waited for <see cref="WaitReason"/>; 0: no wait.</summary>
    public int WaitCount { get; init; }

    /// <summary>Failures in a row at this destination; 0 after a success.</summary>
    public int Failures { get; init; }

    /// <summary>When the first of these failures happened; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why the lane is parked, or was until its settings were changed; null after a delivered message.</summary>
    public SendReason? ParkedReason { get; init; }

    /// <summary>Since when the lane is parked, as long as <see cref="ParkedReason"/> is set.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>
    /// A digest of the destination's settings when it was parked; another digest means that they were changed. Null when the lane runs.
    /// </summary>
    public string? ParkedSettings { get; init; }

    public bool IsParked => ParkedSettings is not null;

    /// <summary>
    /// True when a parked lane waits only for the next probe of its destination, which an operator may start at once. False for a wait that
    /// the chat asked for.
    /// </summary>
    public bool IsProbeWait => IsParked && WaitReason == ParkedReason;
}
