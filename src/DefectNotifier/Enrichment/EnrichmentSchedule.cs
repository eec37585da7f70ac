namespace DefectNotifier.Enrichment;

/// <summary>When a failed enrichment request is tried again. Pure: randomness comes in as a number.</summary>
internal static class EnrichmentSchedule
{
    /// <summary>The delays between this many tries add up to about a day.</summary>
    public const int MaxTries = 14;

    /// <summary>The maximum time until a request is due. A request that is due later was stored before the clock was set back.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(6);

    private static readonly TimeSpan InitialBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromHours(4);

    /// <summary>Jitter adds up to a quarter and never shortens a delay.</summary>
    private const double MaxJitter = 0.25;

    /// <param name="triesBefore">Failed tries before this one.</param>
    /// <param name="at">When this try failed.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    /// <returns>Null when the request is given up.</returns>
    public static DateTimeOffset? NextAt(int triesBefore, DateTimeOffset at, double chance)
    {
        if (triesBefore + 1 >= MaxTries) return null;
        var seconds = Math.Min(InitialBackoff.TotalSeconds * Math.Pow(2, Math.Max(0, triesBefore)), MaxBackoff.TotalSeconds);
        return at + TimeSpan.FromSeconds(seconds * (1 + (MaxJitter * chance)));
    }
}
