using System.Diagnostics.Metrics;
using DefectNotifier.Outbox;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>
/// Runs all lanes, from the moment that the whole service is up. Stopping has two moments: "stop asked" ends the taking of deliveries, together with the
/// first sign of the shutdown; "time is up" ends the sending.
/// </summary>
public sealed partial class LaneHost : IHostedService, IDisposable
{
    /// <summary>What was cut off writes its end down; a store that hangs may not hold the process for longer.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<Lane> _lanes;
    private readonly DeliveryOptions _options;
    private readonly IOutbox _outbox;
    private readonly LaneSignals _signals;
    private readonly NotifierMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<LaneHost> _logger;
    private readonly CancellationTokenSource _stopAsked = new();
    private readonly CancellationTokenSource _timeUp = new();
    private readonly List<CancellationTokenRegistration> _moments = [];
    private Task _running = Task.CompletedTask;
    private long? _stopAskedAt;

    public LaneHost(
        IReadOnlyList<Lane> lanes,
        DeliveryOptions options,
        IOutbox outbox,
        LaneSignals signals,
        NotifierMetrics metrics,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<LaneHost> logger)
    {
        _lanes = lanes;
        _options = options;
        _outbox = outbox;
        _signals = signals;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        // Not before the ports are ours: a service that fails to start must not have sent anything.
        _moments.Add(lifetime.ApplicationStarted.Register(Run));
        // Not only when it is our turn to stop: the server before us may wait long for a slow sender.
        _moments.Add(lifetime.ApplicationStopping.Register(AskToStop));
    }

    /// <summary>What an operator sees, in the order of the configuration.</summary>
    public IReadOnlyList<LaneStatus> Statuses => [.. _lanes.Select(lane => lane.Status)];

    /// <summary>An operator's word that a parked destination was mended: it is tried now.</summary>
    /// <returns>Null when there is no such destination; false when it is not parked.</returns>
    public bool? Resume(string destination) =>
        _lanes.FirstOrDefault(lane => string.Equals(lane.DestinationName, destination, StringComparison.OrdinalIgnoreCase))?.Resume();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is taken, so that the counts start right.
        foreach (var backlog in await _outbox.ReadBacklogAsync(cancellationToken))
        {
            _signals.For(backlog.Destination).Add(backlog.Waiting);
            if (!_lanes.Any(lane => string.Equals(lane.DestinationName, backlog.Destination, StringComparison.OrdinalIgnoreCase)))
                Log.Orphaned(_logger, backlog.Waiting, backlog.Destination);
        }

        _metrics.ObserveLanes(
            () => Statuses.Select(lane => new Measurement<long>(lane.Waiting, Label(lane))),
            () => Statuses.Select(lane => new Measurement<double>(Age(lane), Label(lane))),
            () => Statuses.Select(lane => new Measurement<int>(lane.State == "parked" ? 1 : 0, Label(lane))));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        AskToStop();
        var left = _options.StopWithin - _time.GetElapsedTime(_stopAskedAt!.Value);
        if (!await EndsWithinAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero)) Log.CutOff(_logger, _options.StopWithin.TotalSeconds);
        await _timeUp.CancelAsync();
        if (!await EndsWithinAsync(LastWords)) Log.Hanging(_logger);
    }

    public void Dispose()
    {
        _moments.ForEach(moment => moment.Dispose());
        _stopAsked.Dispose();
        _timeUp.Dispose();
    }

    private void Run() => _running = Task.WhenAll(_lanes.Select(lane => lane.RunAsync(_stopAsked.Token, _timeUp.Token)));

    private void AskToStop()
    {
        _stopAskedAt ??= _time.GetTimestamp();
        _stopAsked.Cancel();
    }

    private async Task<bool> EndsWithinAsync(TimeSpan limit)
    {
        try
        {
            await _running.WaitAsync(limit, _time, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private double Age(LaneStatus lane) => lane.OldestReceivedAt is { } since ? Math.Max(0, (_time.GetUtcNow() - since).TotalSeconds) : 0;

    private static KeyValuePair<string, object?> Label(LaneStatus lane) => new("destination", lane.Destination);

    private static partial class Log
    {
        [LoggerMessage(450, LogLevel.Warning, "{Waiting} deliveries wait for destination {Destination}, which the configuration no longer has; they go out when it is there again")]
        public static partial void Orphaned(ILogger logger, long waiting, string destination);

        [LoggerMessage(451, LogLevel.Warning, "Not everything that was being sent ended within {Seconds} s; it is marked as possibly posted and goes out after the next start")]
        public static partial void CutOff(ILogger logger, double seconds);

        [LoggerMessage(452, LogLevel.Error, "A lane can't write down what it has sent; it is sent again after the next start, marked as a possible repeat")]
        public static partial void Hanging(ILogger logger);
    }
}
