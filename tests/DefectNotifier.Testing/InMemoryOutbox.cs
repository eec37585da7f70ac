using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <summary>
/// An outbox that ends with the process. It uses the rules of the product and passes the contract suite, so a test may trust it like the
/// real one.
/// </summary>
/// <param name="news">Receives what was committed; null: no one.</param>
public sealed class InMemoryOutbox(IOutboxNews? news = null)
    : IOutbox, IOutboxHistory, IOutboxStatistics, ISilences, IOutboxRetention, IEnrichmentStore, IClaims
{
    private const string LostResponse = "the response was lost";

    private readonly Lock _lock = new();
    private readonly InMemoryRows _rows = new();
    private SoleClaims? _claims;
    private int _refusals;
    private int _prunings;
    private int _requestReads;

    /// <summary>While set, the store can't be used, with this message.</summary>
    public string? Error { get; set; }

    /// <summary>How many times <see cref="Error"/> was thrown.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>While true, what is appended or announced is stored and reported as not stored.</summary>
    public bool LosesResponses { get; set; }

    /// <summary>While true, appends return Busy.</summary>
    public bool IsBusy { get; set; }

    /// <summary>The clock; it is read when a lane is claimed.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The maximum total size of the bodies in a page, in bytes.</summary>
    public int PageBytes { get; init; } = 1024 * 1024;

    /// <summary>How many times it was asked whether something is requested from Qase.</summary>
    public int RequestReads => Volatile.Read(ref _requestReads);

    /// <summary>The number of requested steps of pruning events.</summary>
    public int Prunings => Volatile.Read(ref _prunings);

    public Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<AppendResult>(cancellationToken);
        if (IsBusy) return Task.FromResult(new AppendResult(AppendStatus.Busy, EventId: null, 0));
        if (Error is { } error) return Task.FromResult(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, error));
        lock (_lock)
        {
            var appended = Commit(() => AppendRules.Append(_rows, newEvent));
            return Task.FromResult(LosesResponses ? new AppendResult(AppendStatus.Unavailable, EventId: null, 0, LostResponse) : appended);
        }
    }

    /// <summary>What a lane would read, also while it is claimed.</summary>
    public async Task<IReadOnlyList<PendingDelivery>> ReadPendingAsync(
        string destination, int limit, CancellationToken cancellationToken) =>
        (await UseAsync(() => PageOf(destination, limit), cancellationToken)).Deliveries;

    public Task<PendingPage> ReadPendingAsync(Claim claim, int limit, CancellationToken cancellationToken) => UseAsync(
        () =>
        {
            Claims.Verify(claim);
            return PageOf(claim.Name, limit);
        },
        cancellationToken);

    public Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken) => Claims.ClaimAsync(name, cancellationToken);

    public Task ReleaseAsync(Claim claim) => Claims.ReleaseAsync(claim);

    public Task StartAttemptAsync(Claim claim, long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message) => UseAsync(() =>
    {
        Claims.Verify(claim);
        if (!AttemptRules.Start(_rows, deliveryId, at, step)) throw NotPending(deliveryId);
    });

    public Task RecordAsync(Claim claim, AttemptOutcome outcome) => UseAsync(() =>
    {
        Claims.Verify(claim);
        if (AttemptRules.Record(_rows, outcome) is { } notPending) throw NotPending(notPending);
    });

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) =>
        UseAsync(() => _rows.FindDefect(key)?.Defect, cancellationToken);

    public Task<DefectContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        UseAsync(() => new DefectContext(_rows.FindDefect(key)?.Defect, FindThread(destination, key)), cancellationToken);

    public Task<MessageThread?> JoinMessageAsync(
        Claim claim, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at) => UseAsync(
        () =>
        {
            Claims.Verify(claim);
            return SameTitleRules.Join(_rows, delivery, place, titleKey, at);
        },
        CancellationToken.None);

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyDictionary<long, string>>(
            () => teamMemberIds.Distinct().Where(id => _rows.FindName(source, id)?.Name is not null)
                .ToDictionary(id => id, id => _rows.FindName(source, id)!.Name!),
            cancellationToken);

    public Task<bool> IsRequestedAsync(IReadOnlyCollection<EnrichmentRequest> requests, CancellationToken cancellationToken) =>
        UseAsync(
            () =>
            {
                Interlocked.Increment(ref _requestReads);
                return requests.Any(request => _rows.FindRequest(request) is { DueAt: not null, Tries: 0 });
            },
            cancellationToken);

    public Task<DigestJoinResult> JoinDigestAsync(Claim claim, DigestJoin join) => UseAsync(
        () =>
        {
            Claims.Verify(claim);
            return DigestRules.Join(_rows, join);
        },
        CancellationToken.None);

    public Task<bool> ReleaseDeferredAsync(Claim claim, DigestScope scope) => UseAsync(
        () =>
        {
            Claims.Verify(claim);
            return DigestRules.ReleaseDeferred(_rows, scope);
        },
        CancellationToken.None);

    public Task<bool> TakeBackAsync(Claim claim, long digestId) => UseAsync(
        () =>
        {
            Claims.Verify(claim);
            return DigestRules.TakeBack(_rows, digestId);
        },
        CancellationToken.None);

    public Task<DigestView?> ReadDigestAsync(long digestId, CancellationToken cancellationToken) => UseAsync(
        () =>
        {
            if (_rows.FindDigest(digestId) is not { } digest) return null;
            var grouping = new DigestGrouping(digest);
            foreach (var member in _rows.MembersOf(digestId))
                grouping.Add(member.ToMember(), key => _rows.FindDefect(key)?.Defect);
            return new DigestView(digest, grouping.Build(SilenceNote.Of(_rows.FindSilence(digest.SilenceId))));
        },
        cancellationToken);

    public Task<Digest?> ReadLatestDigestAsync(Claim claim, bool isUrgent, CancellationToken cancellationToken) =>
        UseAsync(() => _rows.FindLatestDigest(claim.Name, DigestCause.Storm, isUrgent), cancellationToken);

    public Task<DateTimeOffset?> ReadNextDueAsync(Claim claim, CancellationToken cancellationToken) => UseAsync(
        () => _rows.Pending.Where(delivery => delivery.Schedule.DueAt > Time.GetUtcNow()
                && string.Equals(delivery.Plan.Destination, claim.Name, StringComparison.OrdinalIgnoreCase))
            .Select(delivery => delivery.Schedule.DueAt)
            .Append(DigestRules.NextReleaseOf(_rows, claim.Name)).Min(),
        cancellationToken);

    public Task SaveLaneAsync(Claim claim, LaneState lane) => UseAsync(() =>
    {
        Claims.Verify(claim);
        _rows.SaveLane(lane);
    });

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) =>
        UseAsync(() => _rows.RateLimits.GetValueOrDefault(key), cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyList<OverdueDeliveries>>(
            () => [.. _rows.Pending.Where(delivery => delivery.Schedule.AnnounceAt <= now)
                .GroupBy(delivery => (delivery.Plan.Destination, Fallback: delivery.Schedule.Fallback!)).OrderBy(group => group.Key)
                .Select(group => new OverdueDeliveries(
                    group.Key.Destination,
                    group.Key.Fallback,
                    group.Count(),
                    [.. group.Take(OverdueDeliveries.MaxShown).Select(delivery => delivery.ToPending())]))],
            cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) => UseAsync(() =>
    {
        AppendRules.Announce(_rows, overdue, now, notice);
        if (LosesResponses) throw new OutboxUnavailableException(LostResponse);
    });

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) => UseAsync<IReadOnlyList<Backlog>>(
        () => [.. _rows.Pending.GroupBy(delivery => delivery.Plan.Destination, StringComparer.OrdinalIgnoreCase)
            .OrderBy(lane => lane.Key, StringComparer.Ordinal)
            .Select(lane => new Backlog(lane.Key, lane.Count(), lane.MinBy(delivery => delivery.Row.Id)!.Event.ReceivedAt))],
        cancellationToken);

    public Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyList<DeferredCount>>(
            () => [.. _rows.Deliveries.Where(delivery => delivery.Row.State == DeliveryState.Deferred)
                .GroupBy(delivery => delivery.Plan.Destination, StringComparer.OrdinalIgnoreCase)
                .OrderBy(lane => lane.Key, StringComparer.Ordinal)
                .Select(lane => new DeferredCount(lane.Key, lane.Count(), DigestRules.NextReleaseOf(_rows, lane.Key)!.Value))],
            cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => UseAsync(_rows.Probe);

    public Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(
        EventQuery query, CancellationToken cancellationToken) => UseAsync<IReadOnlyList<StoredEvent>>(
        () => [.. Enumerable.Reverse(_rows.Events).Select(one => one.Event)
            .Where(stored => (query.Id is null || stored.Id == query.Id) && (!query.UnroutedOnly || stored.Decision.IsUnrouted)
                && (!query.DeadOnly || DeliveriesOf(stored).Any(delivery => delivery.Row.State == DeliveryState.Dead)))
            .Take(Math.Clamp(query.Limit, 1, EventQuery.MaxLimit)).Select(ToStored)],
        cancellationToken);

    public Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) => UseAsync(
        () =>
        {
            var limit = Math.Clamp(query.Limit, 1, DeliveryQuery.MaxLimit);
            var found = Enumerable.Reverse(
                _rows.Deliveries).Select(delivery => delivery.ToListed()).SkipWhile(delivery => delivery.Id >= query.BeforeId)
                .TakeWhile(delivery => !(delivery.ReceivedAt < query.Since)).Where(query.Covers).Take(limit + 1).ToList();
            return found.Count > limit ? new DeliveryPage(found[..limit], found[limit].Id + 1) : new DeliveryPage(found, Next: null);
        },
        cancellationToken);

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

    /// <summary>The process that used it was killed: its claims are gone.</summary>
    public void Restart() => _claims = null;

    /// <summary>What a delivery that is dead or held would have sent; null when nothing was stored.</summary>
    public ReadOnlyMemory<byte>? MessageOf(long deliveryId) =>
        _rows.Find(deliveryId)?.Message is { } message ? message : default(ReadOnlyMemory<byte>?);

    private SoleClaims Claims => LazyInitializer.EnsureInitialized(ref _claims, () => new SoleClaims(
        name => UseAsync(() => AttemptRules.TakeLane(_rows, name, Time.GetUtcNow()), CancellationToken.None)));

    private PendingPage PageOf(string destination, int limit)
    {
        var bytes = 0L;
        var first = _rows.Pending.Where(
            delivery => string.Equals(delivery.Plan.Destination, destination, StringComparison.OrdinalIgnoreCase)
                && !(delivery.Schedule.DueAt > Time.GetUtcNow())).Take(limit).ToList();
        var page = first.TakeWhile((delivery, i) => (bytes += delivery.Event.Body.Length) <= PageBytes || i == 0).ToList();
        return new PendingPage([.. page.Select(delivery => delivery.ToPending())], page.Count == limit || page.Count < first.Count);
    }

    private MessageThread? FindThread(string destination, DefectKey key) =>
        _rows.Threads.GetValueOrDefault((destination.ToUpperInvariant(), key));

    private IEnumerable<(EnrichmentRequest Request, DateTimeOffset DueAt)> Waiting() =>
        _rows.Requests.Where(
            one => one.Value.DueAt is not null).Select(one => (one.Key with { Tries = one.Value.Tries }, one.Value.DueAt!.Value));

    private IEnumerable<InMemoryDelivery> DeliveriesOf(NewEvent stored) => _rows.Deliveries.Where(delivery => delivery.Event == stored);

    private StoredEvent ToStored(NewEvent stored) => new(
        stored.Id, stored.Source, stored.Name, stored.ProjectCode, stored.SubjectId, stored.OccurredAt, stored.ReceivedAt, stored.Decision,
        [.. DeliveriesOf(stored).Select(delivery => delivery.ToStored() with
        {
            Silence = _rows.FindSilence(delivery.Schedule.SilenceId),
            Digest = delivery.Schedule.DigestId is { } digest ? StoredDigestOf(digest) : null,
        })]);

    private StoredDigest StoredDigestOf(long id) => _rows.Find(id)?.Row is { } row
        ? new StoredDigest(id, row.State, row.Reason, row.EndedAt, row.Reference)
        : new StoredDigest(id, State: null, Reason: null, EndedAt: null, Reference: null);

    private static InvalidOperationException NotPending(long deliveryId) => new($"Delivery {deliveryId} is not pending.");

    private Task UseAsync(Action action) => UseAsync(
        () =>
        {
            action();
            return true;
        },
        CancellationToken.None);

    private Task<T> UseAsync<T>(Func<T> function, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(Use(function, cancellationToken));
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
    }

    private T Use<T>(Func<T> function, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Error is { } error)
        {
            Interlocked.Increment(ref _refusals);
            throw new OutboxUnavailableException(error);
        }

        lock (_lock) return Commit(function);
    }

    private T Commit<T>(Func<T> function)
    {
        _rows.News.Clear();
        try
        {
            return function();
        }
        finally
        {
            if (news is not null) _rows.News.Report(news, isCertain: !LosesResponses);
        }
    }
}
