using DefectNotifier.Outbox.Contract;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>Tells the fallbacks of routes what waits for longer than the routes say.</summary>
public sealed partial class OverdueWatch(IOutbox outbox, NoticeWriter notices, LaneHost lanes, LaneSignals signals, TimeProvider time, ILogger<OverdueWatch> logger) : BackgroundService
{
    /// <summary>Reads an index of what is still to be told, which is empty as a rule.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>While an outage goes on, one message in so long for each destination: what became overdue since then is in the next one.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMinutes(15);

    private readonly Dictionary<(string Destination, string Fallback), long> _told = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            try
            {
                await PreviewAsync(stoppingToken);
            }
            catch (OutboxUnavailableException)
            {
                // The outbox says it loudly itself. What was not marked is found again.
            }
            // The edge of the loop: a bug here must not end the watch, nor the service.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, error);
            }
        }
    }

    private async Task PreviewAsync(CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        foreach (var overdue in await outbox.ReadOverdueAsync(now, stoppingToken))
        {
            if (overdue.Oldest.Count == 0 || !IsDue((overdue.Destination, overdue.Fallback))) continue;
            var lane = lanes.Statuses.FirstOrDefault(status => string.Equals(status.Destination, overdue.Destination, StringComparison.OrdinalIgnoreCase));
            await AnnounceAsync(overdue, now, notices.Delayed(overdue, lane?.Reason, now));
            _told[(overdue.Destination, overdue.Fallback)] = time.GetTimestamp();
            signals.For(overdue.Fallback).Add(1);
            Log.Told(logger, overdue.Count, overdue.Destination, overdue.Fallback);
        }
    }

    private async Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice)
    {
        try
        {
            await outbox.AnnounceAsync(overdue, now, notice);
        }
        catch (OutboxUnavailableException)
        {
            // It may stand all the same, and then nothing of it is found again: the lane looks for itself.
            signals.For(overdue.Fallback).Add(0);
            throw;
        }
    }

    private bool IsDue((string Destination, string Fallback) pair) => !_told.TryGetValue(pair, out var last) || time.GetElapsedTime(last) >= AtMostEvery;

    private static partial class Log
    {
        [LoggerMessage(460, LogLevel.Warning, "{Count} deliveries wait for {Destination} for too long; {Fallback} is told")]
        public static partial void Told(ILogger logger, long count, string destination, string fallback);

        [LoggerMessage(461, LogLevel.Critical, "Looking for deliveries that wait too long failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
