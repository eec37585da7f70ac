using System.Diagnostics;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Delivery;

/// <summary>Takes the deliveries of one destination through their sends, one step at a time, and writes down what comes of each. Called by the lane's own loop alone, but for the state.</summary>
internal sealed class LaneWork
{
    private readonly Destination _destination;
    private readonly LaneSignals _signals;
    private readonly LaneSignal _signal;
    private readonly LanePolicy _policy;
    private readonly SendPipeline _pipeline;
    private readonly IReadOnlyList<RateLimiter> _rateLimiters;
    private readonly IReadOnlyList<RateLimiter> _updateLimiters;
    private readonly LaneWaiter _waiter;
    private readonly RepeatCheck _repeats;
    private readonly DeliveryAge _age;
    private readonly IOutbox _outbox;
    private readonly DeliveryRenderer _renderer;
    private readonly PreparedMessages _prepared;
    private readonly MessageThreadPlanner _guide;
    private readonly NoticeWriter _notices;
    private readonly LaneReporter _reporter;
    private readonly OutcomeRecorder _recorder;
    private readonly AheadAttempts _ahead;
    private readonly TimeProvider _time;

    // Written by the lane's own loop alone; read by whoever asks for the status.
    private volatile LaneState _state;
    private TimeSpan _freeAt;

    // The delivery of the last outcome; null: none yet in this process.
    private long? _concluded;

    // The first of those that have begun, when it left with the answer to the one before it.
    private Departure? _underway;

    public LaneWork(
        Destination destination,
        DeliveryOptions options,
        IOutbox outbox,
        LaneSignals signals,
        RateLimiters rateLimiters,
        Func<PipelineConfiguration> current,
        NoticeWriter notices,
        LaneReporter reporter,
        TimeProvider time)
    {
        _destination = destination;
        _signals = signals;
        _signal = signals.For(destination.Name);
        _policy = new LanePolicy(destination, options);
        _pipeline = new SendPipeline(destination, rateLimiters.Clock);
        _rateLimiters = [.. destination.Limits.Select(rateLimiters.For)];
        _updateLimiters = destination.UpdateLimit is { } update ? [rateLimiters.For(update)] : [];
        _waiter = new LaneWaiter(_rateLimiters, rateLimiters.Clock, time);
        _repeats = new RepeatCheck(destination, options, rateLimiters, _waiter, time);
        _age = new DeliveryAge(time);
        _outbox = outbox;
        _notices = notices;
        _reporter = reporter;
        _renderer = new DeliveryRenderer(destination, current, outbox, reporter);
        _prepared = new PreparedMessages(outbox, (delivery, defect) => _renderer.RenderAsync(delivery, DeliveryStep.Plain with { Defect = defect }, markRepeat: false));
        _guide = new MessageThreadPlanner(destination, outbox, _renderer);
        _recorder = new OutcomeRecorder(outbox, reporter, time) { Settled = Settle };
        _ahead = new AheadAttempts(_waiter, _guide.Leads);
        _time = time;
        _state = new LaneState(destination.Name);
    }

    /// <summary>The lane as it was settled last.</summary>
    public LaneState State => _state;

    /// <summary>What is waited for just now; null when nothing is.</summary>
    public LaneHold? Hold => _waiter.Hold;

    private IEnumerable<RateLimiter> AllRateLimiters => _rateLimiters.Concat(_updateLimiters).Concat(_repeats.Limits);

    /// <summary>An operator's word that a parked destination was mended: it is tried now.</summary>
    public void Resume() => _waiter.Resume();

