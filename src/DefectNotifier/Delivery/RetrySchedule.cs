namespace DefectNotifier.Delivery;

/// <summary>When to try again after failures in a row. Pure: chance comes in as a number.</summary>
internal static class RetrySchedule
{
    /// <summary>Jitter adds up to a quarter, never takes away: a wait is at least what the schedule says.</summary>
    private const double MaxJitter = 0.25;

    /// <summary>The first wait of a destination that can't be reached.</summary>
    private static readonly TimeSpan FirstReconnect = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The wait of a destination that can't be reached: a fortieth of how long that has lasted. A try costs nobody anything, as nothing leaves this machine, so what waits
    /// goes on soon after the end of a short outage, and a long one is not asked about all the time.
    /// </summary>
    /// <param name="longest">The longest wait, before jitter.</param>
    /// <param name="outage">How long it has lasted.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan ReconnectDelay(TimeSpan longest, TimeSpan outage, double chance)
    {
        var wait = Math.Max(FirstReconnect.TotalSeconds, outage.TotalSeconds / 40);
        return TimeSpan.FromSeconds(Math.Min(wait, longest.TotalSeconds) * (1 + (MaxJitter * chance)));
    }

    /// <param name="first">The wait after the first failure.</param>
    /// <param name="longest">The longest wait, before jitter.</param>
    /// <param name="failures">Failures in a row, this one included; from 1.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan Delay(TimeSpan first, TimeSpan longest, int failures, double chance)
    {
        // Beyond 30 doublings every schedule has reached its longest wait.
        var doublings = Math.Clamp(failures - 1, 0, 30);
        var wait = Math.Min(first.TotalSeconds * Math.Pow(2, doublings), longest.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (1 + (MaxJitter * chance)));
    }
}
