using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Outbox.Retention;

/// <summary>
/// Deletes from the outbox everything that the active <see cref="RetentionOptions"/> no longer keep: a minute after the start, and then
/// every hour. In small steps with pauses between them, because webhooks and lanes write through the same queue.
/// </summary>
public sealed partial class OutboxPruner(
    IOutboxRetention outbox,
    IClaims claims,
    Func<RetentionOptions> current,
    NotifierMetrics metrics,
    TimeProvider time,
    ILogger<OutboxPruner> logger) : DutyService("prune", claims, time)
{
    /// <summary>Not during the start.</summary>
    private static readonly TimeSpan InitialDelay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Ages are measured with the wall clock. One that was set by more than this may be wrong, and what is deleted does not come back.
    /// </summary>
    private static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// A clock that was set is trusted again after this time: a wrong one is corrected by then, and a machine that was suspended (which
    /// looks the same) has been awake for long.
    /// </summary>
    private static readonly TimeSpan TrustedAfter = TimeSpan.FromHours(6);

    /// <summary>
    /// Even when the store is too large, an event is kept this long: Qase may send it again within hours, and its dedup key is deleted with
    /// it.
    /// </summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromDays(1);

    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The pause after a step is so many times as long as the step: at most a fifth of the writer's time.</summary>
    private const int PauseFactor = 4;

    // When the clock was read first, or found to have been set; the same moment on the steady clock; and how much later it is trusted.
    private DateTimeOffset _seenAt = time.GetUtcNow();
    private long _seen = time.GetTimestamp();
    private TimeSpan _trustedAfter;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var every = current().Every;
        await Task.Delay(every < InitialDelay ? every : InitialDelay, Time, stoppingToken);
        while (true)
        {
            if (IsClockTrusted()) await PruneAsync(current(), stoppingToken);
            await Task.Delay(current().Every, Time, stoppingToken);
        }
    }

    private bool IsClockTrusted()
    {
        var passed = Time.GetElapsedTime(_seen);
        var drift = Time.GetUtcNow() - _seenAt - passed;
        if (drift.Duration() <= MaxDrift) return passed >= _trustedAfter;
        Log.ClockWasSet(logger, drift, TrustedAfter.TotalHours);
        (_seenAt, _seen, _trustedAfter) = (Time.GetUtcNow(), Time.GetTimestamp(), TrustedAfter);
        return false;
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
        catch (OutboxUnavailableException error)
        {
            Log.Unavailable(logger, error.Message);
        }
        // The boundary of the loop: each step is committed or not done at all, and what is left waits for the next run.
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
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
            request = request with { After = step.After };
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

        [LoggerMessage(223, LogLevel.Warning, "Could not delete old events from the outbox: {Detail}. The next run tries again")]
        public static partial void Unavailable(ILogger logger, string detail);

        [LoggerMessage(
            225,
            LogLevel.Warning,
            "The clock was set by {Drift}, or the machine was suspended. Nothing is deleted from the outbox for {Hours} hours, because "
            + "ages cannot be trusted")]
        public static partial void ClockWasSet(ILogger logger, TimeSpan drift, double hours);

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
