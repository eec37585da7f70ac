namespace DefectNotifier.Enrichment;

/// <summary>When something is asked for again that could not be told. Pure: chance comes in as a number.</summary>
internal static class EnrichmentSchedule
{
    /// <summary>The waits between so many tries are a day together.</summary>
    public const int MaxTries = 14;

    /// <summary>No wish is ever due later than so long from now. One that is was written before the clock was set back.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromHours(6);

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>Jitter adds up to a quarter, never takes away.</summary>
    private const double MaxJitter = 0.25;

    /// <param name="triesBefore">Tries in vain, without this one.</param>
    /// <param name="at">When this one ended.</param>
    /// <param name="chance">0 to 1.</param>
    /// <returns>Null when it is given up.</returns>
    public static DateTimeOffset? NextAt(int triesBefore, DateTimeOffset at, double chance) => triesBefore + 1 >= MaxTries
        ? null
        : at + TimeSpan.FromSeconds(Math.Min(First.TotalSeconds * Math.Pow(2, Math.Max(0, triesBefore)), Longest.TotalSeconds) * (1 + (MaxJitter * chance)));
}
