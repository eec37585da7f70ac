using DefectNotifier.Delivery.Notices;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// The worker of one destination. It sends one delivery at a time, in the order of acceptance, within the destination's rate limits. A
/// delivery that can't be sent yet blocks those behind it, so a defect's events stay in order; other lanes are not affected.
/// </summary>
public sealed class Lane
{
    /// <summary>How long a lane waits after an error of the outbox or a bug.</summary>
    internal static readonly TimeSpan ErrorPause = TimeSpan.FromSeconds(1);

    /// <summary>How many pending deliveries a lane reads at once.</summary>
    public const int PageSize = 256;

    private readonly Destination _destination;
    private readonly IOutbox _outbox;
    private readonly LaneSignal _signal;
    private readonly LaneWaiter _waiter;
    private readonly LaneLimits _limits;
    private readonly OutcomeRecorder _recorder;
    private readonly DeliveryRunner _runner;
    private readonly LaneDigests _digests;
    private readonly DigestRunner _digestRunner;
    private readonly LaneReporter _reporter;
    private readonly TimeProvider _time;

    // What it is doing: used only by the lane's loop.
    private LaneWork _work;

    // Written only by the lane's loop; read by anyone who asks for the status.
    private volatile bool _isDelivering;
    private volatile LaneWait? _errorWait;
    private volatile bool _isRunning;
    private volatile bool _isIdle;

    public Lane(
        Destination destination,
        DeliveryOptions options,
        IOutbox outbox,
        OutboxSignals signals,
        RateLimiters rateLimiters,
        Func<PipelineConfiguration> current,
        NoticeWriter notices,
        EnrichmentProgress progress,
        NotifierMetrics metrics,
        DestinationActivities activities,
        ServiceHealth health,
        TimeProvider time,
        ILogger<Lane> logger)
    {
        _destination = destination;
        _outbox = outbox;
        _signal = signals.For(destination.Name);
        _reporter = new LaneReporter(destination.Name, metrics, activities.For(destination.Name), health, time, logger);
        _waiter = new LaneWaiter(_signal.Resumes, rateLimiters.Clock, time);
        _limits = new LaneLimits(destination, rateLimiters);
        _recorder = new OutcomeRecorder(destination, options, _limits, _waiter, outbox, _signal, notices, _reporter, time);
        var repeats = new RepeatCheck(destination, options, _limits, _waiter, time);
        var renderer = new DeliveryRenderer(destination, current, outbox, _reporter);
        var pipeline = new SendPipeline(destination, options.BreakDuration, rateLimiters.Clock);
        var details = new DetailsWait(outbox, progress, current, time);
        _digests = new LaneDigests(destination, outbox, _limits, _waiter, _recorder, _reporter, time);
        _digestRunner = new DigestRunner(outbox, _waiter, _limits, _digests, repeats, renderer, pipeline, _recorder, time);
        _runner = new DeliveryRunner(
            destination, outbox, _waiter, details, _limits, repeats, renderer, pipeline, _recorder, _digests, time);
        _time = time;
    }

    public string DestinationName => _destination.Name;

    /// <summary>What is stored of the lane.</summary>
    public LaneState State => _recorder.State;

    public LaneStatus Status
    {
        get
        {
            var (state, wait, failure) = (_recorder.State, _errorWait ?? _waiter.Wait, _reporter.Failure);
            var (activity, reason) = !_isRunning ? (LaneActivity.Stopped, default(SendReason?))
                : failure is not null ? (LaneActivity.Waiting, failure.Reason)
                : state.IsParked ? (LaneActivity.Parked, state.ParkedReason)
                : wait is not null ? (LaneActivity.Waiting, wait.Reason)
                // The first delivery is being retried and has not succeeded yet.
                : state.Failures > 0 && _isDelivering ? (LaneActivity.Waiting, state.WaitReason)
                : (LaneActivity.Running, null);
            var until = _isRunning ? wait?.Until : null;
            return new LaneStatus(_destination.Name, activity, reason, until, _signal.Waiting, OldestReceivedAt: null);
        }
    }

    /// <summary>A number that changes while the lane works; null while it waits for a time, or for work.</summary>
    internal long? Step => _isIdle || (_errorWait ?? _waiter.Wait) is not null ? null : _reporter.Steps;

