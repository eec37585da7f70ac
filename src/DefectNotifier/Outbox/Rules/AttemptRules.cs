using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>Starts and ends attempts, and applies outcomes to deliveries.</summary>
public static class AttemptRules
{
    /// <summary>Begins an attempt.</summary>
    /// <returns>False when the delivery is not pending; then nothing was written.</returns>
    public static bool Start(IOutboxTransaction transaction, long deliveryId, DateTimeOffset at, SendStep step)
    {
        if (transaction.FindDelivery(deliveryId) is not { State: DeliveryState.Pending } row) return false;
        Interrupt(transaction, row, at);
        transaction.InsertAttempt(deliveryId, row.LastAttempt + 1, at, step);
        return true;
    }

    /// <summary>Ends the open attempt, changes the delivery and saves what belongs to the outcome.</summary>
    /// <returns>
    /// Null when everything was written. Otherwise the id of a delivery that is not pending: the outcome's own delivery (then nothing was
    /// written), or that of the next attempt (then everything else was written).
    /// </returns>
    public static long? Record(IOutboxTransaction transaction, AttemptOutcome outcome)
    {
        var row = transaction.FindDelivery(outcome.DeliveryId);
        // Written before, by a commit that was reported as failed.
        if (row is not null && row.LastOutcome == outcome.Id) return null;
        if (row is not { State: DeliveryState.Pending }) return outcome.DeliveryId;
        var number = row.LastAttempt;
        // Without an open attempt nothing was sent; the history still says what happened.
        if (row.OpenStep is null) transaction.InsertAttempt(row.Id, ++number, outcome.At, outcome.Step);
        transaction.EndAttempt(
            row.Id, number, new AttemptEnd(outcome.At, outcome.Outcome, outcome.Reason, outcome.Detail, outcome.Version));
        transaction.UpdateDelivery(row with
        {
            // Joining a digest below requires a pending delivery.
            State = outcome.Join is null ? outcome.State : DeliveryState.Pending,
            DoubtFrom = outcome.IsStepDone ? number + 1 : row.DoubtFrom,
            AgeFrom = outcome.RestartsAge ? number + 1 : row.AgeFrom,
            MayBeRepeat = !outcome.IsStepDone && (row.MayBeRepeat || outcome.MayHavePosted),
            Reason = outcome.Reason,
            Detail = outcome.Detail,
            Reference = outcome.Reference ?? row.Reference,
            EndedAt = outcome.State == DeliveryState.Pending ? null : outcome.At,
            LastOutcome = outcome.Id,
        });
        Announcements.Move(transaction, row, outcome.State);
        if (outcome.Join is { } join) DigestRules.Join(transaction, join);
        else if (outcome.State != DeliveryState.Pending) transaction.News.AddPending(row.Destination, -1);
        if (outcome.MessageThread is { } thread) transaction.SaveThread(outcome.Lane.Destination, thread);
        if (outcome.Digest is { } digest) transaction.SaveDigest(digest);
        if (outcome.Message is { } message) transaction.SaveMessage(row.Id, message);
        foreach (var notice in outcome.Notices) AppendRules.TryInsert(transaction, notice, before: null);
        foreach (var limit in outcome.RateLimits) transaction.SaveRateLimit(limit);
        if (!outcome.LaneIsUnchanged) transaction.SaveLane(outcome.Lane);
        return outcome.Next is { } next && !Start(transaction, next.DeliveryId, outcome.At, next.Step) ? next.DeliveryId : null;
    }

    /// <summary>
    /// Ends the attempts that the lane's last holder left open, as ones that may have been posted, and reads the lane's state. Every claim
    /// runs it.
    /// </summary>
    public static TakenLane TakeLane(IOutboxTransaction transaction, string destination, DateTimeOffset at)
    {
        var open = transaction.FindOpenDeliveries(destination);
        foreach (var deliveryId in open) Interrupt(transaction, transaction.FindDelivery(deliveryId)!, at);
        return new TakenLane(transaction.FindLane(destination) ?? new LaneState(destination), open.Count);
    }

    /// <summary>
    /// Ends an open attempt, if there is one. Whether its message was posted is unknown, so the delivery is marked as a possible repeat,
    /// except after an update, which can be repeated safely.
    /// </summary>
    /// <returns>The delivery as it is now.</returns>
    internal static DeliveryRow Interrupt(IOutboxTransaction transaction, DeliveryRow row, DateTimeOffset at)
    {
        if (row.OpenStep is not { } step) return row;
        transaction.EndAttempt(row.Id, row.LastAttempt, new AttemptEnd(at, SendOutcome.Ambiguous, SendReason.Interrupted));
        var ended = row with { OpenStep = null, MayBeRepeat = row.MayBeRepeat || step != SendStep.Update };
        transaction.UpdateDelivery(ended);
        return ended;
    }
}

/// <summary>A lane that was claimed.</summary>
/// <param name="State">Its saved state.</param>
/// <param name="Interrupted">How many attempts of its last holder were ended.</param>
public sealed record TakenLane(LaneState State, int Interrupted);
