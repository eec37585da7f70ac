using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>Adds requests to Qase, and applies their results.</summary>
public static class EnrichmentRules
{
    /// <summary>
    /// Adds the request unless it was given up less than <see cref="IEnrichmentStore.AgainAfter"/> ago. A pending one that may have been
    /// sent already is due again: its response may lack what is asked for now.
    /// </summary>
    internal static void Request(IOutboxTransaction transaction, EnrichmentRequest request, DateTimeOffset at)
    {
        if (transaction.FindRequest(request) is { } before && !(before.OverAt < at - IEnrichmentStore.AgainAfter))
        {
            if (before.DueAt < at) transaction.SaveRequest(request, before with { DueAt = at });
            return;
        }

        transaction.SaveRequest(request, new RequestRow(Tries: 0, DueAt: at, OverAt: null));
        transaction.News.AddRequest();
    }

    /// <summary>Adds a request for the name of a member unless a fresh one is stored.</summary>
    internal static void RequestName(IOutboxTransaction transaction, string source, long teamMemberId, DateTimeOffset at)
    {
        if (transaction.FindName(source, teamMemberId)?.IsFresh(at) == true) return;
        Request(transaction, EnrichmentRequest.Name(source, teamMemberId), at);
    }

    /// <summary>Applies the result of a request.</summary>
    public static EnrichmentChange Apply(IOutboxTransaction transaction, EnrichmentResult result)
    {
        var request = result.EnrichmentRequest;
        var isVisible = false;
        IReadOnlyList<PlannedDelivery> announcements = [];
        if (result.NextAt is { } next) Defer(transaction, request, next);
        else if (request.Defect is { } key) (isVisible, announcements) = ApplyDetails(transaction, request, key, result);
        else isVisible = ApplyName(transaction, request, result);
        if (isVisible) RefreshMessages(transaction, result, announcements);
        return new EnrichmentChange(request.Defect, isVisible);
    }

    private static void Defer(IOutboxTransaction transaction, EnrichmentRequest request, DateTimeOffset until)
    {
        if (transaction.FindRequest(request) is { DueAt: not null } waiting)
            transaction.SaveRequest(request, waiting with { Tries = waiting.Tries + 1, DueAt = until });
    }

    private static (bool IsVisible, IReadOnlyList<PlannedDelivery> Announcements) ApplyDetails(
        IOutboxTransaction transaction, EnrichmentRequest request, DefectKey key, EnrichmentResult result)
    {
        var before = transaction.FindDefect(key);
        var after = result.Details is { } details ? before?.Defect.With(details) : null;
        var asked = transaction.FindRequest(request);
        // An event arrived after the request was sent, and the response may lack what it changed.
        if (asked?.DueAt > result.SentAt && asked.DueAt <= result.At) transaction.SaveRequest(request, asked with { Tries = 0 });
        // A response without a title ends the request too: the next one would probably have none either.
        else if (after is { LacksDetails: false }) transaction.DeleteRequest(request);
        else if (asked is not null)
            transaction.SaveRequest(request, asked with { DueAt = null, OverAt = result.At });
        if (before is null || after is null) return (false, []);
        // This is not an event, so it does not extend how long the defect is kept.
        var row = before with { Defect = after };
        var planned = PlanAnnouncements(result.Routes, key, before.Defect, row, result.At);
        var silences = planned.Count == 0
            ? []
            : SilenceRules.FindMatching(
                transaction, RouteTable.Asked(OwnEvents.Details, key.ProjectCode, after.Severity, after.Title), result.At);
        var announcements = planned.Silenced(silences, result.At);
        SilenceRules.Count(transaction, silences, announcements, result.At);
        transaction.UpdateDefect(key, row with { Announced = row.Announced.With(announcements) }, isOpeningNew: false);
        if (after.Creation?.TeamMemberId is > 0 and var creator) RequestName(transaction, key.Source, creator, result.At);
        return (!after.HasSameContentAs(before.Defect), announcements);
    }

    // Planned again as its latest event; while it is open also as a new defect, because it is new to the destinations
    // in which it was not announced.
    private static IReadOnlyList<PlannedDelivery> PlanAnnouncements(
        RouteTable? routes, DefectKey key, Defect before, DefectRow now, DateTimeOffset at)
    {
        if (routes is null || before.Severity == now.Defect.Severity) return [];
        var latest = before.History.Count > 0 ? before.History[^1].Event : before.Opening.Entry.Event;
        string[] names = now.Defect.IsClosed ? [latest] : [latest, DefectHistoryEntry.Created];
        return routes.PlanAnnouncements(names, key.ProjectCode, before.Severity, now.ToMemory(), at);
    }

    private static bool ApplyName(IOutboxTransaction transaction, EnrichmentRequest request, EnrichmentResult result)
    {
        var before = transaction.FindName(request.Source, request.TeamMemberId)?.Name;
        // A name that was known stays when Qase does not know it any more.
        transaction.SaveName(request.Source, request.TeamMemberId, new KnownName(result.Name ?? before, result.At));
        transaction.DeleteRequest(request);
        return result.Name is not null && result.Name != before;
    }

    private static void RefreshMessages(
        IOutboxTransaction transaction, EnrichmentResult result, IReadOnlyList<PlannedDelivery> announcements)
    {
        var request = result.EnrichmentRequest;
        // A message that a lane may be sending now may have been rendered before this was known.
        var underway = transaction.FindUnderway().Where(IsUpdatedLater)
            .ToLookup(delivery => delivery.Defect, delivery => delivery.Destination);
        foreach (var key in request.Defect is { } one ? [one] : FindDefectsOf(transaction, request.Source, request.TeamMemberId))
        {
            var posted = transaction.FindPostedMessages(
                key).Where(message => IsUpdated(message.Mode)).Select(message => message.Destination);
            var destinations = posted.Union(underway[key], StringComparer.OrdinalIgnoreCase)
                .Except(
                    announcements.Where(planned => planned.Deferral is null).Select(planned => planned.Destination),
                    StringComparer.OrdinalIgnoreCase)
                .Where(destination => result.Routes?.CanChange(destination) ?? true).ToList();
            if (destinations.Count + announcements.Count == 0) continue;
            var refreshes = destinations.Select(PlannedDelivery.Refresh)
                .Select(planned => result.Routes?.WithDigest(planned, asked: null) ?? planned);
            AppendRules.TryInsert(transaction, MessageRefresh.Of(key, [.. refreshes, .. announcements], result.At), before: null);
        }
    }

    private static IEnumerable<DefectKey> FindDefectsOf(IOutboxTransaction transaction, string source, long teamMemberId) =>
        transaction.FindLatestDefects(IEnrichmentStore.MaxNamed)
            .Where(one => one.Key.Source == source && one.Defect.TeamMembers().Contains(teamMemberId)).Select(one => one.Key);

    // An event's own message is never changed once it is sent.
    private static bool IsUpdatedLater(UnderwayDelivery delivery) => IsUpdated(delivery.Mode) && delivery.OpenStep != SendStep.Message;

    private static bool IsUpdated(MessageMode mode) => mode is MessageMode.ThreadAndUpdate or MessageMode.Update;
}
