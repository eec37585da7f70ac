namespace DefectNotifier.Outbox;

/// <summary>
/// What a destination's lane must remember over a restart. Immutable; a lane is its only writer.
/// </summary>
/// <param name="Destination">The destination's name.</param>
public sealed record LaneState(string Destination)
{
    /// <summary>Nothing is sent before this (Retry-After, backoff, an open circuit); null when free.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why it is held until <see cref="NotBefore"/>, a word from the closed list of reasons; null when free.</summary>
    public string? HoldReason { get; init; }

    /// <summary>How many times in a row it was held for <see cref="HoldReason"/>; 0 when free.</summary>
    public int HoldCount { get; init; }

    /// <summary>The pacer's clock: when the bucket will be full again; null when it is.</summary>
    public DateTimeOffset? PaceFullAt { get; init; }

    /// <summary>Failures in a row at this destination; 0 after a success.</summary>
    public int Failures { get; init; }

    /// <summary>Why the lane is parked, a word from the closed list of reasons; null when it runs.</summary>
    public string? ParkedReason { get; init; }

    /// <summary>A digest of the destination's settings when it was parked: another one means that somebody mended them.</summary>
    public string? ParkedSettings { get; init; }
}
