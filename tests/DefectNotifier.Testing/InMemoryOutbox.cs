using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox;

namespace DefectNotifier.Testing;

/// <summary>An outbox that forgets everything with the process. It passes the contract suite, so a test may trust it like the real one.</summary>
public sealed partial class InMemoryOutbox : IOutbox, IOutboxHistory
{
    private readonly Lock _lock = new();
    private int _refusals;
    private readonly Dictionary<string, NewEvent> _byKey = new(StringComparer.Ordinal);
    private readonly List<NewEvent> _events = [];
    private readonly List<InMemoryDelivery> _deliveries = [];
    private readonly Dictionary<DefectKey, (long Number, Defect Defect, DateTimeOffset TouchedAt)> _defects = [];
    private readonly Dictionary<(string Destination, DefectKey Defect), MessageThread> _threads = [];
    private readonly Dictionary<string, RateLimitState> _rateLimiters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LaneState> _lanes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>While set, the store can't be used, and says this; for tests of what others do then.</summary>
    public string? Error { get; set; }

    /// <summary>How many times <see cref="Error"/> has been said to a lane.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>While true, what is appended or announced is stored and reported as not stored.</summary>
    public bool LosesResponses { get; set; }

    /// <summary>While true, appends are refused as too many.</summary>
    public bool IsBusy { get; set; }

    /// <summary>How many bytes of bodies a page may hold.</summary>
    public int PageBytes { get; init; } = 1024 * 1024;

