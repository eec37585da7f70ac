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
    /// <summary>How long a lane leaves a broken store, or a bug, alone.</summary>
    internal static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private const int PageSize = 64;

    /// <summary>
    /// So many attempts may be written down ahead of their turn while nothing holds the lane: each outcome then goes to the disk while the next message is on its
    /// way. A process that is killed may repeat one message more for each but the last.
    /// </summary>
    private const int MostAhead = 2;

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
    private readonly OutcomeRecorder _recorder;
    private readonly TimeProvider _time;

    // Deliveries whose attempts begin, or have begun, with the outcomes of those before them.
    private readonly Queue<long> _begun = new();

    // Written by the lane's own loop alone; read by whoever asks for the status.
    private volatile LaneState _state;
    private volatile PendingDelivery? _head;
    private volatile LaneHold? _faultHold;
    private volatile bool _isRunning;
    private TimeSpan _freeAt;

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
        _repeats = new RepeatCheck(destination, options, throttles, _waiter, time);
        _age = new DeliveryAge(time);
        _outbox = outbox;
        _notices = notices;
        _reporter = new LaneReporter(destination.Name, metrics, logger);
        _renderer = new DeliveryRenderer(destination, current, outbox, _reporter);
        _recorder = new OutcomeRecorder(outbox, _reporter, time) { Settled = Settle };
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
                await _recorder.AbandonAsync();
                await _renderer.AbandonAsync();
                _begun.Clear();
                _reporter.TellFault(fault);
                _faultHold = new LaneHold(_time.GetUtcNow() + FaultPause, fault is OutboxUnavailableException ? "store-unavailable" : "internal-fault");
                await PauseAsync(FaultPause, stopAsked);
                _faultHold = null;
            }
        }

        await _recorder.AbandonAsync();
    }

    private async Task LoadAsync(CancellationToken stopAsked)
    {
        foreach (var throttle in _throttles.Concat(_repeats.Limits).Where(throttle => !throttle.IsLoaded))
            throttle.Load(await _outbox.ReadThrottleAsync(throttle.Key, stopAsked), _time.GetUtcNow());
        var stored = await _outbox.ReadLaneAsync(_destination.Name, stopAsked);
        _state = _policy.Start(stored);
        _freeAt = _waiter.Now + LanePolicy.RemainingOf(_state, _time.GetUtcNow());
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
            if (!await DeliverAsync(page[i], page.Skip(i + 1), stopAsked, timeUp)) return;
        }
    }

    // True when the delivery is done with; false when it must be read again.
    private async Task<bool> DeliverAsync(PendingDelivery delivery, IEnumerable<PendingDelivery> behind, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (_begun.TryPeek(out var begun) && begun == delivery.Id)
        {
            _begun.Dequeue();
            _age.Begin(delivery);
            return await SendBegunAsync(delivery, behind, stopAsked, timeUp);
        }

        await _waiter.WaitAsync(_freeAt, _state.HoldReason, canBeResumed: LanePolicy.IsProbeWait(_state), stopAsked);
        _age.Begin(delivery);
        var check = await _repeats.AskAsync(delivery, StateFor(delivery), stopAsked, timeUp);
        if (check.Instead is { } instead)
            return await ConcludeAsync(delivery, instead, SendEffect.None, message: null, behind: [], stopAsked, timeUp);

        await _waiter.TakeTurnAsync(stopAsked);
        var rendered = await _renderer.RenderAsync(delivery, check.MarkRepeat);
        stopAsked.ThrowIfCancellationRequested();
        await _outbox.StartAttemptAsync(delivery.Id, _time.GetUtcNow());
        return await SendAsync(delivery, rendered, behind, stopAsked, timeUp);
    }

    // Its attempt is written down together with an outcome before it: it is sent now, unless something has come between.
    private async Task<bool> SendBegunAsync(PendingDelivery delivery, IEnumerable<PendingDelivery> behind, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (!_waiter.IsTurnDue)
            return await ConcludeAsync(delivery, new SendResult(Fate.Wait, SendReason.RateLimited), SendEffect.None, message: null, behind: [], stopAsked, timeUp);

        _waiter.UseTurn();
        var rendered = await _renderer.RenderAsync(delivery, markRepeat: false);
        await _recorder.AttemptWrittenAsync(delivery.Id);
        return await SendAsync(delivery, rendered, behind, stopAsked, timeUp);
    }

    private async Task<bool> SendAsync(PendingDelivery delivery, RenderedDelivery rendered, IEnumerable<PendingDelivery> behind, CancellationToken stopAsked, CancellationToken timeUp)
    {
        // Nothing has left: that must not look as if it had.
        if (timeUp.IsCancellationRequested)
            return await ConcludeAsync(delivery, NotBegun, SendEffect.None, message: null, behind: [], stopAsked, timeUp);

        SendResult result;
        using (var activity = NotifierTracing.StartSend(_destination.Name, delivery.EventId, delivery.TraceParent))
        {
            var sending = rendered.Refusal is { } refusal ? Task.FromResult(refusal) : _pipeline.SendAsync(rendered.Message!, delivery.Stamp, timeUp);
            // While it is on its way.
            if (_begun.TryPeek(out var next) && behind.FirstOrDefault() is { } follower && follower.Id == next) _renderer.Prepare(follower);
            result = await sending;
            activity?.SetTag("defectnotifier.fate", result.Fate.Word());
            activity?.SetTag("defectnotifier.reason", result.Reason.Word());
            if (result.Fate != Fate.Delivered) activity?.SetStatus(ActivityStatusCode.Error, result.Reason.Word());
        }

        if (result.Fate == Fate.Ambiguous) _repeats.Doubt();
        return await ConcludeAsync(delivery, result, SendEffect.Sent, rendered.Message, behind, stopAsked, timeUp);
    }

    // Writes down what came of it, with everything that follows from it, in one commit. True when the delivery is done with.
    private async Task<bool> ConcludeAsync(
        PendingDelivery delivery, SendResult result, SendEffect effect, ChatMessage? message, IEnumerable<PendingDelivery> behind, CancellationToken stopAsked, CancellationToken timeUp)
    {
        // Where nothing was sent, a limit holds it already: a search's 429 is about another method, a turn is due no more.
        var isHeldByLimit = result is { Fate: Fate.Wait, Reason: SendReason.RateLimited } && (effect == SendEffect.None || _throttles.Count > 0);
        if (effect == SendEffect.Sent)
        {
            foreach (var throttle in _throttles) throttle.Use();
            if (isHeldByLimit) _throttles[^1].SlowDown(result.RetryAfter ?? LanePolicy.DefaultWait);
        }

        var now = _time.GetUtcNow();
        var outcome = _policy.Decide(delivery, StateFor(delivery), result, _age.Now, isHeldByLimit, now, Random.Shared.NextDouble());
        var isKept = outcome.State is DeliveryState.Dead or DeliveryState.Held;
        // A delivery that stays, or a lane that is held or stops, holds those behind it.
        var goesOn = outcome.State != DeliveryState.Pending && outcome.Lane is { NotBefore: null, ParkedReason: null } && !stopAsked.IsCancellationRequested;
        outcome = outcome with
        {
            Version = message?.Version,
            Withdrawn = goesOn ? [] : [.. _begun],
            Next = goesOn ? [.. Ahead(behind)] : [],
            Message = isKept ? (await MessageToKeepAsync(delivery, result, message))?.Json : null,
            Throttles = [.. _throttles.Concat(_repeats.Limits).Select(throttle => throttle.Save(now)).OfType<ThrottleState>()],
            LaneIsUnchanged = outcome.Lane == _state,
            Notices = _notices.Of(delivery, _state, outcome, _signal.Waiting),
        };
        if (!goesOn) _begun.Clear();
        foreach (var next in outcome.Next) _begun.Enqueue(next);
        _concluded = delivery.Id;
        var conclusion = new Conclusion(delivery, result, outcome);
        if (_begun.Count > 0 && outcome.State == DeliveryState.Delivered && outcome.Lane == _state && outcome.Notices.Count == 0)
        {
            _recorder.Begin(conclusion, timeUp);
            return true;
        }

        await _recorder.RecordAsync(conclusion, timeUp);
        _freeAt = _waiter.Now + LanePolicy.RemainingOf(outcome.Lane, now);
        _state = outcome.Lane;
        return outcome.State != DeliveryState.Pending;
    }

    // Those behind it that nothing holds, as many as may be begun now.
    private IEnumerable<long> Ahead(IEnumerable<PendingDelivery> behind)
    {
        var count = _begun.Count;
        foreach (var next in behind.Skip(count))
        {
            if (count++ == MostAhead || next.MayBeRepeat || !_waiter.TryTakeTurn()) yield break;
            yield return next.Id;
        }
    }

    // An outcome is written.
    private void Settle(Conclusion conclusion)
    {
        foreach (var planned in conclusion.Outcome.Notices.SelectMany(notice => notice.Decision.Deliveries)) _signals.For(planned.Destination).Add(1);
        _reporter.Tell(conclusion.Delivery, conclusion.Result, conclusion.Outcome);
        if (conclusion.Outcome.State != DeliveryState.Pending) _signal.Remove();
    }

    private async Task<ChatMessage?> MessageToKeepAsync(PendingDelivery delivery, SendResult result, ChatMessage? message) =>
        // One that was refused without a message could not be rendered, and can't be now.
        message ?? (result.Fate == Fate.Refused ? null : (await _renderer.RenderAsync(delivery, delivery.MayBeRepeat)).Message);

    // What was counted in a row is that of the delivery that it was counted for: an operator may have put another one before it.
    private LaneState StateFor(PendingDelivery delivery) => _concluded is { } last && last != delivery.Id ? _state with { HoldCount = 0 } : _state;

    private static SendResult NotBegun { get; } = new(Fate.Wait, SendReason.Interrupted) { RetryAfter = TimeSpan.Zero };

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
