using System.Diagnostics.Metrics;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Hosting;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Checks the store from time to time, also when nothing arrives and nothing is pending: whether an event could be stored and delivered
/// now, and how many deliveries are pending. Lanes and intake report the results of their own work to <see cref="ServiceHealth"/>.
/// </summary>
public sealed class StoreWatch(
    IOutbox outbox,
    IOutboxStatistics statistics,
    LaneHost lanes,
    DestinationActivities activities,
    ServiceHealth health,
    NotifierMetrics metrics,
    TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Counting a very long queue takes time: a check gets at most a twentieth of it.</summary>
    private const int PauseFactor = 20;

    private readonly DateTimeOffset _createdAt = time.GetUtcNow();
    private volatile IReadOnlyDictionary<string, Backlog>? _backlog;
    private volatile IReadOnlyDictionary<string, DeferredCount>? _deferred;

    private long _answeredAt = time.GetTimestamp();

    /// <summary>
    /// How long the store has not answered a trial write: neither with success nor with an error. Grows up to four minutes between two
    /// checks of a slow store.
    /// </summary>
    public TimeSpan SilentFor => time.GetElapsedTime(Volatile.Read(ref _answeredAt));

    /// <summary>The pending deliveries at the last check, by destination; null: the store could not be read.</summary>
    public IReadOnlyDictionary<string, Backlog>? Backlog => _backlog;

    /// <summary>
    /// The states of the lanes, in the order of the configuration, with the pending and deferred deliveries at the last check.
    /// </summary>
    public IReadOnlyList<LaneStatus> Lanes
    {
        get
        {
            var (backlog, deferred) = (_backlog, _deferred);
            return [.. lanes.Statuses.Select(lane => Count(lane, backlog, deferred))];
        }
    }

    /// <summary>True when events can be stored and every lane can deliver.</summary>
    public bool IsReady =>
        !health.Problems.Any(problem => problem.IsVital) && lanes.Statuses.All(lane => lane.State != LaneActivity.Stopped);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveLanes(
            () => Lanes.Select(lane => new Measurement<double>(lane.Waiting ?? double.NaN, Label(lane))),
            () => Lanes.Select(lane => new Measurement<double>(AgeOf(lane), Label(lane))),
            () => lanes.Statuses.Select(lane => new Measurement<int>(lane.State == LaneActivity.Parked ? 1 : 0, Label(lane))));
        metrics.ObserveDeferred(
            () => Lanes.Select(lane => new Measurement<double>(lane.Deferred ?? double.NaN, Label(lane))),
            () => Lanes.Select(lane => new Measurement<double>(DueIn(lane), Label(lane))));
        metrics.ObserveReady(() => IsReady);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Checks the store now.</summary>
    /// <returns>Null when it works; otherwise why it does not.</returns>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var probe = outbox.ProbeAsync(cancellationToken);
        var writeError = await ErrorOfAsync(probe, cancellationToken);
        if (probe.IsCompleted) Volatile.Write(ref _answeredAt, time.GetTimestamp());
        var reading = outbox.ReadBacklogAsync(cancellationToken);
        var counting = outbox.ReadDeferredAsync(cancellationToken);
        var readError = await ErrorOfAsync(Task.WhenAll(reading, counting), cancellationToken);
        _backlog = readError is null ? (await reading).ToDictionary(one => one.Destination, StringComparer.OrdinalIgnoreCase) : null;
        _deferred = readError is null ? (await counting).ToDictionary(one => one.Destination, StringComparer.OrdinalIgnoreCase) : null;

        if (_backlog is not null)
            foreach (var lane in Lanes) activities.For(lane.Destination).Waits(lane.Waiting ?? 0, time.GetUtcNow());

        // Without traffic, no webhook would show that events can be stored again.
        if (writeError is null) health.Works(HealthPart.Intake);
        var error = writeError ?? readError;
        if (error is null) health.Works(HealthPart.Store);
        else health.Fails(HealthPart.Store, error);
        return error;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ErrorOfAsync(AddEarlierAsync(stoppingToken), stoppingToken);
        while (true)
        {
            var begun = time.GetTimestamp();
            await CheckAsync(stoppingToken);
            var pause = PauseFactor * time.GetElapsedTime(begun);
            await Task.Delay(pause > Interval ? pause : Interval, time, stoppingToken);
        }
    }

    // What was sent before the start, for the activity of the last hour.
    private async Task AddEarlierAsync(CancellationToken cancellationToken)
    {
        var since = _createdAt.AddMinutes(-DestinationActivity.Minutes);
        activities.Add(await statistics.ReadRecentAsync(since, _createdAt, cancellationToken));
    }

    private async Task<string?> ErrorOfAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(Timeout, time, cancellationToken);
            return null;
        }
        catch (OutboxUnavailableException error)
        {
            return error.Message;
        }
        catch (TimeoutException)
        {
            return $"the store does not respond within {Timeout.TotalSeconds:0} s";
        }
        // A bug must not end the watch.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return $"unexpected error ({error.GetType().Name})";
        }
    }

    private static LaneStatus Count(
        LaneStatus lane, IReadOnlyDictionary<string, Backlog>? backlog, IReadOnlyDictionary<string, DeferredCount>? deferred) => lane with
        {
            Waiting = backlog is null ? null : backlog.GetValueOrDefault(lane.Destination)?.Waiting ?? 0,
            OldestReceivedAt = backlog?.GetValueOrDefault(lane.Destination)?.OldestReceivedAt,
            Deferred = deferred is null ? null : deferred.GetValueOrDefault(lane.Destination)?.Count ?? 0,
            DeferredUntil = deferred?.GetValueOrDefault(lane.Destination)?.NextDueAt,
        };

    private double AgeOf(LaneStatus lane) =>
        lane.Waiting is null ? double.NaN
        : lane.OldestReceivedAt is { } since ? Math.Max(0, (time.GetUtcNow() - since).TotalSeconds)
        : 0;

    private double DueIn(LaneStatus lane) =>
        lane.DeferredUntil is { } until ? Math.Max(0, (until - time.GetUtcNow()).TotalSeconds) : double.NaN;

    private static KeyValuePair<string, object?> Label(LaneStatus lane) => new("destination", lane.Destination);
}
