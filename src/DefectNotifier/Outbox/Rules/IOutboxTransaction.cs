using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// One transaction of a store: finds and writes rows, without any rules. What rows mean and which belong together is decided only in this
/// folder, so that every store follows the same rules. Times are kept to the millisecond. Destinations are compared without regard to
/// case.
/// </summary>
public interface IOutboxTransaction
{
    /// <summary>What lanes and the enricher must learn of the transaction. The store reports it after the commit.</summary>
    CommitNews News { get; }

    /// <summary>The id of the event with this dedup key, and how many deliveries it has; null: none has it.</summary>
    (string EventId, int Deliveries)? FindEvent(ReadOnlyMemory<byte> dedupKey);

    /// <summary>
    /// Inserts only the event and returns its number, which grows in the order of acceptance. Null: its dedup key is there, and nothing
    /// was written.
    /// </summary>
    long? InsertEvent(NewEvent newEvent);

    /// <summary>Inserts a delivery and returns its id, which grows in the order of acceptance.</summary>
    /// <param name="eventNumber">The event.</param>
    /// <param name="planned">Where it goes.</param>
    /// <param name="start">Its first state.</param>
    /// <param name="announceAt">When the fallback is notified that it is still pending; null: never.</param>
    long InsertDelivery(long eventNumber, PlannedDelivery planned, DeliveryStart start, DateTimeOffset? announceAt);

    DeliveryRow? FindDelivery(long deliveryId);

    void UpdateDelivery(DeliveryRow row);

    /// <summary>What a delivery is about; null: the delivery no longer exists.</summary>
    DeliverySubject? FindSubject(long deliveryId);

    /// <summary>
    /// Clears the announcement times up to then of pending deliveries to this destination with this fallback.
    /// </summary>
    void ClearAnnouncements(string destination, string fallback, DateTimeOffset until);

    /// <summary>Stores the message that was, or would have been, sent; it replaces an earlier one.</summary>
    void SaveMessage(long deliveryId, ReadOnlyMemory<byte> json);

    void InsertOperatorAction(long deliveryId, StoredAction action);

    void InsertAttempt(long deliveryId, int number, DateTimeOffset startedAt, SendStep step);

    void EndAttempt(long deliveryId, int number, AttemptEnd end);

    /// <summary>The deliveries to a destination with an attempt that has no end.</summary>
    IReadOnlyList<long> FindOpenDeliveries(string destination);

    /// <summary>The first pending delivery of a destination; null: none is pending.</summary>
    long? FindFirstPending(string destination);

    /// <summary>When and with which others a delivery is sent; null: there is no such delivery.</summary>
    DeliverySchedule? FindSchedule(long deliveryId);

    void SaveSchedule(DeliverySchedule schedule);

    /// <summary>
    /// The deliveries about a defect to a destination that are pending, deferred or part of a digest, in the order of acceptance.
    /// </summary>
    IReadOnlyList<DeliverySchedule> FindUnsent(DefectKey key, string destination);

    /// <summary>
    /// The deferred deliveries of a destination by silence (0: none), each with the first end of the quiet hours of its deliveries.
    /// </summary>
    IReadOnlyList<(long SilenceId, DateTimeOffset FirstDueAt)> FindDeferrals(string destination);

    /// <summary>Deferred deliveries of a destination whose quiet hours end by a time, the first end first.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="silenceId">The silence that defers them; 0: none.</param>
    /// <param name="until">The time.</param>
    /// <param name="limit">The maximum number.</param>
    IReadOnlyList<long> FindDeferred(string destination, long silenceId, DateTimeOffset until, int limit);

    /// <summary>The deliveries of a digest with a number in it above this one, in the order of the numbers.</summary>
    IReadOnlyList<long> FindDigested(long digestId, int after, int limit);

    Digest? FindDigest(long digestId);

    /// <summary>The pending deliveries of a destination that have a time when they are due: its digests.</summary>
    IReadOnlyList<long> FindScheduled(string destination);

    /// <summary>
    /// The digest of a destination that was created last, without those that were given up; null: there is none of this kind.
    /// </summary>
    Digest? FindLatestDigest(string destination, DigestCause cause, bool isUrgent);

    void SaveDigest(Digest digest);

    /// <summary>The silences that end after this time, by their numbers.</summary>
    IReadOnlyList<Silence> FindSilences(DateTimeOffset endsAfter);

