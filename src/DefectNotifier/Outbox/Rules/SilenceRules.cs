using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>What silences defer and discard.</summary>
public static class SilenceRules
{
    /// <inheritdoc cref="ISilences.AddSilenceAsync"/>
    public static Silence? Add(IOutboxTransaction transaction, Silence silence, DateTimeOffset at)
    {
        if (transaction.FindSilences(at).Count >= ISilences.MaxCurrent) return null;
        transaction.News.AddDeferralsChange();
        return silence with { Id = transaction.InsertSilence(silence) };
    }

    /// <inheritdoc cref="ISilences.ExpireSilenceAsync"/>
    public static Silence? Expire(IOutboxTransaction transaction, long id, DateTimeOffset at)
    {
        if (transaction.FindSilence(id) is not { } silence) return null;
        if (silence.EndsAt <= at) return silence;
        transaction.SaveSilence(silence with { EndsAt = at });
        transaction.News.AddDeferralsChange();
        return silence;
    }

    /// <summary>When a silence ends; the minimum for 0 (no silence), and for one that is no longer stored.</summary>
    internal static DateTimeOffset EndOf(IOutboxTransaction transaction, long silenceId) =>
        (silenceId == 0 ? null : transaction.FindSilence(silenceId))?.EndsAt ?? DateTimeOffset.MinValue;

    /// <summary>When a deferred delivery is sent: at the end of its quiet hours or of its silence, whichever is later.</summary>
    public static DateTimeOffset ReleaseAt(DateTimeOffset dueAt, Silence? silence) => silence?.EndsAt > dueAt ? silence.EndsAt : dueAt;

    /// <summary>The active silences that match an event. Notices and trial events are never silenced.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="asked">The event, with the severity and title that count for it.</param>
    /// <param name="at">When it was accepted.</param>
    internal static IReadOnlyList<Silence> FindMatching(IOutboxTransaction transaction, DefectEvent asked, DateTimeOffset at)
    {
        // A trial event reads them, too, to show whether they can be read.
        var silences = transaction.FindSilences(at);
        if (silences.Count == 0 || OwnEvents.IsNotice(asked.Name) || asked.Source == Rehearsal.Name) return [];
        // A defect whose severity becomes known later is new where it is announced, so it matches as created.
        if (asked.Name == OwnEvents.Details) asked = asked with { Name = DefectHistoryEntry.Created };
        return [.. silences.Where(silence => silence.IsActive(at) && silence.Takes(asked))];
    }

    /// <summary>Defers or discards the deliveries by these silences. Updates of messages are not changed.</summary>
    internal static IReadOnlyList<PlannedDelivery> Silenced(
        this IReadOnlyList<PlannedDelivery> deliveries, IReadOnlyList<Silence> silences, DateTimeOffset at)
    {
        if (silences.Count == 0) return deliveries;
        var last = LastOf(silences);
        return [.. deliveries.Select(planned => planned.Kind == DeliveryKind.Refresh
            ? planned
            : planned with { Deferral = new Deferral(planned.Deferral?.Until ?? at, last.Id, last.IsDiscarding) })];
    }

    /// <summary>Counts a match for each of these silences if a delivery of the event was deferred or discarded.</summary>
    internal static void Count(
        IOutboxTransaction transaction, IReadOnlyList<Silence> silences, IReadOnlyList<PlannedDelivery> deliveries, DateTimeOffset at)
    {
        if (silences.Count == 0 || !deliveries.Any(planned => planned.Deferral?.SilenceId is not null)) return;
        foreach (var silence in silences)
            transaction.SaveSilence(silence with { MatchedAt = at, MatchCount = silence.MatchCount + 1 });
    }

    /// <summary>
    /// Adds an update of the defect's message where a delivery is deferred or discarded: an update notifies no one, so it is sent at once.
    /// </summary>
    internal static IReadOnlyList<PlannedDelivery> WithUpdates(
        this IReadOnlyList<PlannedDelivery> deliveries, IOutboxTransaction transaction, RouteTable routes, DefectKey key, DefectRow before)
    {
        if (deliveries.All(planned => planned.Deferral is null)) return deliveries;
        var updates = deliveries.Where(planned => planned.Deferral is not null
                && planned.MessageMode is MessageMode.ThreadAndUpdate or MessageMode.Update
                && routes.CanChange(planned.Destination)
                && before.Announced.Counts.ContainsKey(planned.Destination)
                && HasMessage(transaction, key, planned.Destination))
            .Select(planned => routes.WithDigest(PlannedDelivery.Refresh(planned.Destination), asked: null));
        return [.. deliveries, .. updates];
    }

    /// <summary>True when another silence defers a delivery whose silence has ended; the delivery then belongs to the other one.</summary>
    internal static bool IsDeferredAgain(IOutboxTransaction transaction, long deliveryId, DateTimeOffset at)
    {
        if (transaction.FindSilences(at).Count == 0 || transaction.FindSubject(deliveryId) is not { } subject) return false;
        var defect = subject.Defect is { } key ? transaction.FindDefect(key)?.Defect : null;
        var asked = RouteTable.Asked(subject.EventName, subject.ProjectCode, defect?.Severity, defect?.Title);
        // What has been accepted is not discarded later.
        var silences = FindMatching(transaction, asked with { Source = subject.Defect?.Source ?? "" }, at)
            .Where(silence => !silence.IsDiscarding).ToList();
        if (silences.Count == 0) return false;
        var schedule = transaction.FindSchedule(deliveryId)!;
        transaction.SaveSchedule(schedule with { Reason = SendReason.Silenced, SilenceId = LastOf(silences).Id });
        return true;
    }

    // One that discards takes precedence: otherwise a message would be sent that an operator wanted discarded.
    private static Silence LastOf(IReadOnlyList<Silence> silences) =>
        silences.OrderByDescending(silence => silence.IsDiscarding).ThenByDescending(silence => silence.EndsAt).First();

    // True also for a pending message: it may have been rendered before this event was stored.
    private static bool HasMessage(IOutboxTransaction transaction, DefectKey key, string destination) =>
        transaction.FindThread(destination, key) is { RootMessage: not null } or { DigestId: not null }
        || transaction.FindUnsent(key, destination).Any(one => one.State == DeliveryState.Pending);
}
