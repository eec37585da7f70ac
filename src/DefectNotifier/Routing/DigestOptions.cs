namespace DefectNotifier.Routing;

/// <summary>
/// When messages that wait for a destination are combined into a digest. A destination without these options sends every message on its
/// own, except deferred ones.
/// </summary>
public sealed record DigestOptions
{
    /// <summary>
    /// When more than this many messages wait and none may be sent now, they become a digest; default 10.
    /// </summary>
    public int Threshold { get; init; } = 10;

    /// <summary>
    /// How often a digest is updated, or where messages can't be changed, how often a new one is posted; default 1 minute. A storm ends
    /// when nothing arrives for this long.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the first message of a digest waits for others before the digest is posted; default 10 seconds.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Severities, by slug, whose messages are sent first, on their own up to the threshold; default <c>blocker</c>.</summary>
    public IReadOnlyList<string> Always { get; init; } = ["blocker"];
}
