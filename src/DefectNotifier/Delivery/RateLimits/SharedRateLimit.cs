namespace DefectNotifier.Delivery.RateLimits;

/// <summary>A rate limit that requests to a destination go through, possibly shared with other destinations.</summary>
/// <param name="Key">
/// Names what is limited: a channel, a webhook, a method in a workspace. It is stored and shown, so it contains no secret, at most a digest
/// of one.
/// </param>
/// <param name="RateLimit">How fast. Where destinations that share the limit differ, the slowest counts.</param>
public sealed record SharedRateLimit(string Key, RateLimitOptions RateLimit);

/// <summary>How fast messages may be sent to a destination.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Messages per second in the long run; 0: no limit.</summary>
    public double PerSecond { get; init; } = 1;

    /// <summary>How many may be sent at once after a quiet time; at least 1.</summary>
    public int Burst { get; init; } = 1;
}
