using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// Adds deliveries to digests. A delivery in a digest has ended; the digest is pending until its message shows the delivery, so none is
/// lost.
/// </summary>
public static class DigestRules
{
    /// <summary>The maximum number of deliveries added in one commit, so that no commit grows with the backlog.</summary>
    public const int MaxJoined = 256;

    /// <summary>Adds pending deliveries to the open digest of a destination, or creates it.</summary>
    public static DigestJoinResult Join(IOutboxTransaction transaction, DigestJoin join)
    {
        var target = new DigestTarget(transaction, join.Scope, DigestCause.Storm, join.IsUrgent) { FirstDueAt = join.FirstDueAt };
        var others = ((DigestCause Cause, bool IsUrgent)[])
            [(DigestCause.Storm, !join.IsUrgent), (DigestCause.QuietHours, false), (DigestCause.Silence, false)];
        var isOtherBehind = others.Any(
            other => transaction.FindLatestDigest(join.Scope.Destination, other.Cause, other.IsUrgent) is { IsBehind: true });
        var (count, left) = (0, new HashSet<DefectKey?>());
        foreach (var id in join.DeliveryIds.Take(MaxJoined))
        {
            if (transaction.FindSubject(id) is not { } subject) continue;
            // A later event of a defect must not be sent before an earlier one that is sent on its own.
            if (subject.Defect is not null && left.Contains(subject.Defect)) continue;
            if (TryJoin(transaction, id, subject, target, join, isOtherBehind)) count++;
            else left.Add(subject.Defect);
        }

        return new DigestJoinResult(
            count, transaction.FindLatestDigest(join.Scope.Destination, DigestCause.Storm, join.IsUrgent));
    }

    /// <summary>
    /// Adds deferred deliveries whose quiet hours or silence have ended to a digest of their own; a single one is sent as a message.
    /// </summary>
    /// <returns>True when more may have to be released.</returns>
    public static bool ReleaseDeferred(IOutboxTransaction transaction, DigestScope scope)
    {
        // First, because later events of the same defects may go before what waits for a message in another channel.
        foreach (var id in transaction.FindScheduled(scope.Destination))
        {
            if (transaction.FindDigest(id) is not { Root: not null, IsBehind: true } digest || digest.CanChange(scope.Place)) continue;
            TakeBack(transaction, id);
            return true;
        }

        foreach (var (silenceId, firstDueAt) in transaction.FindDeferrals(scope.Destination))
        {
            if (firstDueAt > scope.At || SilenceRules.EndOf(transaction, silenceId) > scope.At) continue;
            var due = transaction.FindDeferred(scope.Destination, silenceId, scope.At, MaxJoined);
            var ended = due.Where(id => !SilenceRules.IsDeferredAgain(transaction, id, scope.At)
                && !WaitsForEarlier(transaction, id, silenceId, scope.At)).ToList();
            var cause = silenceId == 0 ? DigestCause.QuietHours : DigestCause.Silence;
            var target = new DigestTarget(transaction, scope, cause, isUrgent: false) { SilenceId = silenceId, FirstDueAt = scope.At };
            if (ended is [var only] && due.Count < MaxJoined && target.FindCurrent() is null) SendAlone(transaction, only);
            else foreach (var id in ended) JoinDeferred(transaction, id, target, scope, ReasonOf(cause));
            return true;
        }

        return false;
    }

    /// <summary>When the lane must check its deferred deliveries again; null: there are none.</summary>
    public static DateTimeOffset? NextReleaseOf(IOutboxTransaction transaction, string destination) =>
        transaction.FindDeferrals(destination)
            .Select(deferral => Max(deferral.FirstDueAt, SilenceRules.EndOf(transaction, deferral.SilenceId)))
            .Min(due => (DateTimeOffset?)due);

    /// <summary>
    /// Takes back what a message does not show and can't show any more, because the chat does not allow to change it, or because it is in
    /// another channel since a change of settings: these deliveries are pending again.
    /// </summary>
    /// <returns>True when there are more.</returns>
    public static bool TakeBack(IOutboxTransaction transaction, long digestId)
    {
        if (transaction.FindDigest(digestId) is not { IsBehind: true } digest) return false;
        var unshown = transaction.FindDigested(digestId, digest.Shown, MaxJoined);
        foreach (var id in unshown)
        {
            var schedule = transaction.FindSchedule(id)!;
            transaction.SaveSchedule(schedule with
            {
                State = DeliveryState.Pending,
                Reason = null,
                EndedAt = null,
                DigestId = null,
                DigestNumber = 0,
                // A later event of its defect got the digest's priority, and must not be sent before it.
                Priority = digest.IsUrgent ? DeliveryPriority.Urgent : schedule.Priority,
            });
            transaction.News.AddPending(schedule.Destination, 1);
            if (transaction.FindSubject(id)?.Defect is { } key && transaction.FindThread(schedule.Destination, key) is { } thread
                && thread.DigestId == digestId)
                transaction.SaveThread(schedule.Destination, thread with { DigestId = null, PostedBy = 0 });
        }

        var after = digest with { Count = digest.Count - unshown.Count, Shown = unshown.Count == 0 ? digest.Count : digest.Shown };
        transaction.SaveDigest(after);
        return after.IsBehind;
    }

