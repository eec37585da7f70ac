using System.Diagnostics.Metrics;
using DefectNotifier.Outbox;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>
/// Runs all lanes. Stopping has two moments: "stop asked" ends the taking of deliveries, "time is up" ends the sending.
/// </summary>
public sealed partial class LaneHost(
    IReadOnlyList<Lane> lanes, DeliveryOptions options, IOutbox outbox, LaneSignals signals, NotifierMetrics metrics, TimeProvider time, ILogger<LaneHost> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopAsked = new();
    private readonly CancellationTokenSource _timeUp = new();
    private Task _running = Task.CompletedTask;

    /// <summary>What an operator sees, in the order of the configuration.</summary>
    public IReadOnlyList<LaneStatus> Statuses => [.. lanes.Select(lane => lane.Status)];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is taken, so that the counts start right.
        foreach (var backlog in await outbox.ReadBacklogAsync(cancellationToken))
        {
            signals.For(backlog.Destination).Add(backlog.Waiting);
            if (!lanes.Any(lane => string.Equals(lane.DestinationName, backlog.Destination, StringComparison.OrdinalIgnoreCase)))
                Log.Orphaned(logger, backlog.Waiting, backlog.Destination);
        }

        metrics.ObserveWaiting(
            () => Statuses.Select(lane => new Measurement<long>(lane.Waiting, Label(lane))),
            () => Statuses.Select(lane => new Measurement<double>(Age(lane), Label(lane))));
        _running = Task.WhenAll(lanes.Select(lane => lane.RunAsync(_stopAsked.Token, _timeUp.Token)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopAsked.CancelAsync();
        try
        {
            await _running.WaitAsync(options.StopWithin, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            Log.CutOff(logger, options.StopWithin.TotalSeconds);
        }

        await _timeUp.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _stopAsked.Dispose();
        _timeUp.Dispose();
    }

    private double Age(LaneStatus lane) => lane.OldestReceivedAt is { } since ? Math.Max(0, (time.GetUtcNow() - since).TotalSeconds) : 0;

    private static KeyValuePair<string, object?> Label(LaneStatus lane) => new("destination", lane.Destination);

    private static partial class Log
    {
        [LoggerMessage(450, LogLevel.Warning, "{Waiting} deliveries wait for destination {Destination}, which the configuration no longer has; they go out when it is there again")]
        public static partial void Orphaned(ILogger logger, long waiting, string destination);

        [LoggerMessage(451, LogLevel.Warning, "Not everything that was being sent ended within {Seconds} s; it is marked as possibly posted and goes out after the next start")]
        public static partial void CutOff(ILogger logger, double seconds);
    }
}
