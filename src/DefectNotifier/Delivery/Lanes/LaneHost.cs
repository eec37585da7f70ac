using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Runs all lanes while the whole service is up. A stop has two phases: from "stop asked", at the start of the shutdown, no further
/// delivery is taken; at "time is up" sends in progress are cancelled.
/// </summary>
public sealed partial class LaneHost : IHostedService, IDisposable
{
    /// <summary>The time to record sends that were cancelled; an outbox that hangs must not delay the end of the process further.</summary>
    private static readonly TimeSpan RecordTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LaneSlot> _slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<Destination, DeliveryOptions, Lane> _createLane;
    private readonly Func<PipelineConfiguration> _current;
    private readonly RateLimiters _rateLimiters;
    private readonly IOutbox _outbox;
    private readonly IClaims _claims;
    private readonly OutboxSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger<LaneHost> _logger;
    private readonly CancellationTokenSource _stopAsked = new();
    private readonly CancellationTokenSource _timeUp = new();
    private readonly List<CancellationTokenRegistration> _moments = [];
    private volatile LaneSlot[] _active = [];
    private bool _isRunning;
    private long? _stopAskedAt;

    /// <param name="createLane">Creates the lane of a destination.</param>
    /// <param name="current">Returns the current configuration.</param>
    /// <param name="rateLimiters">The rate limits of all lanes.</param>
    /// <param name="outbox">Counts the backlog at the start.</param>
    /// <param name="claims">Grants each lane its claim.</param>
    /// <param name="signals">Count pending deliveries.</param>
    /// <param name="lifetime">Signals when the service is up and when it stops.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public LaneHost(
        Func<Destination, DeliveryOptions, Lane> createLane,
        Func<PipelineConfiguration> current,
        RateLimiters rateLimiters,
        IOutbox outbox,
        IClaims claims,
        OutboxSignals signals,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<LaneHost> logger)
    {
        _createLane = createLane;
        _current = current;
        _rateLimiters = rateLimiters;
        _outbox = outbox;
        _claims = claims;
        _signals = signals;
        _time = time;
        _logger = logger;
        // Not before the ports are open: a service that fails to start must not have sent anything.
        _moments.Add(lifetime.ApplicationStarted.Register(Run));
        // Not only in StopAsync: the web server stops first and may wait long for a slow sender.
        _moments.Add(lifetime.ApplicationStopping.Register(AskToStop));
    }

    /// <summary>The states of the lanes, in the order of the configuration.</summary>
    public IReadOnlyList<LaneStatus> Statuses => [.. _active.Select(slot => slot.Status)];

    /// <summary>
    /// For each lane a number that changes while it works, so that a lane that hangs is recognised; null while it waits for a time, or for
    /// work.
    /// </summary>
    public IReadOnlyList<(string Destination, long? Step)> Steps => [.. _active.Select(slot => (slot.Status.Destination, slot.Step))];

    /// <summary>The nodes that share the outbox.</summary>
    public Roster Roster => _claims.Roster;

    /// <summary>What is stored of the lanes, in the same order.</summary>
    public IReadOnlyList<LaneState> States => [.. _active.Select(slot => slot.State)];

    /// <summary>True while a lane may be sending to the destination, even if it was removed from the configuration.</summary>
    public bool IsServed(string destination)
    {
        lock (_lock) return _slots.TryGetValue(destination, out var slot) && (!slot.IsEnding || !slot.Running.IsCompleted);
    }

    /// <summary>
    /// Applies the current configuration. A new destination gets a lane. The lane of a removed one ends after the send in progress is
    /// recorded, and its deliveries stay pending. A changed destination continues with a new lane. Other lanes are not affected.
    /// </summary>
    public void Reconcile()
    {
        lock (_lock)
        {
            var configuration = _current();
            _rateLimiters.Configure(configuration.Destinations.SelectMany(destination => destination.AllLimits));
            _claims.Group(LaneGroups.Of(configuration.Destinations));
            // Without the options that lanes do not use: a change of those needs no new lane.
            var options = configuration.Delivery with { AlertTo = null, StopWithin = default };
            foreach (var destination in configuration.Destinations) Serve(new LaneSettings(destination, options));
            var names = configuration.Destinations.Select(destination => destination.Name);
            foreach (var removed in _slots.Keys.Except(names, StringComparer.OrdinalIgnoreCase).ToList()) EndOne(removed);
            _active = [.. configuration.Destinations.Select(destination => _slots[destination.Name])];
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Reconcile();
        // Before the first request is accepted, so that the counts are right from the start.
        foreach (var backlog in await _outbox.ReadBacklogAsync(cancellationToken))
        {
            _signals.For(backlog.Destination).Add(backlog.Waiting);
            if (!IsServed(backlog.Destination)) Log.Orphaned(_logger, backlog.Waiting, backlog.Destination);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        AskToStop();
        var limit = _current().Delivery.StopWithin;
        var left = limit - _time.GetElapsedTime(_stopAskedAt!.Value);
        if (!await EndsWithinAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero)) Log.Cancelled(_logger, limit.TotalSeconds);
        await _timeUp.CancelAsync();
        if (!await EndsWithinAsync(RecordTimeout)) Log.NotRecorded(_logger);
        // A service that failed to start reports its error alone.
        if (!_isRunning) return;
        // What other nodes have sent is not known here.
        if (Roster.Nodes.Count > 0) Log.StoppedNode(_logger);
        else Log.Stopped(_logger, _signals.Waiting);
    }

    public void Dispose()
    {
        _moments.ForEach(moment => moment.Dispose());
        foreach (var slot in _slots.Values) slot.Dispose();
        _stopAsked.Dispose();
        _timeUp.Dispose();
    }

    private void Run()
    {
        lock (_lock)
        {
            _isRunning = true;
            foreach (var slot in _slots.Values) slot.Start();
        }
    }

    private void Serve(LaneSettings wanted)
    {
        var name = wanted.Destination.Name;
        if (!_slots.TryGetValue(name, out var slot))
        {
            slot = new LaneSlot(NewLane(), wanted, _claims, _time, _logger, _stopAsked.Token, _timeUp.Token);
            _slots.Add(name, slot);
            if (_isRunning) slot.Start();
        }
        else if (!slot.Has(wanted)) slot.Replace(NewLane(), wanted);

        Lane NewLane() => _createLane(wanted.Destination, wanted.Options);
    }

    private void EndOne(string name)
    {
        var slot = _slots[name];
        if (!slot.IsEnding)
        {
            slot.End();
            if (_signals.For(name).Waiting is > 0 and var waiting) Log.Orphaned(_logger, waiting, name);
        }
        else if (slot.Running.IsCompleted)
        {
            _slots.Remove(name);
            slot.Dispose();
        }
    }

    private void AskToStop()
    {
        _stopAskedAt ??= _time.GetTimestamp();
        _stopAsked.Cancel();
    }

    private async Task<bool> EndsWithinAsync(TimeSpan limit)
    {
        try
        {
            await RunningAsync().WaitAsync(limit, _time, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task RunningAsync()
    {
        lock (_lock) return Task.WhenAll(_slots.Values.Select(slot => slot.Running));
    }

    private static partial class Log
    {
        [LoggerMessage(450, LogLevel.Warning,
            "{Waiting} deliveries are pending for {Destination}, which is not configured; they are sent when it is configured again")]
        public static partial void Orphaned(ILogger logger, long waiting, string destination);

        [LoggerMessage(451, LogLevel.Warning,
            "Sends did not finish within {Seconds} s and were cancelled; they may have been posted and are repeated after the next start")]
        public static partial void Cancelled(ILogger logger, double seconds);

        [LoggerMessage(452, LogLevel.Error,
            "Lanes did not end in time. A message whose outcome was not recorded is sent again after the next start, marked as a possible "
            + "repeat")]
        public static partial void NotRecorded(ILogger logger);

        [LoggerMessage(454, LogLevel.Information,
            "DefectNotifier stops. Deliveries that stay pending: {Waiting}")]
        public static partial void Stopped(ILogger logger, long waiting);

        [LoggerMessage(455, LogLevel.Information, "DefectNotifier stops. What is pending is sent by other nodes, or after the next start")]
        public static partial void StoppedNode(ILogger logger);
    }
}
