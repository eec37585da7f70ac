using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <content>The outbox for operators and background work.</content>
public sealed partial class InMemoryOutbox
{
    public Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        EventQuery query, CancellationToken cancellationToken) => UseAsync<IReadOnlyList<StoredEvent>>(
        () => [.. Enumerable.Reverse(_rows.Events).Select(one => one.Event)
            .Where(stored => query.Id is null || stored.Id == query.Id)
            .Take(Math.Clamp(query.Limit, 1, EventQuery.MaxLimit)).Select(ToStored)],
        cancellationToken);

    public async Task<EventSummaryPage> ReadSummariesAsync(EventSummaryQuery query, CancellationToken cancellationToken)
    {
        await ListsWaitFor;
        return await ReadAsync(query, cancellationToken);
    }

    private Task<EventSummaryPage> ReadAsync(EventSummaryQuery query, CancellationToken cancellationToken) => UseAsync(
        () =>
        {
            var limit = Math.Clamp(query.Limit, 1, EventSummaryQuery.MaxLimit);
            var found = Enumerable.Reverse(_rows.Events).SkipWhile(one => one.Number >= query.Before)
                .TakeWhile(one => !(one.Number <= query.After || one.Event.ReceivedAt < query.Since))
                .Select(one => ToSummary(one.Number, one.Event))
                .Where(one => query.CoversEvent(one) && query.CoversDeliveries(one) && query.CoversTitle(one)).Take(limit + 1).ToList();
            return found.Count > limit
                ? new EventSummaryPage(found[..limit], found[limit].Sequence + 1)
                : new EventSummaryPage(found, Next: null);
        },
        cancellationToken);

    public Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) => UseAsync(
        () =>
        {
            var limit = Math.Clamp(query.Limit, 1, DeliveryQuery.MaxLimit);
            var found = Enumerable.Reverse(
                _rows.Deliveries).Select(delivery => delivery.ToListed()).SkipWhile(delivery => delivery.Id >= query.BeforeId)
                .TakeWhile(delivery => !(delivery.ReceivedAt < query.Since)).Where(query.Covers).Take(limit + 1)
                .Select(one => one with { Title = TitleOf(one.EventId) }).ToList();
            return found.Count > limit ? new DeliveryPage(found[..limit], found[limit].Id + 1) : new DeliveryPage(found, Next: null);
        },
        cancellationToken);

    public Task<PendingDelivery?> ReadDeliveryAsync(long deliveryId, CancellationToken cancellationToken) =>
        UseAsync(() => _rows.Find(deliveryId)?.ToPending(), cancellationToken);

    public Task<byte[]?> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken) =>
        UseAsync(() => _rows.Find(deliveryId)?.Message, cancellationToken);

    public Task<DeliveryChange> RetryAsync(long deliveryId, bool asRendered, DateTimeOffset at, string? by = null) =>
        UseAsync(() => OperatorRules.Retry(_rows, deliveryId, asRendered, at, by), CancellationToken.None);

    public Task<DeliveryChange> DiscardAsync(long deliveryId, bool alsoPending, DateTimeOffset at, string? by = null) =>
        UseAsync(() => OperatorRules.Discard(_rows, deliveryId, alsoPending, Claims.IsClaimed, at, by), CancellationToken.None);

    public Task<IReadOnlyList<LaneState>> ReadLanesAsync(CancellationToken cancellationToken) => UseAsync<IReadOnlyList<LaneState>>(
        () => [.. _rows.Lanes.Values.OrderBy(lane => lane.Destination, StringComparer.OrdinalIgnoreCase)], cancellationToken);

    public Task<IReadOnlyList<FailedCount>> ReadFailedAsync(CancellationToken cancellationToken) => UseAsync<IReadOnlyList<FailedCount>>(
        () => [.. _rows.Deliveries.Where(delivery => delivery.Row.State is DeliveryState.Dead or DeliveryState.Held)
            .GroupBy(delivery => (delivery.Row.State, Destination: delivery.Plan.Destination.ToUpperInvariant()))
            .OrderBy(group => group.Key)
            .Select(group => new FailedCount(
                group.First().Plan.Destination, group.Key.State, group.Count(), group.MaxBy(one => one.Row.Id)!.ToListed()))],
        cancellationToken);

    public Task<IReadOnlyList<UnroutedCount>> ReadUnroutedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyList<UnroutedCount>>(
            () => [.. Enumerable.Reverse(_rows.Events).Select(one => one.Event).Where(one => one.Decision.IsUnrouted)
                .Take(UnroutedCount.MaxEvents).TakeWhile(one => one.ReceivedAt >= since).GroupBy(one => one.ProjectCode)
                .Select(group => new UnroutedCount(group.Key, group.Count(), group.First().ReceivedAt, group.First().Id))],
            cancellationToken);

    public Task<IReadOnlyList<RecentCount>> ReadRecentAsync(
        DateTimeOffset since, DateTimeOffset before, CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyList<RecentCount>>(
            () => [.. _rows.Deliveries.TakeLast(RecentCount.MaxDeliveries)
                .Where(delivery => delivery.Row.EndedAt >= since && delivery.Row.EndedAt < before
                    && delivery.Row.State is DeliveryState.Delivered or DeliveryState.Dead or DeliveryState.Held)
                .GroupBy(one => (Minute: RecentCount.MinuteOf(one.Row.EndedAt!.Value), Name: one.Plan.Destination.ToUpperInvariant()))
                .OrderBy(group => group.Key.Minute).ThenBy(group => group.First().Plan.Destination, StringComparer.Ordinal)
                .Select(group => new RecentCount(
                    group.First().Plan.Destination,
                    group.Key.Minute,
                    group.Count(one => one.Row.State == DeliveryState.Delivered),
                    group.Count(one => one.Row.State != DeliveryState.Delivered)))],
            cancellationToken);

    public Task<bool> ResumeAsync(string destination) =>
        UseAsync(() => OperatorRules.Resume(_rows, destination), CancellationToken.None);

    public Task<Silence?> AddSilenceAsync(Silence silence, DateTimeOffset at) =>
        UseAsync(() => SilenceRules.Add(_rows, silence, at), CancellationToken.None);

    public Task<Silence?> ExpireSilenceAsync(long id, DateTimeOffset at) =>
        UseAsync(() => SilenceRules.Expire(_rows, id, at), CancellationToken.None);

    public Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset? endsAfter, CancellationToken cancellationToken) =>
        UseAsync(() => _rows.FindSilences(endsAfter ?? DateTimeOffset.MinValue), cancellationToken);

    public Task<long> ReadUsedBytesAsync(CancellationToken cancellationToken) =>
        UseAsync(() => _rows.Events.Sum(one => (long)one.Event.Body.Length), cancellationToken);

    public Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken) =>
        UseAsync(() => _rows.Clock ?? (_rows.Events.Count > 0 ? _rows.Events[^1].Event.ReceivedAt : null), cancellationToken);

    public Task SaveClockAsync(DateTimeOffset now) => UseAsync(() => _rows.SaveClock(now));

    public Task<PruneResult> PruneAsync(PruneRequest request)
    {
        Interlocked.Increment(ref _prunings);
        return UseAsync(() => RetentionRules.PruneEvents(_rows, request), CancellationToken.None);
    }

    public Task<PruneResult> PruneDefectsAsync(PruneRequest request) =>
        UseAsync(() => RetentionRules.PruneDefects(_rows, request), CancellationToken.None);

    public Task<IReadOnlyList<EnrichmentQueue>> ReadEnrichmentQueuesAsync(int limit, CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyList<EnrichmentQueue>>(
            () => [.. Waiting().GroupBy(one => one.Request.Source, StringComparer.Ordinal)
                .OrderBy(queue => queue.Key, StringComparer.Ordinal).Take(limit)
                .Select(queue => new EnrichmentQueue(queue.Key, queue.Min(one => one.DueAt)))],
            cancellationToken);

    public Task<IReadOnlyList<EnrichmentRequest>> ReadEnrichmentRequestsAsync(
        string source, DateTimeOffset until, int limit, CancellationToken cancellationToken) => UseAsync<IReadOnlyList<EnrichmentRequest>>(
        () => [.. Waiting().Where(one => one.Request.Source == source && one.DueAt <= until)
            .OrderBy(one => one.DueAt).Take(limit).Select(one => one.Request)],
        cancellationToken);

    public Task<long> CountEnrichmentRequestsAsync(CancellationToken cancellationToken) =>
        UseAsync(() => Waiting().LongCount(), cancellationToken);

    public Task<EnrichmentChange> ApplyEnrichmentAsync(EnrichmentResult end) =>
        UseAsync(() => EnrichmentRules.Apply(_rows, end), CancellationToken.None);

    private IEnumerable<(EnrichmentRequest Request, DateTimeOffset DueAt)> Waiting() =>
        _rows.Requests.Where(
            one => one.Value.DueAt is not null).Select(one => (one.Key with { Tries = one.Value.Tries }, one.Value.DueAt!.Value));

    private IEnumerable<InMemoryDelivery> DeliveriesOf(NewEvent stored) => _rows.Deliveries.Where(delivery => delivery.Event == stored);

    private EventSummary ToSummary(long number, NewEvent stored)
    {
        var headline = HeadlineOf(stored);
        return new EventSummary(
            number,
            stored.Id,
            stored.Source,
            stored.Name,
            stored.ProjectCode,
            stored.SubjectId,
            stored.ReceivedAt,
            stored.Decision.IsUnrouted,
            [.. DeliveriesOf(stored).Select(delivery => delivery.ToSummary())])
        { Title = headline.Title, Severity = headline.Severity, Actor = headline.Actor };
    }

    private StoredEvent ToStored(NewEvent stored)
    {
        var headline = HeadlineOf(stored);
        return new StoredEvent(
            stored.Id,
            stored.Source,
            stored.Name,
            stored.ProjectCode,
            stored.SubjectId,
            stored.OccurredAt,
            stored.ReceivedAt,
            stored.Decision,
            [.. DeliveriesOf(stored).Select(delivery => delivery.ToStored() with
            {
                Silence = _rows.FindSilence(delivery.Schedule.SilenceId),
                Digest = delivery.Schedule.DigestId is { } digest ? StoredDigestOf(digest) : null,
            })])
        {
            Title = headline.Title,
            Severity = headline.Severity,
            Actor = headline.Actor,
            DefectStatus = FindDefect(stored)?.Status,
        };
    }

    private string? TitleOf(string eventId) => HeadlineOf(_rows.Events.First(one => one.Event.Id == eventId).Event).Title;

    private EventHeadline HeadlineOf(NewEvent stored) => EventHeadline.Of(
        stored.Body,
        stored.Source,
        () => FindDefect(stored),
        id => _rows.FindName(stored.Source, id)?.Name);

    private Defect? FindDefect(NewEvent stored) =>
        DefectKey.Of(stored.Source, stored.Name, stored.ProjectCode, stored.SubjectId) is { } key ? _rows.FindDefect(key)?.Defect : null;

    private StoredDigest StoredDigestOf(long id) => _rows.Find(id)?.Row is { } row
        ? new StoredDigest(id, row.State, row.Reason, row.EndedAt, row.Reference)
        : new StoredDigest(id, State: null, Reason: null, EndedAt: null, Reference: null);
}
