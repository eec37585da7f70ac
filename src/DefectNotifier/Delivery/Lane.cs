using System.Diagnostics;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>
/// The worker of one destination: one reader, in order, at the pace that the destination allows. A delivery that can't go yet holds the
/// ones behind it, so that a defect's end never overtakes its beginning; other lanes don't notice.
/// </summary>
public sealed class Lane
{
    private const int PageSize = 64;

    /// <summary>How long a lane leaves a broken store, or a bug, alone.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly Destination _destination;
    private readonly LaneSignals _signals;
    private readonly LaneSignal _signal;
    private readonly LanePolicy _policy;
    private readonly SendPipeline _pipeline;
    private readonly IReadOnlyList<Throttle> _throttles;
    private readonly LaneWaiter _waiter;
    private readonly RepeatCheck _repeats;
    private readonly DeliveryAge _age;
    private readonly IOutbox _outbox;
    private readonly DeliveryRenderer _renderer;
    private readonly NoticeWriter _notices;
    private readonly LaneReporter _reporter;
    private readonly TimeProvider _time;

    // Written by the lane's own loop alone; read by whoever asks for the status.
    private volatile LaneState _state;
    private volatile PendingDelivery? _head;
    private volatile LaneHold? _faultHold;
    private volatile bool _isRunning;
    private TimeSpan _freeAt;

    // The delivery whose attempt began together with the outcome before it; null: none.
    private long? _begun;

    // The delivery of the last outcome; null: none yet in this process.
    private long? _concluded;

    public Lane(
        Destination destination,
        DeliveryOptions options,
        IOutbox outbox,
        LaneSignals signals,
        Throttles throttles,
        Func<PipelineConfiguration> current,
        NoticeWriter notices,
        NotifierMetrics metrics,
        TimeProvider time,
        ILogger<Lane> logger)
    {
        _destination = destination;
        _signals = signals;
        _signal = signals.For(destination.Name);
        _policy = new LanePolicy(destination, options);
        _pipeline = new SendPipeline(destination, throttles.Clock);
        _throttles = [.. destination.Limits.Select(throttles.For)];
        _waiter = new LaneWaiter(_throttles, throttles.Clock, time);
        _repeats = new RepeatCheck(destination, options, _waiter, time);
        _age = new DeliveryAge(time);
        _outbox = outbox;
        _notices = notices;
        _reporter = new LaneReporter(destination.Name, metrics, logger);
        _renderer = new DeliveryRenderer(destination, current, _reporter);
        _time = time;
        _state = new LaneState(destination.Name);
    }

    public string DestinationName => _destination.Name;

    public LaneStatus Status
    {
        get
        {
            var (state, hold) = (_state, _faultHold ?? _waiter.Hold);
            var (word, reason) = !_isRunning ? ("stopped", null)
                : state.ParkedReason is not null ? ("parked", state.ParkedReason)
                : hold is not null ? ("waiting", hold.Reason)
                // Trying again just now; it is still in trouble.
                : state.Failures > 0 && _head is not null ? ("waiting", state.HoldReason)
                : ("running", null);
            return new LaneStatus(_destination.Name, word, reason, _isRunning ? hold?.Until : null, _signal.Waiting, _head?.ReceivedAt);
        }
    }

