using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>Reads the status of the running service.</summary>
internal sealed class StatusReader(
    string outboxName,
    Readiness readiness,
    IOutboxStatistics statistics,
    ISilences silences,
    DestinationActivities activities,
    CurrentConfiguration current,
    IClaims claims,
    TimeProvider time)
{
    /// <summary>How far back events that no route took are counted.</summary>
    public static readonly TimeSpan UnroutedFor = TimeSpan.FromDays(1);

    /// <summary>Open consoles read the status about once per second.</summary>
    private static readonly TimeSpan MaxTrialAge = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>
    /// Reads everything now, in at most <see cref="ReadLimit.Max"/>. What can't be read is left out, and the report says that the store
    /// fails.
    /// </summary>
    public async Task<ServiceStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = ReadStoreAsync(time.GetUtcNow(), cancellationToken);
        var ready = await readiness.CheckAsync(MaxTrialAge, cancellationToken);
        var (failed, unrouted, silenced) = await reading;
        var (now, configuration) = (time.GetUtcNow(), current.Value);
        return StatusReport.Of(new StatusFacts
        {
            Ready = ready,
            Destinations =
            [
                .. configuration.Settings.Destinations.Select(options => Describe(
                    options, configuration.Pipeline.Destinations.First(one => one.Name == options.Name), now)),
            ],
            Failed = failed,
            Unrouted = unrouted,
            Silences = silenced,
            Outbox = outboxName,
            At = now,
            StartedAt = _startedAt,
            Nodes = claims.Roster.Nodes,
        });
    }

    /// <summary>Messages per second in the long run; null: no limit.</summary>
    public static double? PerSecondOf(IEnumerable<SharedRateLimit> limits)
    {
        var rates = limits.Select(limit => limit.RateLimit.PerSecond).Where(rate => rate > 0).ToList();
        return rates.Count > 0 ? rates.Min() : null;
    }

    private DestinationFacts Describe(DestinationOptions options, Destination destination, DateTimeOffset now)
    {
        var activity = activities.For(options.Name);
        return new DestinationFacts(options, destination.Platform, PerSecondOf(destination.Limits), activity.Read(now), activity.Failure);
    }

    private async Task<(IReadOnlyList<FailedCount>? Failed, IReadOnlyList<UnroutedCount> Unrouted, IReadOnlyList<Routing.Silence> Silences)>
        ReadStoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadLimit.WithinAsync(
                async token =>
                {
                    var failed = statistics.ReadFailedAsync(token);
                    var unrouted = statistics.ReadUnroutedAsync(now - UnroutedFor, token);
                    var silenced = silences.ReadSilencesAsync(now, token);
                    return (await failed, await unrouted, await silenced);
                },
                time,
                cancellationToken);
        }
        catch (OutboxUnavailableException)
        {
            return (null, [], []);
        }
    }
}
