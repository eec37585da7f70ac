namespace DefectNotifier.Outbox;

/// <summary>
/// What a limit on sending must remember over a restart. TimeText from <see cref="SavedAt"/> on rather than moments: a clock that was set back in between can't make
/// any of them longer.
/// </summary>
/// <param name="Key">Names the limit: a place in a chat, or a method in a workspace. Holds no secret.</param>
public sealed record RateLimitState(string Key)
{
    /// <summary>Grows with each saving; an older state never replaces a newer one.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>Nothing may be sent for so long, because the chat said so.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>After so long the bucket is full again.</summary>
    public TimeSpan Deficit { get; init; }

    /// <summary>How many times the pace was halved.</summary>
    public int Slowness { get; init; }

    /// <summary>How long ago it was halved last.</summary>
    public TimeSpan SinceSlowed { get; init; }
}
