using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Outbox;

/// <summary>
/// What a destination's lane must remember over a restart. Immutable; a lane is its only writer.
/// </summary>
/// <param name="Destination">The destination's name.</param>
public sealed record LaneState(string Destination)
{
    /// <summary>Nothing is sent before this (backoff, an open circuit, the next look at a parked destination); null when free.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When <see cref="NotBefore"/> was settled; the wait is never longer than what lies between the two, whatever the clock was set to since.</summary>
    public DateTimeOffset? HeldAt { get; init; }

    /// <summary>Why it is held until <see cref="NotBefore"/>; null when free.</summary>
    public SendReason? HoldReason { get; init; }

    /// <summary>How many times in a row it was held for <see cref="HoldReason"/>; 0 when free.</summary>
    public int HoldCount { get; init; }

    /// <summary>Failures in a row at this destination; 0 after a success.</summary>
    public int Failures { get; init; }

    /// <summary>When the first of them was; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why the lane is parked; null when it runs.</summary>
    public SendReason? ParkedReason { get; init; }

    /// <summary>Since when the lane is parked; null when it runs.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>A digest of the destination's settings when it was parked: another one means that somebody mended them.</summary>
    public string? ParkedSettings { get; init; }
}
