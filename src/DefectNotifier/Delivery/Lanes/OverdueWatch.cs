using DefectNotifier.Delivery.Notices;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>Notifies the fallbacks of routes about deliveries that wait longer than their routes allow.</summary>
public sealed partial class OverdueWatch(
    IOutbox outbox,
    IClaims claims,
    NoticeWriter notices,
    LaneHost lanes,
    ServiceHealth health,
    TimeProvider time,
    ILogger<OverdueWatch> logger)
    : DutyService("overdue", claims, time)
{
    /// <summary>How often the outbox is checked; it reads an index that is usually empty.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// During an outage at most one message per destination in this time: the next one includes the deliveries that became overdue since.
    /// </summary>
    private static readonly TimeSpan MinGap = TimeSpan.FromMinutes(15);

    private readonly Dictionary<(string Destination, string Fallback), long> _lastReported = [];

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, Time, stoppingToken);
            try
            {
                await CheckAsync(stoppingToken);
                health.Works(HealthPart.Overdue);
            }
            // Deliveries that were not marked are found in the next run.
            catch (OutboxUnavailableException error)
            {
                health.Fails(HealthPart.Overdue, error.Message);
            }
            // The boundary of the loop: a bug here must not end the watch or the service.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, error);
            }
        }
    }

    private async Task CheckAsync(CancellationToken stoppingToken)
    {
        var now = Time.GetUtcNow();
        foreach (var overdue in await outbox.ReadOverdueAsync(now, stoppingToken))
        {
            if (overdue.Oldest.Count == 0 || !IsDue((overdue.Destination, overdue.Fallback))) continue;
            var lane = lanes.Statuses.FirstOrDefault(
                status => string.Equals(status.Destination, overdue.Destination, StringComparison.OrdinalIgnoreCase));
            await outbox.AnnounceAsync(overdue, now, notices.Delayed(overdue, lane?.Reason, now));
            _lastReported[(overdue.Destination, overdue.Fallback)] = Time.GetTimestamp();
            Log.Reported(logger, overdue.Count, overdue.Destination, overdue.Fallback);
        }
    }

    private bool IsDue((string Destination, string Fallback) pair) =>
        !_lastReported.TryGetValue(pair, out var last) || Time.GetElapsedTime(last) >= MinGap;

    private static partial class Log
    {
        [LoggerMessage(460, LogLevel.Warning, "{Count} deliveries to {Destination} are overdue; {Fallback} was notified")]
        public static partial void Reported(ILogger logger, long count, string destination, string fallback);

        [LoggerMessage(461, LogLevel.Critical, "Unexpected error while checking for overdue deliveries; the next check is soon")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
