using DefectNotifier.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Outbox;

/// <summary>
/// Keeps the outbox as small as the <see cref="RetentionOptions"/> of the moment want it: a minute after the start, and then every hour. Small steps with pauses between them, because
/// webhooks and lanes write through the same queue.
/// </summary>
public sealed partial class OutboxPruner(
    IOutboxRetention outbox, Func<RetentionOptions> current, NotifierMetrics metrics, TimeProvider time, ILogger<OutboxPruner> logger) : BackgroundService
{
    /// <summary>A start has better things to do.</summary>
    private static readonly TimeSpan FirstRunAfter = TimeSpan.FromMinutes(1);

    /// <summary>Ages are told by the wall clock. One that was set by more than this may be wrong, and what is deleted does not come back.</summary>
    private static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// A clock that was set is believed again once it has run on so long: a wrong one is mended by then, and a machine that was suspended (which looks the same) has long
    /// been awake.
    /// </summary>
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromHours(6);

    /// <summary>Not even a store that is too large forgets sooner what it would recognise as sent again: Qase does so within hours.</summary>
    private static readonly TimeSpan MinKept = TimeSpan.FromDays(1);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    /// <summary>So many times as long as a step took, it is waited for the next one: at most a fifth of the writer's time, and less while others wait too.</summary>
    private const int PauseFactor = 4;

    // When the clock was looked at first, or found to have been set; the same moment on the steady clock; and how much later it is believed.
    private DateTimeOffset _seenAt = time.GetUtcNow();
    private long _seen = time.GetTimestamp();
    private TimeSpan _believedAfter;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var every = current().Every;
        await Task.Delay(every < FirstRunAfter ? every : FirstRunAfter, time, stoppingToken);
        while (true)
        {
            if (IsClockBelieved()) await RunAsync(current(), stoppingToken);
            await Task.Delay(current().Every, time, stoppingToken);
        }
    }

    private bool IsClockBelieved()
    {
        var passed = time.GetElapsedTime(_seen);
        var drift = time.GetUtcNow() - _seenAt - passed;
        if (drift.Duration() <= MaxDrift) return passed >= _believedAfter;
        Log.ClockWasSet(logger, drift, BelievedAfter.TotalHours);
        (_seenAt, _seen, _believedAfter) = (time.GetUtcNow(), time.GetTimestamp(), BelievedAfter);
        return false;
    }

    private async Task RunAsync(RetentionOptions options, CancellationToken stop)
    {
        var (aged, early, forgotten) = (0L, 0L, 0L);
        try
        {
            await WalkAsync(outbox.PruneAsync, options, options.Delivered, () => Task.FromResult(true), CountEvents(count => aged += count), stop);
            await WalkAsync(outbox.PruneDefectsAsync, options, options.Delivered, () => Task.FromResult(true), count => forgotten += count, stop);
            if (!await IsTooLargeAsync(options, stop)) return;
            await WalkAsync(outbox.PruneAsync, options, MinKept, () => IsTooLargeAsync(options, stop), CountEvents(count => early += count), stop);
            if (await IsTooLargeAsync(options, stop)) Log.StillTooLarge(logger, options.MaxBytes);
        }
        catch (OutboxUnavailableException error)
        {
            Log.Unavailable(logger, error.Message);
        }
        // The edge of the loop: each step is whole or was not done at all, and what is left waits for the next run.
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
        }
        finally
        {
            if (early > 0) Log.PrunedEarly(logger, aged + early, early, options.MaxBytes);
            else if (aged > 0) Log.Pruned(logger, aged);
            if (forgotten > 0) Log.Forgotten(logger, forgotten);
        }
    }

    private Action<int> CountEvents(Action<int> count) => pruned =>
    {
        if (pruned > 0) metrics.CountPruned(pruned);
        count(pruned);
    };

    private async Task WalkAsync(
        Func<PruneRequest, Task<PruneResult>> pruneAsync, RetentionOptions options, TimeSpan keepDelivered, Func<Task<bool>> goesOn, Action<int> count, CancellationToken stop)
    {
        var request = new PruneRequest { Now = time.GetUtcNow(), KeepDelivered = keepDelivered, KeepDead = options.Dead };
        while (await goesOn())
        {
            var begun = time.GetTimestamp();
            // A step that hangs in the store may not hold up the shutdown; it is committed or undone by itself.
            var step = await pruneAsync(request).WaitAsync(stop);
            count(step.Pruned);
            if (step.IsDone) return;
            request = request with { After = step.After };
            var pause = PauseFactor * time.GetElapsedTime(begun);
            await Task.Delay(pause > ShortestPause ? pause : ShortestPause, time, stop);
        }
    }

    private async Task<bool> IsTooLargeAsync(RetentionOptions options, CancellationToken stop) => options.MaxBytes > 0 && await outbox.ReadUsedBytesAsync(stop) > options.MaxBytes;

    private static partial class Log
    {
        [LoggerMessage(220, LogLevel.Information, "{Events} events were deleted from the outbox: they ended longer ago than Retention keeps them")]
        public static partial void Pruned(ILogger logger, long events);

        [LoggerMessage(221, LogLevel.Warning, "{Events} events were deleted from the outbox, {Early} of them before their time: it held more than Retention:MaxBytes ({MaxBytes} bytes)")]
        public static partial void PrunedEarly(ILogger logger, long events, long early, long maxBytes);

        [LoggerMessage(222, LogLevel.Warning, "The outbox holds more than Retention:MaxBytes ({MaxBytes} bytes), and nothing is left that may go before its time: what is owed or held stays, and dead letters do for Retention:Dead")]
        public static partial void StillTooLarge(ILogger logger, long maxBytes);

        [LoggerMessage(223, LogLevel.Warning, "Old events could not be deleted from the outbox: {Detail}. The next run tries again")]
        public static partial void Unavailable(ILogger logger, string detail);

        [LoggerMessage(225, LogLevel.Warning, "The clock was set by {Drift}, or the machine slept. Nothing is deleted from the outbox until the clock has run on for {Hours} hours, because until then no age can be trusted")]
        public static partial void ClockWasSet(ILogger logger, TimeSpan drift, double hours);

        [LoggerMessage(226, LogLevel.Information, "{Defects} defects were forgotten: they were closed longer ago than Retention keeps events, or nothing was heard of them for a year")]
        public static partial void Forgotten(ILogger logger, long defects);

        [LoggerMessage(224, LogLevel.Error, "Old events could not be deleted from the outbox. The next run tries again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