    Silence? FindSilence(long id);

    /// <summary>Inserts a silence and returns its number, which no other silence ever had.</summary>
    long InsertSilence(Silence silence);

    void SaveSilence(Silence silence);

    void DeleteSilences(DateTimeOffset endedBefore);

    /// <summary>The saved state of a lane; null: none was saved.</summary>
    LaneState? FindLane(string destination);

    void SaveLane(LaneState lane);

    /// <summary>Saves it unless a state with the same or a higher revision is there.</summary>
    void SaveRateLimit(RateLimitState state);

    /// <summary>What is stored of a defect; the body of its opening event may be left out.</summary>
    DefectRow? FindDefect(DefectKey key);

    void InsertDefect(DefectKey key, DefectRow row);

    /// <param name="key">The defect.</param>
    /// <param name="row">What is stored of it from now on.</param>
    /// <param name="isOpeningNew">True when the opening event is another one, whose body is stored too.</param>
    void UpdateDefect(DefectKey key, DefectRow row, bool isOpeningNew);

    /// <summary>The defects that were stored last, of every workspace.</summary>
    IReadOnlyList<(DefectKey Key, Defect Defect)> FindLatestDefects(int limit);

    /// <summary>The next defects of a walk, in the order in which they were stored first.</summary>
    IReadOnlyList<StoredDefect> FindOldestDefects(long after, int limit);

    void DeleteDefect(DefectKey key);

    MessageThread? FindThread(string destination, DefectKey key);

    void SaveThread(string destination, MessageThread thread);

    /// <summary>The message of a destination with this title key that was accepted last; null: there is none.</summary>
    MessageThread? FindRepeated(string destination, string titleKey);

    /// <summary>
    /// The destinations in which a message stands for the defect, with the mode of the delivery that posted it; without those whose
    /// delivery is gone.
    /// </summary>
    IReadOnlyList<(string Destination, MessageMode Mode)> FindPostedMessages(DefectKey key);

    void DeleteThreads(DefectKey key);

    /// <summary>The first pending delivery of each destination, and every pending one with an open attempt.</summary>
    IReadOnlyList<UnderwayDelivery> FindUnderway();

    RequestRow? FindRequest(EnrichmentRequest request);

    void SaveRequest(EnrichmentRequest request, RequestRow row);

    void DeleteRequest(EnrichmentRequest request);

    KnownName? FindName(string source, long teamMemberId);

    void SaveName(string source, long teamMemberId, KnownName name);

    void DeleteNames(DateTimeOffset askedBefore);

    /// <summary>The next events of a walk, the oldest first.</summary>
    IReadOnlyList<OldEvent> FindOldestEvents(long after, int limit);

    /// <summary>When the oldest event that is stored arrived; null: none is stored.</summary>
    DateTimeOffset? FindOldestArrival();

    /// <summary>The states of an event's deliveries; for a delivery in a digest, that of the digest while it is stored.</summary>
    IReadOnlyList<(DeliveryState State, DateTimeOffset? EndedAt)> FindDeliveryStates(long eventNumber);

    /// <summary>Deletes the event with its deliveries and everything that belongs to them.</summary>
    void DeleteEvent(long eventNumber);

    /// <summary>Saves the time of a clock that is trusted.</summary>
    void SaveClock(DateTimeOffset now);

    /// <summary>Makes a minimal write, to check whether the store can be written.</summary>
    void Probe();
}

/// <summary>A delivery, as far as the rules read and change it.</summary>
public sealed record DeliveryRow
{
    public required long Id { get; init; }

    public required string Destination { get; init; }

    public DeliveryState State { get; init; }

    /// <summary>The number of the first attempt that counts as doubtful when it is ambiguous; earlier ones are settled.</summary>
    public int DoubtFrom { get; init; } = 1;

    /// <summary>The number of the attempt that age counts from.</summary>
    public int AgeFrom { get; init; } = 1;

    public bool MayBeRepeat { get; init; }

    /// <summary>True when the stored message is sent as it is.</summary>
    public bool AsRendered { get; init; }

    public SendReason? Reason { get; init; }

    public string? Detail { get; init; }

