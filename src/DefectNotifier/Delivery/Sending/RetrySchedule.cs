namespace DefectNotifier.Delivery.Sending;

/// <summary>When to try again after consecutive failures. Pure: the random number is an argument.</summary>
internal static class RetrySchedule
{
    /// <summary>Jitter adds up to a quarter and never subtracts: a wait is at least what the schedule says.</summary>
    private const double MaxJitter = 0.25;

    private static readonly TimeSpan InitialReconnectDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The wait for a destination that can't be reached: a fortieth of the outage so far. A failed connection leaves nothing behind, so
    /// deliveries continue soon after a short outage, and during a long one attempts are rare.
    /// </summary>
    /// <param name="max">The maximum wait, before jitter.</param>
    /// <param name="outage">How long the outage has lasted.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan ReconnectDelay(TimeSpan max, TimeSpan outage, double random)
    {
        var wait = Math.Max(InitialReconnectDelay.TotalSeconds, outage.TotalSeconds / 40);
        return TimeSpan.FromSeconds(Math.Min(wait, max.TotalSeconds) * (1 + (MaxJitter * random)));
    }

    /// <param name="initial">The wait after the first failure.</param>
    /// <param name="max">The maximum wait, before jitter.</param>
    /// <param name="failures">Consecutive failures including this one; from 1.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan Delay(TimeSpan initial, TimeSpan max, int failures, double random)
    {
        // After 30 doublings every schedule has reached its maximum.
        var doublings = Math.Clamp(failures - 1, 0, 30);
        var wait = Math.Min(initial.TotalSeconds * Math.Pow(2, doublings), max.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (1 + (MaxJitter * random)));
    }
}
