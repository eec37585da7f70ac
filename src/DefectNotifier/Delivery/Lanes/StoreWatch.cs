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
    IOutboxView view,
    LaneHost lanes,
    DestinationActivities activities,
    ServiceHealth health,
    NotifierMetrics metrics,
    TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>After a slow check. A store that works again must be noticed soon.</summary>
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(30);

    /// <summary>Counting a very long queue takes time: a check gets about a twentieth of it.</summary>
    private const int PauseFactor = 20;

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _createdAt = time.GetUtcNow();
    private volatile IReadOnlyDictionary<string, Backlog>? _backlog;
    private volatile IReadOnlyDictionary<string, DeferredCount>? _deferred;

    // Of the lanes that other nodes run; null: not read.
    private volatile IReadOnlyDictionary<string, LaneState>? _elsewhere;

    private Task _check = Task.CompletedTask;
    private Task<string?>? _nextCheck;
    private TimeSpan _nextMaxAge;
    private Task<long>? _trial;
    private long _answeredAt = time.GetTimestamp();

    /// <summary>
    /// How long the store has not answered a trial write: neither with success nor with an error. Grows up to 35 seconds between two
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
            return [.. lanes.Statuses.Select(lane => Count(Place(lane), backlog, deferred))];
        }
    }

    /// <summary>True when events can be stored and every lane can deliver.</summary>
    public bool IsReady => !FailsVitally && lanes.Statuses.All(lane => lane.State != LaneActivity.Stopped);

    // Sums over all nodes are right when each lane is measured by the node that runs it.
    private IEnumerable<LaneStatus> Own => Lanes.Where(lane => lane.Node is null);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveLanes(
            () => Own.Select(lane => new Measurement<double>(lane.Waiting ?? double.NaN, Label(lane))),
            () => Own.Select(lane => new Measurement<double>(AgeOf(lane), Label(lane))),
            () => Own.Select(lane => new Measurement<int>(lane.State == LaneActivity.Parked ? 1 : 0, Label(lane))));
        metrics.ObserveDeferred(
            () => Own.Select(lane => new Measurement<double>(lane.Deferred ?? double.NaN, Label(lane))),
            () => Own.Select(lane => new Measurement<double>(DueIn(lane), Label(lane))));
        metrics.ObserveReady(() => IsReady);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Checks the store, in at most twice <see cref="ReadLimit.Max"/>. Anyone may ask for this at any rate, so there is only one check at a
    /// time: those who ask while it runs share the next one.
    /// </summary>
    /// <param name="maxAge">
    /// A trial write that succeeded within this time is not repeated: each is a commit. Everything else is read now.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when it works; otherwise why it does not.</returns>
    public Task<string?> CheckAsync(TimeSpan maxAge, CancellationToken cancellationToken) =>
        NextCheck(maxAge).WaitAsync(cancellationToken);

    // Not the one that runs: it may have counted before the last event of the caller was accepted.
    private Task<string?> NextCheck(TimeSpan maxAge)
    {
        lock (_lock)
        {
            _nextMaxAge = _nextCheck is null || maxAge < _nextMaxAge ? maxAge : _nextMaxAge;
            var running = _check;
            // On another thread, because a file system may not respond.
            return _nextCheck ??= Task.Run(() => CheckAfterAsync(running));
        }
    }

    private async Task<string?> CheckAfterAsync(Task running)
    {
        // Its error is that of those who waited for it.
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TimeSpan maxAge;
        lock (_lock) (_check, _nextCheck, maxAge) = (_nextCheck!, null, _nextMaxAge);
        return await CheckNowAsync(maxAge);
    }

    private async Task<string?> CheckNowAsync(TimeSpan maxAge)
    {
        var writing = TryAsync(_ => Trial(maxAge), CancellationToken.None);
        var reading = TryAsync(CountAsync, CancellationToken.None);
        if (lanes.Roster.Problem is { } problem) health.Fails(HealthPart.Nodes, problem);
        else health.Works(HealthPart.Nodes);
        var (_, writeError) = await writing;
        var ((backlog, deferred, elsewhere), readError) = await reading;
        _elsewhere = elsewhere?.ToDictionary(one => one.Destination, StringComparer.OrdinalIgnoreCase);
        _backlog = backlog?.ToDictionary(one => one.Destination, StringComparer.OrdinalIgnoreCase);
        _deferred = deferred?.ToDictionary(one => one.Destination, StringComparer.OrdinalIgnoreCase);
        if (backlog is not null)
            foreach (var lane in Lanes) activities.For(lane.Destination).Waits(lane.Waiting ?? 0, time.GetUtcNow());

        var error = writeError ?? readError;
        if (error is null) health.Works(HealthPart.Store);
        else health.Fails(HealthPart.Store, error);
        return error;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What was sent before the start, for the activity of the last hour.
        var (earlier, _) = await TryAsync(token => view.ReadRecentAsync(HourBefore(_createdAt), _createdAt, token), stoppingToken);
        activities.Add(earlier ?? []);
        var hadOthers = false;
        while (true)
        {
            var begun = time.GetTimestamp();
            await CheckAsync(maxAge: TimeSpan.Zero, stoppingToken);
            var hasOthers = lanes.Roster.Nodes.Count > 1;
            // Once more after the others have gone, until it succeeds: they may have sent something since the last time.
            if (hasOthers || hadOthers) hadOthers = !await TryCountAllNodesAsync(stoppingToken) || hasOthers;
            var pause = Math.Clamp(PauseFactor * time.GetElapsedTime(begun).Ticks, Interval.Ticks, MaxInterval.Ticks);
            await Task.Delay(TimeSpan.FromTicks(pause), time, stoppingToken);
        }
    }

    // What other nodes sent, and what lanes sent before they came here.
    private async Task<bool> TryCountAllNodesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (counts, _) = await TryAsync(token => view.ReadRecentAsync(HourBefore(now), now, token), cancellationToken);
        activities.Merge(counts ?? []);
        return counts is not null;
    }

    private static DateTimeOffset HourBefore(DateTimeOffset at) => at.AddMinutes(-DestinationActivity.Minutes);

    // A second one beside one that does not respond would not respond either. While something vital fails, only a new one shows whether it
    // works again.
    private Task<long> Trial(TimeSpan maxAge)
    {
        var isUsable = _trial is { IsCompleted: false }
            || (_trial is { IsCompletedSuccessfully: true, Result: var at } && time.GetElapsedTime(at) < maxAge && !FailsVitally);
        return isUsable ? _trial! : _trial = TryWriteAsync();
    }

    /// <returns>When it succeeded.</returns>
    private async Task<long> TryWriteAsync()
    {
        try
        {
            // Not cancelled when a check ends without it.
            await outbox.ProbeAsync(CancellationToken.None);
        }
        finally
        {
            Volatile.Write(ref _answeredAt, time.GetTimestamp());
        }

        // Without traffic, no webhook would show that events can be stored again.
        health.Works(HealthPart.Intake);
        return time.GetTimestamp();
    }

    private async Task<(IReadOnlyList<Backlog> Backlog, IReadOnlyList<DeferredCount> Deferred, IReadOnlyList<LaneState>? Elsewhere)>
        CountAsync(CancellationToken cancellationToken)
    {
        // One after the other, because lanes need connections, too.
        var backlog = await outbox.ReadBacklogAsync(cancellationToken);
        var deferred = await outbox.ReadDeferredAsync(cancellationToken);
        var isShared = lanes.Statuses.Any(lane => lane.Node is not null);
        return (backlog, deferred, isShared ? await view.ReadLanesAsync(cancellationToken) : null);
    }

    private async Task<(T? Result, string? Error)> TryAsync<T>(
        Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadLimit.WithinAsync(work, time, cancellationToken), null);
        }
        catch (OutboxUnavailableException error)
        {
            return (default, error.Message);
        }
        // A bug must not end the watch.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, $"unexpected error ({error.GetType().Name})");
        }
    }

    private bool FailsVitally => health.Problems.Any(problem => problem.IsVital);

    private LaneStatus Place(LaneStatus lane) =>
        lane.Node is null ? lane : lane.As(_elsewhere?.GetValueOrDefault(lane.Destination), time.GetUtcNow());

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
