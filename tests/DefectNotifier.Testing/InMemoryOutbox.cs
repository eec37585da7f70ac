using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Testing;

/// <summary>
/// An outbox that ends with the process. It uses the rules of the product and passes the contract suite, so a test may trust it like the
/// real one.
/// </summary>
/// <param name="news">Receives what was committed; null: no one.</param>
public sealed partial class InMemoryOutbox(IOutboxNews? news = null)
    : IOutbox, IOutboxHistory, IOutboxView, ISilences, IOutboxRetention, IEnrichmentStore, IClaims
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

    /// <summary>Lists of events are read only after this.</summary>
    public Task ListsWaitFor { get; set; } = Task.CompletedTask;

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

    public Roster Roster => Claims.Roster;

    public Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => Task.FromResult(Roster);

    public void Group(IReadOnlyDictionary<string, string> groups) => Claims.Group(groups);

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
