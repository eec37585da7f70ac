using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Outbox.Retention;

/// <summary>
/// Deletes from the outbox everything that the active <see cref="RetentionOptions"/> no longer keep: a minute after the start, and then
/// every hour, while the clock is trusted. In small steps with pauses between them, because webhooks and lanes write through the same
/// queue.
/// </summary>
public sealed partial class OutboxPruner(
    IOutboxRetention outbox,
    IClaims claims,
    Func<RetentionOptions> current,
    NotifierMetrics metrics,
    ServiceHealth health,
    TimeProvider time,
    ILogger<OutboxPruner> logger) : DutyService("prune", claims, time)
{
    /// <summary>Not during the start.</summary>
    private static readonly TimeSpan InitialDelay = TimeSpan.FromMinutes(1);

    /// <summary>A timer may fire slightly early.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromSeconds(1);

    /// <summary>How often the time is saved while the clock is trusted.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromHours(1);

    /// <summary>
    /// Even when the store is too large, an event is kept this long: Qase may send it again within hours, and its dedup key is deleted with
    /// it.
    /// </summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromDays(1);

    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The pause after a step is so many times as long as the step: at most a fifth of the writer's time.</summary>
    private const int PauseFactor = 4;

    private readonly ClockTrust _clock = new(time);
    private bool _hasBegun;
    private long? _prunedAt;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var every = current().Every;
        await Task.Delay(every < InitialDelay ? every : InitialDelay, Time, stoppingToken);
        while (true)
        {
            await RunOnceAsync(current(), stoppingToken);
            every = current().Every;
            await Task.Delay(every < SaveEvery ? every : SaveEvery, Time, stoppingToken);
        }
    }

    protected override void OnReleasing() => health.Forget(HealthPart.Retention);

    private async Task RunOnceAsync(RetentionOptions options, CancellationToken stop)
    {
        try
        {
            if (!_hasBegun) _clock.Begin(await outbox.ReadClockAsync(stop));
            _hasBegun = true;
            if (_clock.Doubt() is { } doubt)
            {
                health.Fails(HealthPart.Retention, doubt);
                return;
            }

            // Only while it is trusted: a restart must not take a doubtful time for a trusted one.
            await outbox.SaveClockAsync(Time.GetUtcNow());
            if (_prunedAt is not { } last || Time.GetElapsedTime(last) >= options.Every - TimerTolerance)
            {
                // After a failure, the next run, which is soon, does the rest.
                _prunedAt = null;
                await PruneAsync(options, stop);
                _prunedAt = Time.GetTimestamp();
            }

            health.Works(HealthPart.Retention);
        }
        catch (OutboxUnavailableException error)
        {
            health.Fails(HealthPart.Retention, error.Message);
        }
        // The boundary of the loop: each step is committed or not done at all, and what is left waits for the next run.
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            health.Fails(HealthPart.Retention, $"unexpected error ({error.GetType().Name})");
            Log.Failed(logger, error);
        }
    }

    private async Task PruneAsync(RetentionOptions options, CancellationToken stop)
    {
        var (aged, early, defects) = (0L, 0L, 0L);
        try
        {
            await WalkAsync(
                outbox.PruneAsync, options, options.Delivered, () => Task.FromResult(true), CountEvents(count => aged += count), stop);
            await WalkAsync(
                outbox.PruneDefectsAsync, options, options.Delivered, () => Task.FromResult(true), count => defects += count, stop);
            if (!await IsTooLargeAsync(options, stop)) return;
            await WalkAsync(
                outbox.PruneAsync, options, MinAge, () => IsTooLargeAsync(options, stop), CountEvents(count => early += count), stop);
            if (await IsTooLargeAsync(options, stop)) Log.StillTooLarge(logger, options.MaxBytes);
        }
        finally
        {
            if (early > 0) Log.PrunedEarly(logger, aged + early, early, options.MaxBytes);
            else if (aged > 0) Log.Pruned(logger, aged);
            if (defects > 0) Log.DefectsDeleted(logger, defects);
        }
    }

    private Action<int> CountEvents(Action<int> count) => pruned =>
    {
        if (pruned > 0) metrics.CountPruned(pruned);
        count(pruned);
    };

    private async Task WalkAsync(
        Func<PruneRequest, Task<PruneResult>> pruneAsync,
        RetentionOptions options,
        TimeSpan keepDelivered,
        Func<Task<bool>> goesOn,
        Action<int> count,
        CancellationToken stop)
    {
        var request = new PruneRequest { Now = Time.GetUtcNow(), KeepDelivered = keepDelivered, KeepDead = options.Dead };
        while (await goesOn())
        {
            var begun = Time.GetTimestamp();
            // A step that hangs in the store must not delay the shutdown; it is committed or rolled back by itself.
            var step = await pruneAsync(request).WaitAsync(stop);
            count(step.Pruned);
            if (step.IsDone) return;
            request = request with { After = step.After, Latest = step.Latest };
            var pause = PauseFactor * Time.GetElapsedTime(begun);
            await Task.Delay(pause > MinPause ? pause : MinPause, Time, stop);
        }
    }

    private async Task<bool> IsTooLargeAsync(RetentionOptions options, CancellationToken stop) =>
        options.MaxBytes > 0 && await outbox.ReadUsedBytesAsync(stop) > options.MaxBytes;

    private static partial class Log
    {
        [LoggerMessage(220, LogLevel.Information, "Deleted {Events} events from the outbox: they ended longer ago than Retention allows")]
        public static partial void Pruned(ILogger logger, long events);

        [LoggerMessage(
            221,
            LogLevel.Warning,
            "Deleted {Events} events from the outbox, {Early} of them early because it held more than Retention:MaxBytes ({MaxBytes} "
            + "bytes)")]
        public static partial void PrunedEarly(ILogger logger, long events, long early, long maxBytes);

        [LoggerMessage(
            222,
            LogLevel.Warning,
            "The outbox holds more than Retention:MaxBytes ({MaxBytes} bytes), and nothing more may be deleted early: pending and held "
            + "deliveries are kept, and dead letters are kept for Retention:Dead")]
        public static partial void StillTooLarge(ILogger logger, long maxBytes);

        [LoggerMessage(
            226,
            LogLevel.Information,
            "Deleted {Defects} defects from the outbox: they were closed longer ago than Retention keeps events, or had no event for a "
            + "year")]
        public static partial void DefectsDeleted(ILogger logger, long defects);

        [LoggerMessage(224, LogLevel.Error, "Could not delete old events from the outbox. The next run tries again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
