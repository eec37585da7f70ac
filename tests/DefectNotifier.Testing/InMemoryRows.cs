using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <summary>The rows of <see cref="InMemoryOutbox"/>, which guards them. They know no rules.</summary>
internal sealed class InMemoryRows : IOutboxTransaction
{
    private readonly List<(DefectKey Key, DefectRow Row, long Number)> _defects = [];
    private long _lastEvent;
    private long _lastDelivery;
    private long _lastDefect;
    private long _lastSilence;

    public List<(long Number, NewEvent Event)> Events { get; } = [];

    public List<InMemoryDelivery> Deliveries { get; } = [];

    public Dictionary<(string Destination, DefectKey Defect), MessageThread> Threads { get; } = [];

    public Dictionary<EnrichmentRequest, RequestRow> Requests { get; } = [];

    public Dictionary<(string Source, long Id), KnownName> Names { get; } = [];

    public Dictionary<string, RateLimitState> RateLimits { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, LaneState> Lanes { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SortedDictionary<long, Digest> Digests { get; } = [];

    public SortedDictionary<long, Silence> Silences { get; } = [];

    public DateTimeOffset? Clock { get; private set; }

    public CommitNews News { get; } = new();

    /// <summary>In the order in which a lane takes them.</summary>
    public IEnumerable<InMemoryDelivery> Pending =>
        Deliveries.Where(delivery => delivery.Row.State == DeliveryState.Pending).OrderBy(delivery => delivery.Schedule.Priority);

    public InMemoryDelivery? Find(long deliveryId) => Deliveries.Find(delivery => delivery.Row.Id == deliveryId);

    public (string EventId, int Deliveries)? FindEvent(ReadOnlyMemory<byte> dedupKey) =>
        Events.Find(one => one.Event.DedupKey.Span.SequenceEqual(dedupKey.Span)).Event is { } found
            ? (found.Id, Deliveries.Count(delivery => delivery.Event == found))
            : null;

    public long? InsertEvent(NewEvent newEvent)
    {
        if (FindEvent(newEvent.DedupKey) is not null) return null;
        Events.Add((++_lastEvent, newEvent));
        return _lastEvent;
    }

    public long InsertDelivery(long eventNumber, PlannedDelivery planned, DeliveryStart start, DateTimeOffset? announceAt)
    {
        var row = new DeliveryRow
        {
            Id = ++_lastDelivery,
            Destination = planned.Destination,
            State = start.State,
            Reason = start.Reason,
            EndedAt = start.EndedAt,
        };
        var schedule = new DeliverySchedule
        {
            Id = row.Id,
            Destination = planned.Destination,
            State = start.State,
            Priority = planned.Priority,
            MayDigest = planned.MayDigest,
            DueAt = start.DueAt,
            SilenceId = start.SilenceId,
            Fallback = planned.Fallback,
            AnnounceAt = announceAt,
        };
        Deliveries.Add(new InMemoryDelivery(EventOf(eventNumber), planned, row, schedule));
        return row.Id;
    }

    public DeliveryRow? FindDelivery(long deliveryId) => Find(deliveryId)?.ToRow();

    public DeliverySubject? FindSubject(long deliveryId) =>
        Find(deliveryId) is { } delivery
            ? new DeliverySubject(
                delivery.ToPending().Defect,
                delivery.Plan.Kind,
                Events.Find(one => one.Event == delivery.Event).Number,
                delivery.Event.ReceivedAt,
                delivery.Plan.MessageMode,
                delivery.Event.Name,
                delivery.Event.ProjectCode)
            : null;

    public void UpdateDelivery(DeliveryRow row) => Find(row.Id)!.Row = row;

    public void ClearAnnouncements(string destination, string fallback, DateTimeOffset until)
    {
        foreach (var delivery in Pending.Where(one => one.Schedule.AnnounceAt <= until))
        {
            if (IsSame(delivery.Plan.Destination, destination) && IsSame(delivery.Schedule.Fallback, fallback))
                delivery.Schedule = delivery.Schedule with { AnnounceAt = null };
        }
    }

    public void SaveMessage(long deliveryId, ReadOnlyMemory<byte> json) => Find(deliveryId)!.Message = json.ToArray();

    public void InsertOperatorAction(long deliveryId, StoredAction action) =>
        Find(deliveryId)!.Actions.Add(action);

    public void InsertAttempt(long deliveryId, int number, DateTimeOffset startedAt, SendStep step) => Find(deliveryId)!.History.Add(
        new StoredAttempt(number, startedAt, EndedAt: null, Outcome: null, Reason: null, Detail: null) { Step = step });

    public void EndAttempt(long deliveryId, int number, AttemptEnd end)
    {
        var history = Find(deliveryId)!.History;
        history[number - 1] = history[number - 1] with
        {
            EndedAt = end.At,
            Outcome = end.Outcome,
            Reason = end.Reason,
            Detail = end.Detail,
            Version = end.Version,
        };
    }

    public IReadOnlyList<long> FindOpenDeliveries(string destination) =>
        [.. Deliveries.Where(delivery => delivery.OpenStep is not null && IsSame(delivery.Plan.Destination, destination))
            .Select(delivery => delivery.Row.Id)];

    public long? FindFirstPending(string destination) =>
        Pending.FirstOrDefault(delivery => IsSame(delivery.Plan.Destination, destination))?.Row.Id;

    public DeliverySchedule? FindSchedule(long deliveryId) => Find(deliveryId)?.ToSchedule();

    public void SaveSchedule(DeliverySchedule schedule)
    {
        var delivery = Find(schedule.Id)!;
        delivery.Schedule = schedule;
        delivery.Row = delivery.Row with { State = schedule.State, Reason = schedule.Reason, EndedAt = schedule.EndedAt };
    }

    public IReadOnlyList<DeliverySchedule> FindUnsent(DefectKey key, string destination) =>
        [.. Deliveries.Where(delivery => delivery.Row.State is DeliveryState.Pending or DeliveryState.Digested or DeliveryState.Deferred
                && delivery.ToPending().Defect == key && IsSame(delivery.Plan.Destination, destination))
            .Select(delivery => delivery.ToSchedule())];

    public IReadOnlyList<(long SilenceId, DateTimeOffset FirstDueAt)> FindDeferrals(string destination) =>
        [.. Deferred(destination).GroupBy(delivery => delivery.Schedule.SilenceId).OrderBy(silence => silence.Key)
            .Select(silence => (silence.Key, silence.Min(delivery => delivery.Schedule.DueAt)!.Value))];

    public IReadOnlyList<long> FindDeferred(string destination, long silenceId, DateTimeOffset until, int limit) =>
        [.. Deferred(destination).Where(delivery => delivery.Schedule.SilenceId == silenceId && delivery.Schedule.DueAt <= until)
            .OrderBy(delivery => delivery.Schedule.DueAt).Take(limit).Select(delivery => delivery.Row.Id)];

    public IReadOnlyList<long> FindDigested(long digestId, int after, int limit) =>
        [.. MembersOf(digestId).Where(delivery => delivery.Schedule.DigestNumber > after).Take(limit).Select(delivery => delivery.Row.Id)];

    public IEnumerable<InMemoryDelivery> MembersOf(long digestId) =>
        Deliveries.Where(delivery => delivery.Schedule.DigestId == digestId).OrderBy(delivery => delivery.Schedule.DigestNumber);

    public IReadOnlyList<long> FindScheduled(string destination) =>
        [.. Pending.Where(delivery => delivery.Schedule.DueAt is not null && IsSame(delivery.Plan.Destination, destination))
            .OrderBy(delivery => delivery.Schedule.DueAt).Select(delivery => delivery.Row.Id)];

    public Digest? FindDigest(long digestId) => Digests.GetValueOrDefault(digestId);

    public Digest? FindLatestDigest(string destination, DigestCause cause, bool isUrgent) =>
        Digests.Values.LastOrDefault(
            digest => IsSame(digest.Destination, destination) && digest.Cause == cause && digest.IsUrgent == isUrgent
                && Find(digest.Id)!.Row.State is DeliveryState.Pending or DeliveryState.Delivered);

    public void SaveDigest(Digest digest) => Digests[digest.Id] = digest;

    public IReadOnlyList<Silence> FindSilences(DateTimeOffset endsAfter) =>
        [.. Silences.Values.Where(silence => silence.EndsAt > endsAfter)];

    public Silence? FindSilence(long id) => Silences.GetValueOrDefault(id);

    public long InsertSilence(Silence silence)
    {
        Silences[++_lastSilence] = silence with { Id = _lastSilence };
        return _lastSilence;
    }

    public void SaveSilence(Silence silence) => Silences[silence.Id] = silence;

    public void DeleteSilences(DateTimeOffset endedBefore)
    {
        foreach (var ended in Silences.Values.Where(silence => silence.EndsAt < endedBefore).ToList()) Silences.Remove(ended.Id);
    }

    public LaneState? FindLane(string destination) =>
        Lanes.GetValueOrDefault(destination) is { } lane ? lane with { Destination = destination } : null;

    public void SaveLane(LaneState lane) => Lanes[lane.Destination] = lane;

    public void SaveRateLimit(RateLimitState state)
    {
        if (!(RateLimits.GetValueOrDefault(state.Key)?.Revision >= state.Revision)) RateLimits[state.Key] = state;
    }

    public DefectRow? FindDefect(DefectKey key) => _defects.Find(one => one.Key == key).Row;

    public void InsertDefect(DefectKey key, DefectRow row) => _defects.Add((key, row, ++_lastDefect));

    public void UpdateDefect(DefectKey key, DefectRow row, bool isOpeningNew)
    {
        var index = _defects.FindIndex(one => one.Key == key);
        _defects[index] = _defects[index] with { Row = row };
    }

    public IReadOnlyList<(DefectKey Key, Defect Defect)> FindLatestDefects(int limit) =>
        [.. Enumerable.Reverse(_defects).Take(limit).Select(one => (one.Key, one.Row.Defect))];

    public IReadOnlyList<StoredDefect> FindOldestDefects(long after, int limit) => [.. _defects.Where(one => one.Number > after).Take(limit)
        .Select(one => new StoredDefect(one.Number, one.Key, one.Row.Defect.IsClosed, one.Row.TouchedAt))];

    public void DeleteDefect(DefectKey key) => _defects.RemoveAll(one => one.Key == key);

    public MessageThread? FindThread(string destination, DefectKey key) => Threads.GetValueOrDefault((destination.ToUpperInvariant(), key));

    public void SaveThread(string destination, MessageThread thread) => Threads[(destination.ToUpperInvariant(), thread.Defect)] = thread;

    public MessageThread? FindRepeated(string destination, string titleKey) =>
        Threads.Where(one => IsSame(one.Key.Destination, destination) && one.Value.TitleKey == titleKey)
            .Select(one => one.Value).OrderBy(thread => thread.ReceivedAt).ThenBy(thread => thread.Defect.Id).LastOrDefault();

    public IReadOnlyList<(string Destination, MessageMode Mode)> FindPostedMessages(DefectKey key) =>
        [.. Threads.Where(one => one.Key.Defect == key && (one.Value.RootMessage ?? (object?)one.Value.DigestId) is not null)
            .Select(one => Find(one.Value.PostedBy)).OfType<InMemoryDelivery>()
            .Select(delivery => (delivery.Plan.Destination, delivery.Plan.MessageMode))];

    public void DeleteThreads(DefectKey key)
    {
        foreach (var thread in Threads.Keys.Where(thread => thread.Defect == key).ToList()) Threads.Remove(thread);
    }

    public IReadOnlyList<UnderwayDelivery> FindUnderway() =>
        [.. Pending.GroupBy(delivery => delivery.Plan.Destination, StringComparer.OrdinalIgnoreCase)
            .SelectMany(lane => lane.Where((delivery, i) => i == 0 || delivery.OpenStep is not null))
            .Select(delivery => new UnderwayDelivery(
                delivery.ToPending().Defect, delivery.Plan.Destination, delivery.Plan.MessageMode, delivery.OpenStep))];

    public RequestRow? FindRequest(EnrichmentRequest request) => Requests.GetValueOrDefault(request with { Tries = 0 });

    public void SaveRequest(EnrichmentRequest request, RequestRow row) => Requests[request with { Tries = 0 }] = row;

    public void DeleteRequest(EnrichmentRequest request) => Requests.Remove(request with { Tries = 0 });

    public KnownName? FindName(string source, long teamMemberId) => Names.GetValueOrDefault((source, teamMemberId));

    public void SaveName(string source, long teamMemberId, KnownName name) => Names[(source, teamMemberId)] = name;

    public void DeleteNames(DateTimeOffset askedBefore)
    {
        foreach (var old in Names.Where(one => one.Value.AskedAt < askedBefore).ToList()) Names.Remove(old.Key);
    }

    public void SaveClock(DateTimeOffset now) => Clock = now;

    public IReadOnlyList<OldEvent> FindOldestEvents(long after, int limit) =>
        [.. Events.Where(one => one.Number > after).Take(limit)
            .Select(one => new OldEvent(one.Number, one.Event.ReceivedAt, one.Event.Body.Length))];

    public DateTimeOffset? FindOldestArrival() => Events.Count > 0 ? Events[0].Event.ReceivedAt : null;

    public IReadOnlyList<(DeliveryState State, DateTimeOffset? EndedAt)> FindDeliveryStates(long eventNumber) =>
        [.. Deliveries.Where(delivery => delivery.Event == EventOf(eventNumber))
            .Select(delivery => (Find(delivery.Schedule.DigestId ?? 0) ?? delivery).Row)
            .Select(row => (row.State, row.EndedAt))];

    public void DeleteEvent(long eventNumber)
    {
        foreach (var delivery in Deliveries.Where(one => one.Event == EventOf(eventNumber))) Digests.Remove(delivery.Row.Id);
        Deliveries.RemoveAll(delivery => delivery.Event == EventOf(eventNumber));
        Events.RemoveAll(one => one.Number == eventNumber);
    }

    public void Probe()
    {
    }

    private IEnumerable<InMemoryDelivery> Deferred(string destination) => Deliveries.Where(
        delivery => delivery.Row.State == DeliveryState.Deferred && IsSame(delivery.Plan.Destination, destination));

    private NewEvent EventOf(long number) => Events.Find(one => one.Number == number).Event;

    private static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A delivery with everything that belongs to it.</summary>
internal sealed class InMemoryDelivery(NewEvent owner, PlannedDelivery plan, DeliveryRow row, DeliverySchedule schedule)
{
    public NewEvent Event => owner;

    public PlannedDelivery Plan => plan;

    public DeliveryRow Row { get; set; } = row;

    public DeliverySchedule Schedule { get; set; } = schedule;

    public byte[]? Message { get; set; }

    public List<StoredAttempt> History { get; } = [];

    public List<StoredAction> Actions { get; } = [];

    public SendStep? OpenStep => History is [.., { EndedAt: null } open] ? open.Step : null;

    public DeliveryRow ToRow() => Row with { IsMessageStored = Message is not null, LastAttempt = History.Count, OpenStep = OpenStep };

    public DeliverySchedule ToSchedule() => Schedule with { State = Row.State, Reason = Row.Reason, EndedAt = Row.EndedAt };

    public PendingDelivery ToPending() => new()
    {
        Id = Row.Id,
        EventId = owner.Id,
        EventName = owner.Name,
        Destination = plan.Destination,
        Kind = plan.Kind,
        MessageMode = plan.MessageMode,
        Broadcast = plan.Broadcast,
        Route = plan.Route,
        TemplateSet = plan.TemplateSet,
        MaxAge = plan.MaxAge,
        RepeatWithin = plan.RepeatWithin,
        Fallback = Schedule.Fallback,
        MayBeRepeat = Row.MayBeRepeat,
        FirstAttemptAt = History.Find(attempt => attempt.Number == Row.AgeFrom)?.StartedAt,
        LastAttemptAt = History.Count > 0 ? History[^1].StartedAt : null,
        DoubtfulSince = History.Find(IsDoubt)?.StartedAt,
        IsInDoubt = History.Exists(attempt => attempt.Number >= Row.DoubtFrom && IsDoubt(attempt)),
        Rendered = Row.AsRendered && Message is { } message ? message : default(ReadOnlyMemory<byte>?),
        ReceivedAt = owner.ReceivedAt,
        Source = owner.Source,
        Body = owner.Body,
        TraceParent = owner.TraceParent,
        Priority = Schedule.Priority,
        MayDigest = Schedule.MayDigest,
        Defect = DefectKey.Of(owner.Source, owner.Name, owner.ProjectCode, owner.SubjectId),
    };

    public DigestMember ToMember() => new(owner.Source, owner.Name, owner.ProjectCode, owner.SubjectId, owner.ReceivedAt);

    public DeliverySummary ToSummary() =>
        new(Row.Id, plan.Destination, Row.State, Row.Reason, Row.EndedAt, Schedule.DueAt);

    public StoredDelivery ToStored() => new(
        Row.Id, plan.Destination, Row.State, Row.Reason, Row.Detail, Row.Reference, Row.EndedAt, [.. History])
    {
        Actions = [.. Actions],
        IsMessageStored = Message is not null,
        DueAt = Schedule.DueAt,
    };

    public ListedDelivery ToListed() => new(
        Row.Id, owner.Id, owner.Name, owner.ProjectCode, owner.SubjectId, plan.Destination,
        Row.State, Row.Reason, Row.Detail, History.Count, Row.MayBeRepeat, Message is not null, owner.ReceivedAt, Row.EndedAt)
    {
        DueAt = Schedule.DueAt,
        SilenceId = Schedule.SilenceId > 0 ? Schedule.SilenceId : null,
        DigestId = Schedule.DigestId,
    };

    // An update may be sent twice.
    private static bool IsDoubt(StoredAttempt attempt) =>
        attempt is { Outcome: SendOutcome.Ambiguous, Step: not SendStep.Update };
}
