using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>
/// The worker of one destination: one reader, in order, at the pace that the destination allows. A delivery that can't go yet holds the
/// ones behind it, so that a defect's end never overtakes its beginning; other lanes don't notice.
/// </summary>
public sealed class Lane
{
    /// <summary>How long a lane leaves a broken store, or a bug, alone.</summary>
    internal static readonly TimeSpan ErrorPause = TimeSpan.FromSeconds(1);

    private const int PageSize = 256;

    private readonly Destination _destination;
    private readonly LaneSignal _signal;
    private readonly LaneWork _work;
    private readonly IOutbox _outbox;
    private readonly LaneReporter _reporter;
    private readonly TimeProvider _time;

    // Written by the lane's own loop alone; read by whoever asks for the status.
    private volatile PendingDelivery? _head;
    private volatile LaneHold? _faultHold;
    private volatile bool _isRunning;

    public Lane(
        Destination destination,
        DeliveryOptions options,
        IOutbox outbox,
        LaneSignals signals,
        RateLimiters rateLimiters,
        Func<PipelineConfiguration> current,
        NoticeWriter notices,
        NotifierMetrics metrics,
        TimeProvider time,
        ILogger<Lane> logger)
    {
        _destination = destination;
        _signal = signals.For(destination.Name);
        _outbox = outbox;
        _reporter = new LaneReporter(destination.Name, metrics, logger);
        _work = new LaneWork(destination, options, outbox, signals, rateLimiters, current, notices, _reporter, time);
        _time = time;
    }

    public string DestinationName => _destination.Name;

    public LaneStatus Status
    {
        get
        {
            var (state, hold) = (_work.State, _faultHold ?? _work.Hold);
            var (word, reason) = !_isRunning ? ("stopped", null)
                : state.ParkedReason is not null ? ("parked", state.ParkedReason)
                : hold is not null ? ("waiting", hold.Reason)
                // Preview again just now; it is still in trouble.
                : state.Failures > 0 && _head is not null ? ("waiting", state.HoldReason)
                : ("running", null);
            return new LaneStatus(_destination.Name, word, reason, _isRunning ? hold?.Until : null, _signal.Waiting, _head?.ReceivedAt);
        }
    }

    /// <summary>An operator's word that a parked destination was mended: it is tried now. False when the lane is not parked.</summary>
    public bool Resume()
    {
        if (!_isRunning || _work.State.ParkedReason is null) return false;
        _work.Resume();
        return true;
    }

    /// <summary>Works until told to stop.</summary>
    /// <param name="stopAsked">Ends the taking of deliveries; what is being sent goes on.</param>
    /// <param name="timeUp">Ends the sending too.</param>
    public async Task RunAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        _isRunning = true;
        try
        {
            await WorkUntilStoppedAsync(stopAsked, timeUp);
        }
        finally
        {
            _isRunning = false;
        }
    }

    private async Task WorkUntilStoppedAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        var isLoaded = false;
        while (!stopAsked.IsCancellationRequested)
        {
            try
            {
                if (!isLoaded) await _work.LoadAsync(stopAsked);
                isLoaded = true;
                await WorkAsync(stopAsked, timeUp);
            }
            catch (OperationCanceledException) when (stopAsked.IsCancellationRequested)
            {
                break;
            }
            // The edge of the loop. Nothing is lost: what was not recorded is still pending, an open attempt counts as one that may have been posted.
            catch (Exception error)
            {
                await _work.AbandonAsync(timeUp);
                _reporter.TellError(error);
                _faultHold = new LaneHold(_time.GetUtcNow() + ErrorPause, error is OutboxUnavailableException ? "store-unavailable" : "internal-error");
                await PauseAsync(ErrorPause, stopAsked);
                _faultHold = null;
            }
        }

        await _work.AbandonAsync(timeUp);
    }

    // One page, or one wake-up when there is none.
    private async Task WorkAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        var page = await _outbox.ReadPendingAsync(_destination.Name, PageSize, stopAsked);
        if (page.Count == 0)
        {
            _head = null;
            await _signal.WaitAsync(stopAsked);
            return;
        }

        for (var i = 0; i < page.Count; i++)
        {
            _head = page[i];
            if (!await _work.DeliverAsync(page[i], page.Skip(i + 1), stopAsked, timeUp)) return;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }
}