    /// <summary>Takes over what an earlier process left.</summary>
    public async Task LoadAsync(CancellationToken stopAsked)
    {
        foreach (var rateLimiter in AllRateLimiters.Where(rateLimiter => !rateLimiter.IsLoaded))
            rateLimiter.Load(await _outbox.ReadRateLimitAsync(rateLimiter.Key, stopAsked), _time.GetUtcNow());
        var stored = await _outbox.ReadLaneAsync(_destination.Name, stopAsked);
        _state = _policy.Start(stored);
        _freeAt = _waiter.Now + LanePolicy.RemainingOf(_state, _time.GetUtcNow());
        if (_state != stored) await _outbox.SaveLaneAsync(_state);
    }

    /// <summary>Something went wrong that stops the lane for a moment. What was not recorded is still pending, an open attempt counts as one that may have been posted. Never throws.</summary>
    public async Task AbandonAsync(CancellationToken timeUp)
    {
        // Nothing of this lane is sent beside it.
        if (_underway is { } departed) await ((Task)departed.Sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _underway = null;
        await _recorder.AbandonAsync(timeUp);
        await _prepared.AbandonAsync();
        _ahead.Withdraw(hasFirstLeft: false);
    }

    /// <summary>Takes a delivery one step on.</summary>
    /// <returns>True when the delivery is done with; false when it must be read again.</returns>
    public async Task<bool> DeliverAsync(PendingDelivery delivery, IEnumerable<PendingDelivery> behind, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (_ahead.IsNext(delivery))
        {
            _ahead.Take();
            _age.Begin(delivery);
            var begun = new Turn(delivery, DeliveryStep.Plain, behind, stopAsked, timeUp);
            if (_underway is not { } departed) return await SendBegunAsync(begun);
            await _recorder.AttemptWrittenAsync(delivery.Id, timeUp);
            _underway = null;
            return await HearAsync(begun, departed);
        }

        await _prepared.AbandonAsync();
        await _waiter.WaitAsync(_freeAt, _state.HoldReason, canBeResumed: LanePolicy.IsProbeWait(_state), stopAsked);
        _age.Begin(delivery);
        var turn = new Turn(delivery, await _guide.NextAsync(delivery), behind, stopAsked, timeUp);
        if (turn.Step.Kind is not { } kind) return await ConcludeAsync(turn, new SendResult(SendOutcome.Delivered, SendReason.Unchanged), SendEffect.None, rendered: null);
        var check = await _repeats.AskAsync(delivery, turn.Step, StateFor(delivery), stopAsked, timeUp);
        if (check.Instead is { } instead) return await ConcludeAsync(turn, instead, SendEffect.None, rendered: null);

        await AcquireAsync(kind, stopAsked);
        // What the defect's message shows is what is known when it goes, and several events may have come meanwhile.
        if (kind is SendStep.Root or SendStep.Update) turn = turn with { Step = await _guide.NextAsync(delivery) };
        if (turn.Step.Kind != kind) return false;
        var rendered = await _renderer.RenderAsync(delivery, turn.Step, check.MarkRepeat);
        stopAsked.ThrowIfCancellationRequested();
        await _outbox.StartAttemptAsync(delivery.Id, _time.GetUtcNow(), kind);
        return await SendAsync(turn, rendered);
    }

    private async Task AcquireAsync(SendStep kind, CancellationToken stopAsked)
    {
        if (kind != SendStep.Update)
        {
            await _waiter.AcquireAsync(stopAsked);
            return;
        }

        foreach (var rateLimiter in _updateLimiters) await _waiter.AcquireFromAsync(rateLimiter, stopAsked);
    }

    // Its attempt is written down together with an outcome before it: it is sent now, unless something has come between.
    private async Task<bool> SendBegunAsync(Turn turn)
    {
        if (!_waiter.IsPermitAvailable) return await ConcludeAsync(turn, new SendResult(SendOutcome.Wait, SendReason.RateLimited), SendEffect.None, rendered: null);

        _waiter.UsePermit();
        var rendered = await _prepared.TakeAsync(turn.Delivery) ?? await _renderer.RenderAsync(turn.Delivery, turn.Step, markRepeat: false);
        await _recorder.AttemptWrittenAsync(turn.Delivery.Id, turn.TimeUp);
        return await SendAsync(turn, rendered);
    }

    private async Task<bool> SendAsync(Turn turn, RenderedDelivery rendered)
    {
        var delivery = turn.Delivery;
        // Nothing has left: that must not look as if it had.
        if (turn.TimeUp.IsCancellationRequested) return await ConcludeAsync(turn, NotBegun, SendEffect.None, rendered: null);

        return await HearAsync(turn, Depart(delivery, turn.Step, rendered, turn.TimeUp));
    }

    private Departure Depart(PendingDelivery delivery, DeliveryStep step, RenderedDelivery rendered, CancellationToken timeUp)
    {
        return new Departure(rendered, PostAsync());

        async Task<SendResult> PostAsync()
        {
            using var activity = NotifierTracing.StartSend(_destination.Name, delivery.EventId, delivery.TraceParent);
            var result = rendered.Refusal ?? await _pipeline.SendAsync(rendered.Message!, step, step.CorrelationKeyOf(delivery), timeUp);
            activity?.SetTag("defectnotifier.outcome", result.Outcome.Word());
            activity?.SetTag("defectnotifier.reason", result.Reason.Word());
            if (result.Outcome is not (SendOutcome.Delivered or SendOutcome.NotSupported)) activity?.SetStatus(ActivityStatusCode.Error, result.Reason.Word());
            return result;
        }
    }

    // While a message is on its way those behind it are made; when it is answered the next one leaves, before what came of this one is written down.
    private async Task<bool> HearAsync(Turn turn, Departure departed)
    {
        if (_ahead.Count > 0) _prepared.Begin(_ahead.Coming(turn.Behind));
        var result = await departed.Sending;
        if (result.Outcome == SendOutcome.Ambiguous && !turn.Step.IsRepeatable) _repeats.Doubt();
        if (result.Outcome == SendOutcome.Delivered) SendNextAtOnce(turn);
        return await ConcludeAsync(turn, result, SendEffect.Sent, departed.Rendered);
    }

    // Only where nothing at all must be waited for.
    private void SendNextAtOnce(Turn turn)
    {
        if (turn.Behind.FirstOrDefault() is not { } next || !_ahead.IsNext(next) || !_recorder.IsAttemptWritten(next.Id)) return;
        if (!_waiter.IsPermitAvailable || turn.StopAsked.IsCancellationRequested || turn.TimeUp.IsCancellationRequested || _prepared.TakeMade(next) is not { } rendered) return;
        _waiter.UsePermit();
        _underway = Depart(next, DeliveryStep.Plain, rendered, turn.TimeUp);
    }

    // Writes down what came of it, with everything that follows from it, in one commit. True when the delivery is done with.
    private async Task<bool> ConcludeAsync(Turn turn, SendResult sent, SendEffect effect, RenderedDelivery? rendered)
    {
        var (delivery, step) = (turn.Delivery, turn.Step);
        var (result, thread, isUnfinished) = MessageThreadPolicy.After(delivery, step, sent, rendered?.Shown, _guide.Place);
        var isHeldByLimit = UseLimits(step.Kind == SendStep.Update ? _updateLimiters : _rateLimiters, result, effect);
        var now = _time.GetUtcNow();
        var outcome = _policy.Decide(delivery, StateFor(delivery), result, _age.Now, isHeldByLimit, now, Random.Shared.NextDouble());
        if (isUnfinished) outcome = outcome with { State = DeliveryState.Pending };
        // The destination was not asked: a parked one is not mended by that.
        if (step.Kind is null) outcome = outcome with { Lane = _state };
        var isKept = outcome.State is DeliveryState.Dead or DeliveryState.Held;
        // A delivery that stays, or a lane that is held or stops, holds those behind it.
        var goesOn = outcome.State != DeliveryState.Pending && outcome.Lane is { NotBefore: null, ParkedReason: null } && !turn.StopAsked.IsCancellationRequested;
        outcome = outcome with
        {
            Step = step.Kind ?? SendStep.Update,
            // Only what was posted settles a doubt; an update raises none.
            IsStepDone = isUnfinished && step.Kind == SendStep.Root,
            RestartsAge = outcome.RestartsAge || (isUnfinished && step.Kind == SendStep.Root),
            MessageThread = thread,
            Version = rendered?.Message?.Version,
            Message = isKept ? (await MessageToKeepAsync(turn, result, rendered?.Message))?.Json : null,
            RateLimiters = [.. AllRateLimiters.Select(rateLimiter => rateLimiter.Save(now)).OfType<RateLimitState>()],
            LaneIsUnchanged = outcome.Lane == _state,
            Notices = _notices.Of(delivery, _state, outcome, _signal.Waiting),
        };
        // What is sent later is made later: the templates, and what is known of a defect, may be others by then.
        if (!goesOn) await _prepared.AbandonAsync();
        _concluded = delivery.Id;
        var conclusion = new Conclusion(delivery, result, outcome);
        if (_ahead.Count > 0 && outcome.State == DeliveryState.Delivered && outcome.Lane == _state && outcome is { Notices.Count: 0, MessageThread: null })
        {
            _recorder.Begin(conclusion);
            return true;
        }

        await _recorder.RecordAsync(conclusion, turn.TimeUp);
        _freeAt = _waiter.Now + LanePolicy.RemainingOf(outcome.Lane, now);
        _state = outcome.Lane;
        return outcome.State != DeliveryState.Pending;
    }

    // True when a limit holds what has to wait, so that the lane need not.
    private static bool UseLimits(IReadOnlyList<RateLimiter> limits, SendResult result, SendEffect effect)
    {
        var isLimited = result is { Outcome: SendOutcome.Wait, Reason: SendReason.RateLimited };
        // Where nothing was sent, a limit holds it already: a search's 429 is about another method, a turn is due no more.
        if (effect == SendEffect.None) return isLimited;
        foreach (var rateLimiter in limits) rateLimiter.Use();
        if (!isLimited || limits.Count == 0) return false;
        limits[^1].SlowDown(result.RetryAfter ?? LanePolicy.DefaultWait);
        return true;
    }

    // An outcome is written.
    private void Settle(Conclusion conclusion)
    {
        foreach (var planned in conclusion.Outcome.Notices.SelectMany(notice => notice.Decision.Deliveries)) _signals.For(planned.Destination).Add(1);
        _reporter.Tell(conclusion.Delivery, conclusion.Result, conclusion.Outcome);
        if (conclusion.Outcome.State != DeliveryState.Pending) _signal.Remove();
    }

    private async Task<ChatMessage?> MessageToKeepAsync(Turn turn, SendResult result, ChatMessage? message) =>
        // One that was refused without a message could not be rendered, and can't be now.
        message ?? (result.Outcome == SendOutcome.Rejected ? null : (await _renderer.RenderAsync(turn.Delivery, turn.Step, turn.Delivery.MayBeRepeat)).Message);

    // What was counted in a row is that of the delivery that it was counted for: an operator may have put another one before it.
    private LaneState StateFor(PendingDelivery delivery) => _concluded is { } last && last != delivery.Id ? _state with { HoldCount = 0 } : _state;

    private static SendResult NotBegun { get; } = new(SendOutcome.Wait, SendReason.Interrupted) { RetryAfter = TimeSpan.Zero };

    /// <summary>A message that is on its way.</summary>
    private sealed record Departure(RenderedDelivery Rendered, Task<SendResult> Sending);

    /// <summary>A delivery's step, with what stands behind it.</summary>
    private sealed record Turn(PendingDelivery Delivery, DeliveryStep Step, IEnumerable<PendingDelivery> Behind, CancellationToken StopAsked, CancellationToken TimeUp);
}