    /// <summary>
    /// Keeps the order of the deliveries of one defect: an earlier event is never sent after a later one. If the new event is sent before
    /// others, the earlier events of its defect are, too.
    /// </summary>
    public static PlannedDelivery KeepOrder(IOutboxTransaction transaction, PlannedDelivery planned, DefectKey key)
    {
        if (planned.Deferral is not null || planned.Kind == DeliveryKind.Refresh) return planned;
        var isUrgent = planned.Priority == DeliveryPriority.Urgent;
        if (!isUrgent && !HasOtherOrder(transaction, planned.Destination)) return planned;
        var unsent = transaction.FindUnsent(key, planned.Destination).Where(one => IsUnsent(transaction, one)).ToList();
        // An unsent digest contains an earlier event, so this one becomes part of the digest, too.
        if (unsent.LastOrDefault(one => one.State == DeliveryState.Digested) is { DigestId: { } digestId })
        {
            isUrgent = transaction.FindDigest(digestId)!.IsUrgent;
            planned = planned with { Priority = isUrgent ? DeliveryPriority.Urgent : DeliveryPriority.Normal, MayDigest = true };
        }

        foreach (var earlier in unsent.Where(one => one.State != DeliveryState.Digested && one.Priority != DeliveryPriority.Silent))
        {
            var isDeferred = earlier.State == DeliveryState.Deferred;
            if (!isDeferred && !isUrgent) continue;
            transaction.SaveSchedule(earlier with
            {
                State = DeliveryState.Pending,
                Reason = isDeferred ? null : earlier.Reason,
                Priority = planned.Priority,
                DueAt = null,
                SilenceId = 0,
            });
            if (isDeferred) transaction.News.AddPending(earlier.Destination, 1);
        }

        return planned;
    }

    // True while an earlier event may wait longer than a later one, which is rare.
    private static bool HasOtherOrder(IOutboxTransaction transaction, string destination) =>
        transaction.FindDeferrals(destination).Count > 0
        || transaction.FindLatestDigest(destination, DigestCause.Storm, isUrgent: true) is { IsBehind: true };

    private static bool IsUnsent(IOutboxTransaction transaction, DeliverySchedule one) => one.State != DeliveryState.Digested
        // What was given up is sent only when an operator asks for it.
        || (transaction.FindDigest(one.DigestId!.Value) is { } digest && one.DigestNumber > digest.Shown
            && transaction.FindDelivery(digest.Id) is { State: DeliveryState.Pending });

    // If an earlier event of the defect is deferred longer or for another reason, this one is deferred with it.
    private static bool WaitsForEarlier(IOutboxTransaction transaction, long deliveryId, long silenceId, DateTimeOffset at)
    {
        if (transaction.FindSubject(deliveryId)?.Defect is not { } key || transaction.FindSchedule(deliveryId) is not { } schedule)
            return false;
        var earlier = transaction.FindUnsent(key, schedule.Destination)
            .LastOrDefault(one => one.State == DeliveryState.Deferred && one.Id < deliveryId);
        if (earlier is null || (earlier.SilenceId == silenceId && earlier.DueAt <= at)) return false;
        var dueAt = earlier.DueAt > schedule.DueAt ? earlier.DueAt : schedule.DueAt;
        transaction.SaveSchedule(schedule with { SilenceId = earlier.SilenceId, DueAt = dueAt });
        return true;
    }

    private static void SendAlone(IOutboxTransaction transaction, long deliveryId)
    {
        var schedule = transaction.FindSchedule(deliveryId)!;
        transaction.SaveSchedule(schedule with
        {
            State = DeliveryState.Pending,
            Reason = null,
            // Not before a digest that contains earlier events of its defect.
            Priority = DeliveryPriority.Normal,
            DueAt = null,
            SilenceId = 0,
        });
        transaction.News.AddPending(schedule.Destination, 1);
    }

