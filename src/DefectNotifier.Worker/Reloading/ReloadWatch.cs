using DefectNotifier.Telemetry;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Polls settings and templates for changes by their contents. File system notifications are not reliable where the service runs: on
/// mounted config maps (swapped links), with editors that rename, on network file systems, and when the system runs out of watches.
/// </summary>
internal sealed partial class ReloadWatch(
    Reloader reloader,
    CurrentConfiguration current,
    TemplateWarnings warnings,
    NotifierMetrics metrics,
    TimeProvider time,
    ILogger<ReloadWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>A file counts as written completely when its content has not changed for this long.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveConfiguration(() => reloader.State.HasErrors);
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            try
            {
                warnings.Report(current.Value);
                var candidate = reloader.Read();
                if (!reloader.IsNew(candidate)) continue;
                await Task.Delay(SettleTime, time, stoppingToken);
                reloader.Reload(trigger: null, candidate);
                warnings.Report(current.Value);
            }
            // Catch everything so that the loop goes on; the active configuration stays.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            15, LogLevel.Critical, "Unexpected error while checking settings and templates for changes; the next check is in 2 s")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
