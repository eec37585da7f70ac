using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Delivery.Threads;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Runs the steps of one delivery of a destination. For each step: plan, wait for a permit, render, start the attempt, send, record
/// the outcome. An attempt is durable before its send, its outcome after it. Used only by the lane's loop.
/// </summary>
internal sealed class DeliveryRunner(
    Destination destination,
    IOutbox outbox,
    LaneWaiter waiter,
    DetailsWait details,
    LaneLimits limits,
    RepeatCheck repeats,
    DeliveryRenderer renderer,
    SendPipeline pipeline,
    OutcomeRecorder recorder,
    LaneDigests digests,
    TimeProvider time)
{
    /// <summary>Identifies the destination's channel; empty where messages have no threads.</summary>
    private readonly string _place = (destination.Sender as IThreadedSender)?.Place ?? "";

    // Set before the first delivery.
    private Claim _claim = null!;

    // The attempt that was started in the commit of the last outcome; null: none.
    private StartedAttempt? _started;

    /// <summary>True when the next delivery must be sent now, because its attempt has started.</summary>
    public bool HasStarted => _started is not null;

    /// <summary>The lane was claimed.</summary>
    public void Begin(Claim claim) => (_claim, _started) = (claim, null);

    /// <summary>Sends a delivery, step by step.</summary>
    /// <param name="delivery">The delivery at the head of the lane.</param>
    /// <param name="next">The delivery behind it; null: not known.</param>
    /// <param name="stopAsked">Ends the waiting; nothing new is started.</param>
    /// <param name="timeUp">Cancels the send.</param>
    /// <returns>True when the delivery is complete; false when it has to be read again.</returns>
    public async Task<bool> DeliverAsync(
        PendingDelivery delivery, PendingDelivery? next, CancellationToken stopAsked, CancellationToken timeUp)
    {
        if (_started?.DeliveryId != delivery.Id)
        {
            _started = null;
            await waiter.WaitAsync(recorder.FreeAt, recorder.State.WaitReason, recorder.State.IsProbeWait, stopAsked);
        }

        var context = await LoadAsync(delivery);
        if (context.Thread?.DigestId is not null && await digests.TryFollowAsync(delivery)) return true;
        while (true)
        {
            recorder.Begin(context.Delivery);
            var step = _started?.Step ?? await PlanAsync(context);
            var sent = await TakeStepAsync(context, step, stopAsked, timeUp);
            var (state, goesOn) = await CompleteStepAsync(context, sent, next, stopAsked, timeUp);
            if (state != DeliveryState.Pending) return true;
            if (!goesOn) return false;
        }
    }

    // Not cancelled: a quick read by key, and an attempt may have started.
    private async Task<DeliveryContext> LoadAsync(PendingDelivery delivery)
    {
        if (delivery.Defect is not { } key) return new DeliveryContext(delivery, defect: null, thread: null, isThreaded: false);
        if (!MessageThreadPolicy.Applies(destination, delivery))
        {
            var known = await outbox.ReadDefectAsync(key, CancellationToken.None);
            return new DeliveryContext(delivery, known, thread: null, isThreaded: false);
        }

        var (defect, thread) = await outbox.ReadContextAsync(destination.Name, key, CancellationToken.None);
        if (defect is null) return new DeliveryContext(delivery, defect, thread: null, isThreaded: false);
        // A message in another channel, from before a change of settings, is left as it is.
        if (thread?.Place != _place) thread = null;
        if (MessageThreadPolicy.MayJoin(delivery, thread))
        {
            var titleKey = MessageThread.TitleKeyOf(key, defect.Title);
            thread = await outbox.JoinMessageAsync(_claim, delivery, _place, titleKey, time.GetUtcNow());
        }

        return new DeliveryContext(delivery, defect, thread, isThreaded: true);
    }

    private async Task<bool> RefreshAsync(DeliveryContext context) =>
        context.Delivery.Defect is { } key && context.Refresh(await outbox.ReadDefectAsync(key, CancellationToken.None));

    private async Task ReloadAsync(DeliveryContext context)
    {
        await RefreshAsync(context);
        // Names may be known now, even if the defect is the same.
        (context.Names, context.CurrentRoot) = (null, null);
    }

    private async Task<DeliveryStep> PlanAsync(DeliveryContext context)
    {
        var mayUpdate = MessageThreadPolicy.MayUpdate(context.Delivery, context.Thread);
        var current = mayUpdate ? await renderer.RenderCurrentRootAsync(context) : null;
        return MessageThreadPolicy.Plan(context.Delivery, context.IsThreaded ? context.Defect : null, context.Thread, current?.Shown);
    }

    private async Task<SentStep> TakeStepAsync(
        DeliveryContext context, DeliveryStep step, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var delivery = context.Delivery;
        if (step.Kind is not { } kind) return new SentStep(step, new SendResult(SendOutcome.Delivered, SendReason.Unchanged));

        RenderedDelivery rendered;
        if (_started is { } started)
        {
            rendered = await renderer.RenderAsync(context, step, markRepeat: false);
            _started = null;
            // Another lane received a 429 since the attempt was started.
            if (started.Permits.Any(permit => permit.IsStale))
                return new SentStep(step, new SendResult(SendOutcome.Wait, SendReason.RateLimited));
        }
        else
        {
            if (MessageThreadPolicy.IsFinal(delivery, kind)) await details.WaitAsync(context, ReloadAsync, stopAsked);
            var check = await repeats.CheckAsync(delivery, step, recorder.StateFor(delivery), stopAsked, timeUp);
            if (check.Instead is { } instead) return new SentStep(step, instead);

            var hasWaited = await waiter.AcquireAsync(limits.For(kind), stopAsked) || delivery.IsInDoubt;
            // A message shows what is known when it is sent: after a wait the defect is read again, and its message is planned again if it
            // has changed.
            if (hasWaited && await RefreshAsync(context) && kind is SendStep.RootMessage or SendStep.Update)
            {
                step = await PlanAsync(context);
                if (step.Kind != kind) return await TakeStepAsync(context, step, stopAsked, timeUp);
            }

            rendered = await renderer.RenderAsync(context, step, check.MarkRepeat);
            stopAsked.ThrowIfCancellationRequested();
            await outbox.StartAttemptAsync(_claim, delivery.Id, time.GetUtcNow(), kind);
        }

        // Nothing was sent, so the attempt must not be recorded as one that may have been posted.
        if (timeUp.IsCancellationRequested)
            return new SentStep(step, new SendResult(SendOutcome.Wait, SendReason.Interrupted) { RetryAfter = TimeSpan.Zero });

        if (!_claim.MaySend) throw new ClaimLostException(_claim.Name);
        var result = rendered.Rejection ?? await pipeline.SendAsync(rendered.Message!, step, delivery, timeUp);
        if (result.Outcome == SendOutcome.Ambiguous && !step.IsRepeatable) repeats.ResponseLost();
        return new SentStep(step, result) { IsSent = true, Rendered = rendered };
    }

    // Records the step's outcome. If it allows the next attempt at once, that attempt is started in the same commit.
    private async Task<(DeliveryState State, bool GoesOn)> CompleteStepAsync(
        DeliveryContext context, SentStep sent, PendingDelivery? next, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var delivery = context.Delivery;
        var after = MessageThreadPolicy.After(delivery, sent.Step, sent.Result, sent.Rendered?.Shown, _place);
        var outcome = recorder.Decide(delivery, sent.Step, after, sent.IsSent) with { Version = sent.Rendered?.Message?.Version };
        if (outcome is { State: DeliveryState.Dead, Reason: SendReason.Expired, MayHavePosted: false }
            && digests.OfExpired(delivery) is { } join)
            outcome = outcome with { State = DeliveryState.Digested, Join = join };
        if (outcome.State is DeliveryState.Dead or DeliveryState.Held)
            outcome = outcome with { Message = (await MessageToStoreAsync(context, sent, after.Result))?.Json };

        context.Apply(outcome);
        var start = stopAsked.IsCancellationRequested ? null : await TryStartAsync(context, outcome, after.GoesOn, next);
        if (start is not null) outcome = outcome with { Next = new NextAttempt(start.DeliveryId, start.Step.Kind!.Value) };
        await recorder.RecordAsync(delivery, after.Result, outcome, timeUp);
        _started = start;
        return (outcome.State, after.GoesOn);
    }

    // Only for a new message that needs no repeat check, that does not wait for Qase's API, whose permits are due now, and whose lane does
    // not have to wait.
    private async Task<StartedAttempt?> TryStartAsync(DeliveryContext context, AttemptOutcome outcome, bool goesOn, PendingDelivery? next)
    {
        if (outcome.Lane is not { NotBefore: null, IsParked: false }) return null;
        if (!goesOn && outcome.State == DeliveryState.Pending) return null;
        var delivery = goesOn ? context.Delivery : next;
        if (delivery is null or { MayBeRepeat: true } || details.Applies(delivery)) return null;
        if (!goesOn && (delivery.Kind != DeliveryKind.Routed || MessageThreadPolicy.Applies(destination, delivery))) return null;
        var step = goesOn ? await PlanAsync(context) : DeliveryStep.Plain;
        if (step.Kind is not (SendStep.Message or SendStep.Reply)) return null;
        return waiter.TryAcquire(limits.Posts) is { } permits ? new StartedAttempt(delivery.Id, step, permits) : null;
    }

    // What was sent, or would have been, for an operator. A message that was rejected without being rendered can't be rendered now.
    private async Task<ChatMessage?> MessageToStoreAsync(DeliveryContext context, SentStep sent, SendResult result)
    {
        if (sent.Rendered?.Message is { } message) return message;
        if (result.Outcome == SendOutcome.Rejected) return null;
        return (await renderer.RenderAsync(context, sent.Step, context.Delivery.MayBeRepeat)).Message;
    }

    /// <summary>A step and its result.</summary>
    private sealed record SentStep(DeliveryStep Step, SendResult Result)
    {
        /// <summary>True when a request was sent to the destination.</summary>
        public bool IsSent { get; init; }

        /// <summary>What was sent; null: nothing was rendered.</summary>
        public RenderedDelivery? Rendered { get; init; }
    }

    /// <summary>An attempt that is in the outbox and not sent yet.</summary>
    private sealed record StartedAttempt(long DeliveryId, DeliveryStep Step, IReadOnlyList<RateLimitPermit> Permits);
}
