using DefectNotifier.Telemetry;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Sees when settings or templates change. It reads them every two seconds and compares what they say, which a notice of the file system can't replace: links that are
/// exchanged, editors that rename, files of another machine and used-up watches make those unreliable just where the service runs.
/// </summary>
internal sealed partial class ReloadWatch(Reloader reloader, CurrentConfiguration current, TemplateWarnings warnings, NotifierMetrics metrics, TimeProvider time, ILogger<ReloadWatch> logger) : BackgroundService
{
    /// <summary>A look takes a few milliseconds, with 1,000 destinations 50: a fortieth of one processor then.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>What reads the same after so long is taken for written to its end.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveConfiguration(() => reloader.State.HasErrors);
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            try
            {
                warnings.Tell(current.Value);
                var seen = reloader.Style();
                if (!reloader.IsNews(seen)) continue;
                await Task.Delay(Settling, time, stoppingToken);
                reloader.Reload(trigger: null, seen);
                warnings.Tell(current.Value);
            }
            // The edge of the loop: what is in force stays, and the next look tries again.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(15, LogLevel.Critical, "Looking for changed settings and templates failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
