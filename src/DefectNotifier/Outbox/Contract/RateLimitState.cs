namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The state of a rate limit that must survive a restart. Contains durations from <see cref="SavedAt"/> on, not times, so
/// that setting the clock back can't make them longer.
/// </summary>
/// <param name="Key">Names the limit: a channel, or a method of an API in a workspace. Contains no secret.</param>
public sealed record RateLimitState(string Key)
{
    /// <summary>Grows each time it is saved; an older state never replaces a newer one.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>Nothing may be sent for this long, because the chat said so.</summary>
    public TimeSpan ClosedFor { get; init; }

    /// <summary>After this time the bucket is full again.</summary>
    public TimeSpan Deficit { get; init; }
}