    // False: it must be sent on its own.
    private static bool TryJoin(
        IOutboxTransaction transaction,
        long deliveryId,
        DeliverySubject subject,
        DigestTarget target,
        DigestJoin join,
        bool isOtherBehind)
    {
        if (transaction.FindSchedule(deliveryId) is not { State: DeliveryState.Pending } schedule) return false;
        var mayCreate = schedule.MayDigest && !join.IsFollowing;
        var shown = target.FindChangeable(FindThread(transaction, schedule, subject, join.Scope)?.DigestId);
        Digest? known = null;
        // Otherwise an earlier event of its defect can wait only in the digest that this one is added to.
        if (!mayCreate || isOtherBehind || shown is not null)
        {
            var waiting = FindWaiting(transaction, schedule, subject);
            known = waiting.Select(id => target.FindChangeable(id)).LastOrDefault(digest => digest is not null);
            if (known is null && waiting.Count == 0) known = shown;
            // Nothing can be added to the one that waits, and this one would be sent before it.
            if (known is null && waiting.Count > 0 && target.FindCurrent()?.Id < waiting.Max()) return false;
        }

        if (known is null && !mayCreate) return false;
        Add(transaction, schedule, subject, target.Add(known, schedule, subject.ReceivedAt), join.Scope, join.Reason);
        return true;
    }

    private static void JoinDeferred(
        IOutboxTransaction transaction, long deliveryId, DigestTarget target, DigestScope scope, SendReason reason)
    {
        if (transaction.FindSchedule(deliveryId) is not { } schedule || transaction.FindSubject(deliveryId) is not { } subject) return;
        // Not before an earlier event of its defect: it is sent after the one that is sent on its own, and in the digest that contains one.
        var waiting = FindWaiting(transaction, schedule, subject)
            .Select(id => target.FindChangeable(id)).LastOrDefault(digest => digest is not null);
        if (subject.Defect is { } key && transaction.FindUnsent(key, schedule.Destination).Any(one => one.Id < deliveryId
            && (one is { State: DeliveryState.Pending, Priority: not DeliveryPriority.Silent }
                || (waiting is null && one.State == DeliveryState.Digested && IsUnsent(transaction, one)))))
        {
            SendAlone(transaction, deliveryId);
            return;
        }

        var known = waiting ?? target.FindChangeable(FindThread(transaction, schedule, subject, scope)?.DigestId);
        Add(transaction, schedule, subject, target.Add(known, schedule, subject.ReceivedAt), scope, reason);
    }

    private static void Add(
        IOutboxTransaction transaction,
        DeliverySchedule schedule,
        DeliverySubject subject,
        Digest digest,
        DigestScope scope,
        SendReason reason)
    {
        transaction.SaveSchedule(schedule with
        {
            State = DeliveryState.Digested,
            Reason = reason,
            EndedAt = scope.At,
            DueAt = null,
            DigestId = digest.Id,
            DigestNumber = digest.Count,
        });
        if (schedule.State == DeliveryState.Pending) transaction.News.AddPending(schedule.Destination, -1);
        if (!IsUpdated(subject, scope) || subject.Defect is not { } defect) return;
        var thread = FindThread(transaction, schedule, subject, scope);
        if (thread is { RootMessage: not null, RepeatOf: null })
        {
            // The defect's own message is changed afterwards; that notifies no one.
            var refresh = PlannedDelivery.Refresh(digest.Destination) with { Priority = DeliveryPriority.Silent };
            transaction.InsertDelivery(subject.EventNumber, refresh, DeliveryStart.Now, announceAt: null);
            transaction.News.AddPending(digest.Destination, 1);
        }
        else if (thread?.DigestId != digest.Id)
        {
            var shown = new MessageThread(defect) { Place = scope.Place!, PostedBy = schedule.Id, DigestId = digest.Id };
            transaction.SaveThread(digest.Destination, shown);
        }
    }

    // True when the message that shows the defect can be changed, so that it also shows later events.
    private static bool IsUpdated(DeliverySubject subject, DigestScope scope) =>
        scope.Place is not null && subject.Mode is MessageMode.ThreadAndUpdate or MessageMode.Update;

    private static MessageThread? FindThread(
        IOutboxTransaction transaction, DeliverySchedule schedule, DeliverySubject subject, DigestScope scope) =>
        IsUpdated(subject, scope) && subject.Defect is { } key
            && transaction.FindThread(schedule.Destination, key) is { } thread && thread.Place == scope.Place
            ? thread
            : null;

    // The unsent digests with earlier events of the defect: a later event must not be sent before them.
    private static List<long> FindWaiting(IOutboxTransaction transaction, DeliverySchedule schedule, DeliverySubject subject) =>
        subject.Defect is not { } key
            ? []
            : [.. transaction.FindUnsent(key, schedule.Destination)
                .Where(one => one.State == DeliveryState.Digested && IsUnsent(transaction, one)).Select(one => one.DigestId!.Value)];

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static SendReason ReasonOf(DigestCause cause) => cause == DigestCause.Silence ? SendReason.Silenced : SendReason.QuietHours;
}
