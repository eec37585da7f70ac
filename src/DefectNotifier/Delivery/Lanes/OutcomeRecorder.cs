using DefectNotifier.Delivery.Notices;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Delivery.Threads;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Turns the results of a lane's sends into outcomes, writes them to the outbox, and keeps the lane's state, which is part of every
/// outcome. Used only by the lane's loop, except for <see cref="State"/>.
/// </summary>
internal sealed class OutcomeRecorder(
    Destination destination,
    DeliveryOptions options,
    LaneLimits limits,
    LaneWaiter waiter,
    IOutbox outbox,
    LaneSignal signal,
    NoticeWriter notices,
    LaneReporter reporter,
    TimeProvider time)
{
    private readonly LanePolicy _policy = new(destination, options);
    private readonly DeliveryAge _age = new(time);
    private volatile LaneState _state = new(destination.Name);

    // Set before the first outcome.
    private Claim _claim = null!;

    // The delivery of the last outcome in this process.
    private long? _lastDelivery;

    /// <summary>The lane's state after the last outcome.</summary>
    public LaneState State => _state;

    /// <summary>When the lane may send again, on the steady clock.</summary>
    public TimeSpan FreeAt { get; private set; }

    /// <summary>The lane was claimed: continues from its saved state.</summary>
    public async Task BeginAsync(Claim claim)
    {
        _claim = claim;
        SetState(_policy.Start(claim.State), time.GetUtcNow());
        if (_state != claim.State) await outbox.SaveLaneAsync(claim, _state);
    }

    /// <summary>A step of the delivery starts; its age counts from the first one.</summary>
    public void Begin(PendingDelivery delivery) => _age.Begin(delivery);

    /// <summary>
    /// The lane's state as it applies to this delivery: an operator's retry may have put another delivery in front of the one whose
    /// failures were counted.
    /// </summary>
    public LaneState StateFor(PendingDelivery delivery) =>
        _lastDelivery is { } last && last != delivery.Id ? _state with { WaitCount = 0 } : _state;

    /// <summary>What is to be recorded of a step.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="step">The step.</param>
    /// <param name="after">What follows from the step.</param>
    /// <param name="isSent">True when a request was sent to the destination.</param>
    public AttemptOutcome Decide(PendingDelivery delivery, DeliveryStep step, StepOutcome after, bool isSent)
    {
        var now = time.GetUtcNow();
        // If no request was sent, a rate limit is closed already: that of the lookup, or that of the stale permit.
        var isLimitClosed = isSent ? limits.Use(step.Kind!.Value, after.Result) : LaneLimits.IsRateLimited(after.Result);
        var outcome = _policy.Decide(delivery, StateFor(delivery), after.Result, _age.Now, isLimitClosed, now, Random.Shared.NextDouble());
        // Without a request a parked destination stays parked.
        if (step.Kind is null) outcome = outcome with { Lane = _state };
        // A message that was posted settles the doubt about earlier attempts; an update causes none.
        var isPostedAndGoesOn = after is { GoesOn: true, Result.Outcome: SendOutcome.Delivered } && !step.IsRepeatable;
        return outcome with
        {
            State = after.GoesOn ? DeliveryState.Pending : outcome.State,
            Step = step.Kind ?? SendStep.Update,
            IsStepDone = isPostedAndGoesOn,
            RestartsAge = outcome.RestartsAge || isPostedAndGoesOn,
            MessageThread = after.MessageThread,
            Digest = after.Digest,
            RateLimits = limits.Save(now),
            LaneIsUnchanged = outcome.Lane == _state,
        };
    }

    /// <summary>Writes an outcome together with the notices about it, and reports it.</summary>
    /// <param name="delivery">The delivery before the step.</param>
    /// <param name="result">The result of the step.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="timeUp">Ends the waiting for an outbox that can't be written; the attempt then stays open.</param>
    public async Task RecordAsync(PendingDelivery delivery, SendResult result, AttemptOutcome outcome, CancellationToken timeUp)
    {
        outcome = outcome with { Notices = notices.Of(delivery, _state, outcome, signal.Waiting) };
        _lastDelivery = delivery.Id;
        await WriteAsync(outcome, timeUp);
        SetState(outcome.Lane, outcome.At);
        _claim.Report(result.Reason);
        reporter.ReportOutcome(delivery, result, outcome);
    }

    // The message was sent: the lane must not continue before this is recorded, however long the outbox is unavailable.
    private async Task WriteAsync(AttemptOutcome outcome, CancellationToken timeUp)
    {
        while (true)
        {
            try
            {
                await outbox.RecordAsync(_claim, outcome);
                reporter.Works(LaneWork.Delivering);
                return;
            }
            catch (OutboxUnavailableException error)
            {
                reporter.Fails(LaneWork.Delivering, error);
                // A shutdown without the outcome leaves an open attempt, which the next start treats as one that may have been posted.
                timeUp.ThrowIfCancellationRequested();
                await Task.Delay(Lane.ErrorPause, time, timeUp);
            }
        }
    }

    private void SetState(LaneState state, DateTimeOffset now)
    {
        FreeAt = waiter.Now + LanePolicy.RemainingOf(state, now);
        _state = state;
    }
}