    /// <summary>An operator's word that a parked destination was mended: it is tried now. False when the lane is not parked.</summary>
    public bool Resume()
    {
        if (!_isRunning || _state.ParkedReason is null) return false;
        _waiter.Resume();
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
                if (!isLoaded) await LoadAsync(stopAsked);
                isLoaded = true;
                await WorkAsync(stopAsked, timeUp);
            }
            catch (OperationCanceledException) when (stopAsked.IsCancellationRequested)
            {
                break;
            }
            // The edge of the loop. Nothing is lost: what was not recorded is still pending, an open attempt counts as one that may have been posted.
            catch (Exception fault)
            {
                _reporter.TellFault(fault);
                _faultHold = new LaneHold(_time.GetUtcNow() + FaultPause, fault is OutboxUnavailableException ? "store-unavailable" : "internal-fault");
                await PauseAsync(FaultPause, stopAsked);
                _faultHold = null;
            }
        }
    }

    private async Task LoadAsync(CancellationToken stopAsked)
    {
        foreach (var throttle in _throttles.Where(throttle => !throttle.IsLoaded))
            throttle.Load(await _outbox.ReadThrottleAsync(throttle.Key, stopAsked), _time.GetUtcNow());
        var stored = await _outbox.ReadLaneAsync(_destination.Name, stopAsked);
        Settle(_policy.Start(stored), _time.GetUtcNow());
        if (_state != stored) await _outbox.SaveLaneAsync(_state);
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
            if (!await DeliverAsync(page[i], i + 1 < page.Count ? page[i + 1] : null, stopAsked, timeUp)) return;
        }
    }

    // True when the delivery is done with; false when it must be read again.
    private async Task<bool> DeliverAsync(PendingDelivery delivery, PendingDelivery? next, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (_begun == delivery.Id)
        {
            _begun = null;
            _age.Begin(delivery);
            return await SendBegunAsync(delivery, next, stopAsked, timeUp);
        }

        await _waiter.WaitAsync(_freeAt, _state.HoldReason, canBeResumed: LanePolicy.IsProbeWait(_state), stopAsked);
        _age.Begin(delivery);
        var check = await _repeats.AskAsync(delivery, StateFor(delivery), stopAsked, timeUp);
        if (check.Instead is { } instead)
            return await ConcludeAsync(delivery, instead, SendEffect.None, message: null, next: null, stopAsked, timeUp);

        await _waiter.TakeTurnAsync(stopAsked);
        var rendered = _renderer.Render(delivery, check.MarkRepeat);
        stopAsked.ThrowIfCancellationRequested();
        await _outbox.StartAttemptAsync(delivery.Id, _time.GetUtcNow());
        return await SendAsync(delivery, rendered, next, stopAsked, timeUp);
    }

    // Its attempt was written down together with the outcome before it: it is sent now, unless something has come between.
    private async Task<bool> SendBegunAsync(PendingDelivery delivery, PendingDelivery? next, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (!_waiter.IsTurnDue)
            return await ConcludeAsync(delivery, new SendResult(Fate.Wait, SendReason.RateLimited), SendEffect.None, message: null, next: null, stopAsked, timeUp);

        _waiter.UseTurn();
        return await SendAsync(delivery, _renderer.Render(delivery, markRepeat: false), next, stopAsked, timeUp);
    }

    private async Task<bool> SendAsync(PendingDelivery delivery, RenderedDelivery rendered, PendingDelivery? next, CancellationToken stopAsked, CancellationToken timeUp)
    {
        // Nothing has left: that must not look as if it had.
        if (timeUp.IsCancellationRequested)
            return await ConcludeAsync(delivery, NotBegun, SendEffect.None, message: null, next: null, stopAsked, timeUp);

        SendResult result;
        using (var activity = NotifierTracing.StartSend(_destination.Name, delivery.EventId, delivery.TraceParent))
        {
            result = rendered.Refusal ?? await _pipeline.SendAsync(rendered.Message!, delivery.Stamp, timeUp);
            activity?.SetTag("defectnotifier.fate", result.Fate.Word());
            activity?.SetTag("defectnotifier.reason", result.Reason.Word());
            if (result.Fate != Fate.Delivered) activity?.SetStatus(ActivityStatusCode.Error, result.Reason.Word());
        }

        if (result.Fate == Fate.Ambiguous) _repeats.Doubt();
        return await ConcludeAsync(delivery, result, SendEffect.Sent, rendered.Message, next, stopAsked, timeUp);
    }

    // Writes down what came of it, with everything that follows from it, in one commit. True when the delivery is done with.
    private async Task<bool> ConcludeAsync(
        PendingDelivery delivery, SendResult result, SendEffect effect, ChatMessage? message, PendingDelivery? next, CancellationToken stopAsked, CancellationToken timeUp)
    {
        // A search's 429 is about another method. A turn that is due no more is held by the limit already.
        var isHeldByLimit = result is { Fate: Fate.Wait, Reason: SendReason.RateLimited } && (effect == SendEffect.Sent || result.RetryAfter is null) && _throttles.Count > 0;
        if (effect == SendEffect.Sent)
        {
            foreach (var throttle in _throttles) throttle.Use();
            if (isHeldByLimit) _throttles[^1].SlowDown(result.RetryAfter ?? LanePolicy.DefaultWait);
        }

        var now = _time.GetUtcNow();
        var outcome = _policy.Decide(delivery, StateFor(delivery), result, _age.Now, isHeldByLimit, now, Random.Shared.NextDouble());
        var isKept = outcome.State is DeliveryState.Dead or DeliveryState.Held;
        outcome = outcome with
        {
            Next = CanBegin(next, outcome, stopAsked) ? next!.Id : null,
            Version = message?.Version,
            Message = isKept ? MessageToKeep(delivery, result, message)?.Json : null,
            Throttles = [.. _throttles.Select(throttle => throttle.Save(now))],
            Notices = _notices.Of(delivery, _state, outcome, _signal.Waiting),
        };
        await RecordAsync(outcome, timeUp);
        _begun = outcome.Next;
        _concluded = delivery.Id;
        Settle(outcome.Lane, now);
        foreach (var planned in outcome.Notices.SelectMany(notice => notice.Decision.Deliveries)) _signals.For(planned.Destination).Add(1);
        _reporter.Tell(delivery, result, outcome);
        if (outcome.State == DeliveryState.Pending) return false;
        _signal.Remove();
        return true;
    }

    private ChatMessage? MessageToKeep(PendingDelivery delivery, SendResult result, ChatMessage? message) =>
        // One that was refused without a message could not be rendered, and can't be now.
        message ?? (result.Fate == Fate.Refused ? null : _renderer.Render(delivery, delivery.MayBeRepeat).Message);

    // What was counted in a row is that of the delivery that it was counted for: an operator may have put another one before it.
    private LaneState StateFor(PendingDelivery delivery) => _concluded is { } last && last != delivery.Id ? _state with { HoldCount = 0 } : _state;

    // Nothing holds the one behind it: its attempt can begin with this outcome.
    private bool CanBegin(PendingDelivery? next, AttemptOutcome outcome, CancellationToken stopAsked) =>
        next is { MayBeRepeat: false }
        && outcome.State != DeliveryState.Pending
        && outcome.Lane is { NotBefore: null, ParkedReason: null }
        && !stopAsked.IsCancellationRequested
        && _waiter.TryTakeTurn();

    private void Settle(LaneState state, DateTimeOffset now)
    {
        _freeAt = _waiter.Now + LanePolicy.RemainingOf(state, now);
        _state = state;
    }

    private static SendResult NotBegun { get; } = new(Fate.Wait, SendReason.Interrupted) { RetryAfter = TimeSpan.Zero };

    // The message is out: until that is written down nothing else may happen here, however long the store takes to come back.
    private async Task RecordAsync(AttemptOutcome outcome, CancellationToken timeUp)
    {
        var isAgain = false;
        while (true)
        {
            try
            {
                await _outbox.RecordAsync(outcome);
                return;
            }
            catch (OutboxUnavailableException fault)
            {
                _reporter.TellFault(fault);
                // Shutting down without the outcome leaves an open attempt, which the next start takes for one that may have been posted.
                timeUp.ThrowIfCancellationRequested();
                await PauseAsync(FaultPause, timeUp);
                isAgain = true;
            }
            // The commit that was reported as failed stands all the same: the delivery has left the queue.
            catch (InvalidOperationException) when (isAgain)
            {
                return;
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
            // The loop looks at the token itself.
        }
    }
}