    public Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<AppendResult>(cancellationToken);
        if (IsBusy) return Task.FromResult(new AppendResult(AppendStatus.Busy, EventId: null, 0));
        if (Error is { } error) return Task.FromResult(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, error));
        lock (_lock)
        {
            var appended = Append(newEvent);
            return Task.FromResult(LosesResponses ? new AppendResult(AppendStatus.Unavailable, EventId: null, 0, "the response was lost") : appended);
        }
    }

    public Task<IReadOnlyList<PendingDelivery>> ReadPendingAsync(
        string destination, int limit, CancellationToken cancellationToken) => Use<IReadOnlyList<PendingDelivery>>(
        () =>
        {
            var bytes = 0L;
            return [.. Pending().Where(delivery => string.Equals(delivery.Plan.Destination, destination, StringComparison.OrdinalIgnoreCase)).Take(limit)
                .TakeWhile((delivery, i) => (bytes += delivery.Event.Body.Length) <= PageBytes || i == 0)
                .Select(delivery => delivery.ToPending())];
        },
        cancellationToken);

    public Task StartAttemptAsync(long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message) => Use(() => PendingOne(deliveryId).Start(at, step));

    public Task RecordAsync(AttemptOutcome outcome) => Use(() =>
    {
        PendingOne(outcome.DeliveryId).End(outcome);
        if (outcome.MessageThread is { } thread) _threads[(outcome.Lane.Destination.ToUpperInvariant(), thread.Defect)] = thread;
        foreach (var withdrawn in outcome.Withdrawn) PendingOne(withdrawn).Withdraw();
        foreach (var notice in outcome.Notices) Append(notice);
        foreach (var rateLimiter in outcome.RateLimiters.Where(rateLimiter => !(_rateLimiters.GetValueOrDefault(rateLimiter.Key)?.Revision >= rateLimiter.Revision)))
            _rateLimiters[rateLimiter.Key] = rateLimiter;
        if (!outcome.LaneIsUnchanged) _lanes[outcome.Lane.Destination] = outcome.Lane;
        foreach (var next in outcome.Next) PendingOne(next).Start(outcome.At, outcome.NextStep);
    });

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) => Use(() => _rateLimiters.GetValueOrDefault(key), cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) => Use<IReadOnlyList<OverdueDeliveries>>(
        () => [.. Pending().Where(delivery => delivery.AnnounceAt <= now)
            .GroupBy(delivery => (delivery.Plan.Destination, Fallback: delivery.Plan.Fallback!)).OrderBy(group => group.Key)
            .Select(group => new OverdueDeliveries(
                group.Key.Destination, group.Key.Fallback, group.Count(), [.. group.Take(OverdueDeliveries.MaxShown).Select(delivery => delivery.ToPending())]))],
        cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) => Use(() =>
    {
        Append(notice);
        foreach (var delivery in Pending().Where(delivery => delivery.AnnounceAt <= now && delivery.Plan.Destination == overdue.Destination && delivery.Plan.Fallback == overdue.Fallback))
            delivery.AnnounceAt = null;
        if (LosesResponses) throw new OutboxUnavailableException("the response was lost");
    });

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) =>
        Use(() => _defects.TryGetValue(key, out var known) ? known.Defect : null, cancellationToken);

    public Task<IReadOnlyDictionary<DefectKey, Defect>> ReadDefectsAsync(IReadOnlyCollection<DefectKey> keys, CancellationToken cancellationToken) => Use(
        IReadOnlyDictionary<DefectKey, Defect> () => keys.Distinct().Where(_defects.ContainsKey).ToDictionary(key => key, key => _defects[key].Defect), cancellationToken);

    public Task<MessageThread?> ReadThreadAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        Use(() => _threads.GetValueOrDefault((destination.ToUpperInvariant(), key)), cancellationToken);

    public Task<LaneState> ReadLaneAsync(string destination, CancellationToken cancellationToken) =>
        Use(() => (_lanes.GetValueOrDefault(destination) ?? new LaneState(destination)) with { Destination = destination }, cancellationToken);

    public Task SaveLaneAsync(LaneState lane) => Use(() => { _lanes[lane.Destination] = lane; });

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) => Use<IReadOnlyList<Backlog>>(
        () => [.. Pending().GroupBy(delivery => delivery.Plan.Destination, StringComparer.OrdinalIgnoreCase).OrderBy(lane => lane.Key, StringComparer.Ordinal)
            .Select(lane => new Backlog(lane.Key, lane.Count(), lane.First().Event.ReceivedAt))],
        cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken) => Use<IReadOnlyList<StoredEvent>>(
        () => [.. Enumerable.Reverse(_events)
            .Where(stored => (query.Id is null || stored.Id == query.Id) && (!query.UnroutedOnly || stored.Decision.IsUnrouted)
                && (!query.DeadOnly || _deliveries.Exists(delivery => delivery.Event == stored && delivery.State == DeliveryState.Dead)))
            .Take(Math.Clamp(query.Limit, 1, 500)).Select(ToStored)],
        cancellationToken);

    public Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) => Use(
        () =>
        {
            var limit = Math.Clamp(query.Limit, 1, DeliveryQuery.MaxLimit);
            var found = Enumerable.Reverse(_deliveries).Select(delivery => delivery.ToListed()).SkipWhile(delivery => delivery.Id >= query.BeforeId)
                .TakeWhile(delivery => !(delivery.ReceivedAt < query.Since)).Where(query.Covers).Take(limit + 1).ToList();
            return found.Count > limit ? new DeliveryPage(found[..limit], found[limit].Id + 1) : new DeliveryPage(found, Next: null);
        },
        cancellationToken);

    public Task<byte[]?> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken) => Use(() => One(deliveryId)?.Message, cancellationToken);

    public Task<DeliveryChange> RetryAsync(long deliveryId, bool asRendered, DateTimeOffset at) => Use(
        () => One(deliveryId)?.Retry(asRendered, at) ?? new DeliveryChange(DeliveryChangeStatus.NotFound), CancellationToken.None);

    public Task<DeliveryChange> DiscardAsync(long deliveryId, bool alsoPending, DateTimeOffset at) => Use(
        () => One(deliveryId)?.Discard(alsoPending, at) ?? new DeliveryChange(DeliveryChangeStatus.NotFound), CancellationToken.None);

    /// <summary>What the next process finds when this one was killed: attempts that are open are closed as ones that may have been posted.</summary>
    public void Restart(DateTimeOffset at)
    {
        lock (_lock)
        {
            foreach (var delivery in Pending()) delivery.CutOff(at);
        }
    }

    /// <summary>What a delivery that is dead or held would have sent; null when nothing was kept.</summary>
    public ReadOnlyMemory<byte>? MessageOf(long deliveryId) => One(deliveryId)?.Message is { } message ? message : default(ReadOnlyMemory<byte>?);

    public Task ProbeAsync(CancellationToken cancellationToken) => Use(() => { });

    private AppendResult Append(NewEvent newEvent)
    {
        if (!_byKey.TryAdd(Convert.ToHexString(newEvent.DedupKey.Span), newEvent))
        {
            var first = _byKey[Convert.ToHexString(newEvent.DedupKey.Span)];
            return new AppendResult(AppendStatus.Duplicate, first.Id, first.Decision.Deliveries.Count);
        }

        _events.Add(newEvent);
        _numbers[newEvent.Id] = ++_lastEvent;
        foreach (var plan in newEvent.Decision.Deliveries)
            _deliveries.Add(new InMemoryDelivery(++_lastDelivery, newEvent, plan));
        var isAsking = Remember(newEvent);
        return new AppendResult(AppendStatus.Accepted, newEvent.Id, newEvent.Decision.Deliveries.Count) { IsAsking = isAsking };
    }

    private bool Remember(NewEvent newEvent)
    {
        if (newEvent is not { DefectEvent: { } read, Defect: { } key }) return AskName(newEvent);
        var (number, before, touchedAt) = _defects.TryGetValue(key, out var known) ? known : (++_lastDefect, null, newEvent.ReceivedAt);
        var after = Defect.After(before, read, newEvent.Id, newEvent.ReceivedAt, newEvent.Body.ToArray());
        _defects[key] = (number, after, touchedAt > newEvent.ReceivedAt ? touchedAt : newEvent.ReceivedAt);
        var asksDetails = AskDetails(newEvent, key, after);
        return AskName(newEvent) || asksDetails;
    }

    private IEnumerable<InMemoryDelivery> Pending() => _deliveries.Where(delivery => delivery.State == DeliveryState.Pending);

    private InMemoryDelivery? One(long id) => _deliveries.Find(delivery => delivery.Id == id);

    private InMemoryDelivery PendingOne(long id) =>
        Pending().SingleOrDefault(delivery => delivery.Id == id) ?? throw new InvalidOperationException($"Delivery {id} is not pending.");

    private StoredEvent ToStored(NewEvent stored) => new(
        stored.Id, stored.Source, stored.Name, stored.ProjectCode, stored.SubjectId, stored.OccurredAt, stored.ReceivedAt, stored.Decision,
        [.. _deliveries.Where(delivery => delivery.Event == stored).Select(delivery => delivery.ToStored())]);

    private Task Use(Action action) => Use(
        () =>
        {
            action();
            return true;
        },
        CancellationToken.None);

    private Task<T> Use<T>(Func<T> function, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(UseNow(function, cancellationToken));
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
    }

    private T UseNow<T>(Func<T> function, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Error is { } error)
        {
            Interlocked.Increment(ref _refusals);
            throw new OutboxUnavailableException(error);
        }

        lock (_lock)
            return function();
    }
}