    public string? Reference { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The id of the outcome that was recorded last; null: none was.</summary>
    public Guid? LastOutcome { get; init; }

    /// <summary>True when its message is stored. Read only.</summary>
    public bool IsMessageStored { get; init; }

    /// <summary>The number of its last attempt; 0 without one. Read only.</summary>
    public int LastAttempt { get; init; }

    /// <summary>What the last attempt sends, while it has no end; null: no attempt is open. Read only.</summary>
    public SendStep? OpenStep { get; init; }
}

/// <summary>The first state of a delivery.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it is not pending; null: it is pending.</param>
/// <param name="DueAt">When its quiet hours end, or when a digest is sent at the earliest; null: at once.</param>
/// <param name="SilenceId">The silence that defers or discards it; 0: none.</param>
/// <param name="EndedAt">When it ended; null: it has not.</param>
public sealed record DeliveryStart(
    DeliveryState State = DeliveryState.Pending,
    SendReason? Reason = null,
    DateTimeOffset? DueAt = null,
    long SilenceId = 0,
    DateTimeOffset? EndedAt = null)
{
    /// <summary>For a delivery that is sent at once.</summary>
    public static DeliveryStart Now { get; } = new();
}

/// <summary>When, and with which others, a delivery is sent.</summary>
public sealed record DeliverySchedule
{
    public required long Id { get; init; }

    public required string Destination { get; init; }

    public required DeliveryState State { get; init; }

    public SendReason? Reason { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DeliveryPriority Priority { get; init; } = DeliveryPriority.Normal;

    public bool MayDigest { get; init; }

    /// <inheritdoc cref="DeliveryStart"/>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The silence that defers or discarded it; 0: none.</summary>
    public long SilenceId { get; init; }

    /// <summary>The digest that contains it; null: none.</summary>
    public long? DigestId { get; init; }

    /// <summary>Its number in the digest, from 1.</summary>
    public int DigestNumber { get; init; }

    /// <summary>The destination that is notified when it is given up or waits for too long; null: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>When the fallback is notified that it still waits; null: never, or already done.</summary>
    public DateTimeOffset? AnnounceAt { get; init; }
}

/// <summary>How an attempt ended.</summary>
public sealed record AttemptEnd(
    DateTimeOffset At, SendOutcome Outcome, SendReason Reason, string? Detail = null, string? Version = null);

/// <summary>What is stored of a defect.</summary>
/// <param name="Defect">What its events and Qase say.</param>
/// <param name="TouchedAt">When its last event arrived.</param>
public sealed record DefectRow(Defect Defect, DateTimeOffset TouchedAt)
{
    /// <summary>Where it was announced.</summary>
    public Announcements Announced { get; init; } = Announcements.None;

    internal RoutingMemory ToMemory() => new(Defect.Severity, Announced.Destinations);
}

/// <summary>What a delivery is about.</summary>
/// <param name="Defect">The defect of its event; null: none.</param>
/// <param name="Kind">Why its destination gets it.</param>
/// <param name="EventNumber">Its event.</param>
/// <param name="ReceivedAt">When its event was accepted.</param>
/// <param name="Mode">How the destination shows the defect.</param>
/// <param name="EventName">The name of its event.</param>
/// <param name="ProjectCode">The project of its event, as the sender wrote it; null: none.</param>
public sealed record DeliverySubject(
    DefectKey? Defect,
    DeliveryKind Kind,
    long EventNumber,
    DateTimeOffset ReceivedAt,
    MessageMode Mode,
    string EventName,
    string? ProjectCode);

/// <summary>A defect in the order of a walk.</summary>
public sealed record StoredDefect(long Number, DefectKey Key, bool IsClosed, DateTimeOffset TouchedAt);

/// <summary>An event in the order of a walk.</summary>
public sealed record OldEvent(long Number, DateTimeOffset ReceivedAt, long BodyBytes);

/// <summary>A pending delivery that its lane may be working on.</summary>
/// <param name="Defect">The defect of its event; null: none.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Mode">How the destination shows the defect.</param>
/// <param name="OpenStep">What its open attempt sends; null: it has none.</param>
public sealed record UnderwayDelivery(DefectKey? Defect, string Destination, MessageMode Mode, SendStep? OpenStep);

/// <summary>The state of a request to Qase's API.</summary>
/// <param name="Tries">The number of failed tries.</param>
/// <param name="DueAt">When it is tried next; null: it has ended.</param>
/// <param name="OverAt">When it was given up; null while it waits.</param>
public sealed record RequestRow(int Tries, DateTimeOffset? DueAt, DateTimeOffset? OverAt);
