using DefectNotifier.Delivery.Digests;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Sends a digest, one step at a time, so that the lane can send urgent messages between two steps. The steps are those of
/// <see cref="DeliveryRunner"/>: plan, wait for a permit, render, start the attempt, send, record the outcome. Used only by the lane's
/// loop.
/// </summary>
internal sealed class DigestRunner(
    IOutbox outbox,
    LaneWaiter waiter,
    LaneLimits limits,
    LaneDigests digests,
    RepeatCheck repeats,
    DeliveryRenderer renderer,
    SendPipeline pipeline,
    OutcomeRecorder recorder,
    TimeProvider time)
{
    // Set before the first delivery.
    private Claim _claim = null!;

    /// <summary>The lane was claimed.</summary>
    public void Begin(Claim claim) => _claim = claim;

    /// <summary>Takes the next step of a digest.</summary>
    /// <param name="delivery">The delivery of the digest, at the head of the lane.</param>
    /// <param name="joinAsync">Adds what waits to the open digest, so that the message shows it.</param>
    /// <param name="stopAsked">Ends the waiting; nothing new is started.</param>
    /// <param name="timeUp">Cancels the send.</param>
    public async Task DeliverStepAsync(
        PendingDelivery delivery, Func<Task> joinAsync, CancellationToken stopAsked, CancellationToken timeUp)
    {
        await waiter.WaitAsync(recorder.FreeAt, recorder.State.WaitReason, recorder.State.IsProbeWait, stopAsked);
        recorder.Begin(delivery);
        var content = await LoadAsync(delivery);
        var step = PlanOf(content);
        if (step.Kind is { } planned && !delivery.IsInDoubt)
        {
            await waiter.AcquireAsync(limits.For(planned), stopAsked);
            // The message in the channel shows what is known when it is sent; the replies show what it shows.
            if (step.Page == 0) await joinAsync();
            content = await LoadAsync(delivery);
            step = PlanOf(content);
            if (step.Kind is { } kind && kind != planned) await waiter.AcquireAsync(limits.For(kind), stopAsked);
        }

        var sent = await TakeStepAsync(delivery, content, step, stopAsked, timeUp);
        await CompleteAsync(delivery, content, step, sent, timeUp);
    }

    private async Task<DigestContent> LoadAsync(PendingDelivery delivery)
    {
        var view = await ReadAsync(delivery.Id);
        // The message can't be changed, so deliveries that it does not show become pending again.
        if (view.Digest is { Locked: not null, IsBehind: true })
        {
            while (await outbox.TakeBackAsync(_claim, delivery.Id))
            {
                // Each call is one commit.
            }

            view = await ReadAsync(delivery.Id);
        }

        digests.Changed(view.Digest);
        return new DigestContent(view, renderer.RenderDigest(delivery, view.Contents));
    }

    // A missing row means damage of the file, or a bug.
    private async Task<DigestView> ReadAsync(long digestId) => await outbox.ReadDigestAsync(digestId, CancellationToken.None)
        ?? throw new OutboxUnavailableException($"the digest of delivery {digestId} is not stored");

    private DeliveryStep PlanOf(DigestContent content) =>
        DigestPolicy.Plan(content.View.Digest, content.Hashes, digests.Scope.Place);

    private async Task<SentDigest> TakeStepAsync(
        PendingDelivery delivery, DigestContent content, DeliveryStep step, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var page = content.Pages[step.Page];
        if (step.Kind is not { } kind)
            return new SentDigest(new SendResult(SendOutcome.Delivered, SendReason.Unchanged), page, IsSent: false);
        var check = await repeats.CheckAsync(delivery, step, recorder.StateFor(delivery), stopAsked, timeUp);
        if (check.Instead is { } instead) return new SentDigest(instead, page, IsSent: false);
        if (delivery.IsInDoubt) await waiter.AcquireAsync(limits.For(kind), stopAsked);
        if (kind == SendStep.RootMessage) page = renderer.RenderNewDigest(delivery, content.View.Contents, page, check.MarkRepeat);
        stopAsked.ThrowIfCancellationRequested();
        await outbox.StartAttemptAsync(_claim, delivery.Id, time.GetUtcNow(), kind);
        // Nothing was sent, so the attempt must not be recorded as one that may have been posted.
        if (timeUp.IsCancellationRequested)
        {
            var interrupted = new SendResult(SendOutcome.Wait, SendReason.Interrupted) { RetryAfter = TimeSpan.Zero };
            return new SentDigest(interrupted, page, IsSent: false);
        }

        if (!_claim.MaySend) throw new ClaimLostException(_claim.Name);
        var result = page.Rejection ?? await pipeline.SendAsync(page.Message!, step, delivery, timeUp);
        if (result.Outcome == SendOutcome.Ambiguous && !step.IsRepeatable) repeats.ResponseLost();
        return new SentDigest(result, page, IsSent: true);
    }

    private async Task CompleteAsync(
        PendingDelivery delivery, DigestContent content, DeliveryStep step, SentDigest sent, CancellationToken timeUp)
    {
        var after = DigestPolicy.After(content.View.Digest, step, sent.Result, content.Hashes, digests.Scope);
        var outcome = recorder.Decide(delivery, step, after, sent.IsSent) with { Version = sent.Page.Version };
        if (outcome.State is DeliveryState.Dead or DeliveryState.Held) outcome = outcome with { Message = sent.Page.Message?.Json };
        await recorder.RecordAsync(delivery, after.Result, outcome, timeUp);
        if (after.Digest is { } digest) digests.Changed(digest);
        if (outcome.State is DeliveryState.Dead or DeliveryState.Held) digests.GivenUp();
    }

    /// <summary>A digest and its messages as they should be now, the one in the channel first.</summary>
    private sealed record DigestContent(DigestView View, IReadOnlyList<RenderedDelivery> Pages)
    {
        public IReadOnlyList<string?> Hashes { get; } = [.. Pages.Select(page => page.Shown)];
    }

    /// <summary>A step's result, and what was or would have been sent.</summary>
    private sealed record SentDigest(SendResult Result, RenderedDelivery Page, bool IsSent);
}
