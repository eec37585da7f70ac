using DefectNotifier.Delivery.Notices;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Notifies the fallbacks of routes about deliveries that wait longer than their routes allow, and <c>Delivery:AlertTo</c> about a
/// destination that was parked before the alert was configured.
/// </summary>
public sealed partial class OverdueWatch(
    IOutbox outbox,
    IClaims claims,
    NoticeWriter notices,
    LaneHost lanes,
    OutboxSignals signals,
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

    // The keys of the alerts about lanes that are parked now.
    private readonly HashSet<string> _alerted = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Destination, string Fallback), long> _lastReported = [];

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, Time, stoppingToken);
            try
            {
                await CheckAsync(stoppingToken);
                await AlertParkedAsync();
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

    protected override void OnReleasing() => health.Forget(HealthPart.Overdue);

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

    // Nearly always the outbox has the alert already, because it was stored with the outcome that parked the lane.
    private async Task AlertParkedAsync()
    {
        var parked = new List<string>();
        foreach (var lane in lanes.States)
        {
            if (notices.OfParked(lane, signals.For(lane.Destination).Waiting, Time.GetUtcNow()) is not { } notice) continue;
            var key = Convert.ToHexString(notice.DedupKey.Span);
            if (!_alerted.Contains(key))
            {
                var appended = await outbox.AppendAsync(notice, CancellationToken.None);
                if (appended.EventId is null) continue;
                if (appended.Status == AppendStatus.Accepted)
                    Log.Alerted(logger, lane.Destination, notice.Decision.Deliveries[0].Destination);
            }

            parked.Add(key);
        }

        _alerted.Clear();
        _alerted.UnionWith(parked);
    }

    private bool IsDue((string Destination, string Fallback) pair) =>
        !_lastReported.TryGetValue(pair, out var last) || Time.GetElapsedTime(last) >= MinGap;

    private static partial class Log
    {
        [LoggerMessage(460, LogLevel.Warning, "{Count} deliveries to {Destination} are overdue; {Fallback} was notified")]
        public static partial void Reported(ILogger logger, long count, string destination, string fallback);

        [LoggerMessage(462, LogLevel.Information, "{Destination} is parked; {AlertTo} was notified, which was configured since")]
        public static partial void Alerted(ILogger logger, string destination, string alertTo);

        [LoggerMessage(461, LogLevel.Critical, "Unexpected error while checking for overdue deliveries; the next check is soon")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
