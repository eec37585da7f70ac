using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace DefectNotifier.Worker.Hosting;

/// <summary>
/// Reports to systemd (<c>Type=notify</c>, <c>WatchdogSec=</c>) that the service is up, works, and stops. Does nothing without
/// <c>NOTIFY_SOCKET</c>. systemd restarts a service that no longer reports that it works.
/// </summary>
/// <param name="notifier">Sends the notices.</param>
/// <param name="reasonToRestart">Why the service has to be restarted; null: it works.</param>
/// <param name="lifetime">Signals when the service is up and when it stops.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ServiceManagerNotices(
    ISystemdNotifier notifier,
    Func<string?> reasonToRestart,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ServiceManagerNotices> logger) : BackgroundService
{
    private static readonly ServiceState Works = new("WATCHDOG=1");

    private readonly List<CancellationTokenRegistration> _moments = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!notifier.IsEnabled) return Task.CompletedTask;
        // The listeners are open by then, and the outbox is.
        _moments.Add(lifetime.ApplicationStarted.Register(() => Notify(ServiceState.Ready)));
        _moments.Add(lifetime.ApplicationStopping.Register(() => Notify(ServiceState.Stopping)));
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _moments.ForEach(moment => moment.Dispose());
        base.Dispose();
    }

    /// <summary>How often systemd expects a notice, divided by two; null: not at all, or not from this process.</summary>
    /// <param name="microseconds"><c>WATCHDOG_USEC</c>.</param>
    /// <param name="process"><c>WATCHDOG_PID</c>.</param>
    internal static TimeSpan? IntervalOf(string? microseconds, string? process) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 1
        && (string.IsNullOrEmpty(process) || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(limit) / 2
            : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var variables = (Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"));
        if (IntervalOf(variables.Item1, variables.Item2) is not { } interval) return;
        await ReportWorkAsync(interval, stoppingToken);
    }

    /// <summary>Reports every interval that the service works, while it does.</summary>
    internal async Task ReportWorkAsync(TimeSpan interval, CancellationToken stoppingToken)
    {
        string? problem = null;
        while (true)
        {
            await Task.Delay(interval, time, stoppingToken);
            var before = problem;
            problem = reasonToRestart();
            if (problem is null) Notify(Works);
            else if (problem != before) Log.Hangs(logger, problem);
        }
    }

    private void Notify(ServiceState state)
    {
        try
        {
            notifier.Notify(state);
        }
        // The socket of a service manager that is gone, or that belongs to a parent process.
        catch (SocketException error)
        {
            Log.NotSent(logger, error.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Critical, "The service hangs: {Problem}. systemd is no longer notified, and restarts it")]
        public static partial void Hangs(ILogger logger, string problem);

        [LoggerMessage(31, LogLevel.Warning, "systemd can't be notified at NOTIFY_SOCKET: {Error}")]
        public static partial void NotSent(ILogger logger, string error);
    }
}