    /// <summary>Runs until it is stopped or its claim is lost.</summary>
    /// <param name="claim">The claim on the destination.</param>
    /// <param name="stopAsked">No further delivery is taken; a send in progress continues.</param>
    /// <param name="timeUp">Cancels the send too.</param>
    public async Task RunAsync(Claim claim, CancellationToken stopAsked, CancellationToken timeUp)
    {
        _isRunning = true;
        try
        {
            await RunUntilStoppedAsync(claim, stopAsked, timeUp);
        }
        finally
        {
            _isRunning = false;
            _reporter.End();
        }
    }

    /// <summary>The lane could not be claimed.</summary>
    internal void ClaimFails(Exception error) => _reporter.Fails(LaneWork.Reading, error);

    /// <summary>The destination was removed, or another node has the lane: what failed here no longer matters.</summary>
    internal void Dismiss() => _reporter.Forget();

    /// <summary>Restores what was saved before the lane was claimed.</summary>
    internal async Task BeginAsync(Claim claim, CancellationToken stopAsked)
    {
        await _limits.LoadAsync(_outbox, _time, stopAsked);
        await _recorder.BeginAsync(claim);
        _runner.Begin(claim);
        _digestRunner.Begin(claim);
        _digests.Begin(claim);
    }

    /// <summary>Reads a page of pending deliveries and sends them, alone or as a digest.</summary>
    /// <returns>True when more deliveries may be pending; false when the lane can wait for a signal.</returns>
    internal async Task<bool> DeliverPageAsync(Claim claim, int pageSize, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var page = await ReadPageAsync(claim, pageSize, stopAsked);
        var deliveries = page.Deliveries;
        _isDelivering = deliveries.Count > 0;
        // Without a delivery there is nothing that could fail.
        _reporter.Works(_isDelivering ? LaneWork.Reading : LaneWork.Delivering);
        _work = LaneWork.Delivering;
        for (var i = 0; i < deliveries.Count; i++)
        {
            if (deliveries[i].Kind == DeliveryKind.Digest)
            {
                await _digestRunner.DeliverStepAsync(deliveries[i], () => ReadPageAsync(claim, pageSize, stopAsked), stopAsked, timeUp);
                return true;
            }

            if (!await _runner.DeliverAsync(deliveries[i], deliveries.ElementAtOrDefault(i + 1), stopAsked, timeUp)) return true;
            if (!_runner.HasStarted && _digests.ChoosesAgain) return true;
        }

        _isDelivering = false;
        // Deliveries that were stored after the page was read have set the signal, so no empty page has to be read to be sure.
        return page.MayHaveMore;
    }

    // Due deferred deliveries, and pending ones when too many wait, become part of a digest first.
    private async Task<PendingPage> ReadPageAsync(Claim claim, int pageSize, CancellationToken stopAsked)
    {
        await _digests.ReleaseAsync(stopAsked);
        while (true)
        {
            var page = await _outbox.ReadPendingAsync(claim, pageSize, stopAsked);
            if (!await _digests.TryJoinAsync(page.Deliveries)) return LaneDigests.Order(page);
            stopAsked.ThrowIfCancellationRequested();
        }
    }

    private async Task WaitForWorkAsync(CancellationToken stopAsked)
    {
        var span = await _digests.ReadIdleTimeAsync(stopAsked);
        _isIdle = true;
        try
        {
            await (span is { } limit ? _signal.WaitAsync(limit, _time, stopAsked) : _signal.WaitAsync(stopAsked));
        }
        finally
        {
            _isIdle = false;
        }
    }

    private async Task RunUntilStoppedAsync(Claim claim, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var hasBegun = false;
        while (!stopAsked.IsCancellationRequested)
        {
            try
            {
                _work = LaneWork.Reading;
                if (!hasBegun) await BeginAsync(claim, stopAsked);
                hasBegun = true;
                if (!await DeliverPageAsync(claim, PageSize, stopAsked, timeUp)) await WaitForWorkAsync(stopAsked);
            }
            catch (OperationCanceledException) when (stopAsked.IsCancellationRequested)
            {
                break;
            }
            // The next claim ends the attempt in progress as one that may have been posted.
            catch (ClaimLostException)
            {
                break;
            }
            // Catch everything at the boundary of the loop. Nothing is lost: what was not recorded is still pending, and an open attempt
            // counts as one that may have been posted.
            catch (Exception error)
            {
                _reporter.Fails(_work, error);
                _errorWait = new LaneWait(_time.GetUtcNow() + ErrorPause, _reporter.Failure?.Reason);
                await PauseAsync(ErrorPause, stopAsked);
                _errorWait = null;
            }
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
            // The loop checks the token itself.
        }
    }
}
