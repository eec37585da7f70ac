namespace DefectNotifier.Delivery;

/// <summary>
/// A token bucket kept as one moment: when it will be full again. Pure, so that the moment can live in the outbox and a restart
/// does not grant a new burst.
/// </summary>
internal sealed class Pacer(PaceOptions options)
{
    private readonly TimeSpan _interval = options.PerSecond > 0 ? TimeSpan.FromSeconds(1 / options.PerSecond) : TimeSpan.Zero;

    private TimeSpan BucketSpan => _interval * Math.Max(1, options.Burst);

    /// <summary>The earliest moment for the next message; now or earlier when it may go at once.</summary>
    public DateTimeOffset DueAt(DateTimeOffset? fullAt, DateTimeOffset now) => Sane(fullAt, now) - BucketSpan + _interval;

    /// <summary>The bucket after a message at this moment; null when it is full anyway.</summary>
    public DateTimeOffset? Take(DateTimeOffset? fullAt, DateTimeOffset now) => _interval == TimeSpan.Zero ? null : Sane(fullAt, now) + _interval;

    // A wall clock that was set back must not stop the lane: an empty bucket is full again after one span at the most.
    private DateTimeOffset Sane(DateTimeOffset? fullAt, DateTimeOffset now)
    {
        if (fullAt is null || fullAt < now) return now;
        return fullAt > now + BucketSpan ? now + BucketSpan : fullAt.Value;
    }
}
