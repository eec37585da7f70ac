using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>
/// The durable truth about events and deliveries, for those that take in and send; what operators ask of it is <see cref="IOutboxHistory"/>.
/// Engine-free: nothing here knows of SQL. Every implementation passes the same contract suite. Members are safe to call from many threads; one lane
/// at a time works on a destination.
/// Members other than <see cref="AppendAsync"/> throw <see cref="OutboxUnavailableException"/> when the store can't do it now.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Makes the event, its dedup key and its deliveries durable in one commit, and with them what is remembered of its defect and, where <see cref="NewEvent.MayAsk"/>,
    /// what is wanted of Qase about it; a duplicate adds nothing to that.
    /// Completes only after the commit is on disk.
    /// Cancelling stops the waiting, not the commit: the event may have been stored all the same.
    /// </summary>
    Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken);

    /// <summary>
    /// The first pending deliveries of a destination, in the order of acceptance. Bounded in number and in bytes, but at least one
    /// when any is pending.
    /// </summary>
    Task<IReadOnlyList<PendingDelivery>> ReadPendingAsync(string destination, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Records durably that a send is about to begin. A process that dies before <see cref="RecordAsync"/> leaves the attempt
    /// open; the next start closes it as one that may have been posted.
    /// </summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="at">When.</param>
    /// <param name="step">What is sent. An update that was cut off raises no doubt: it is made again.</param>
    Task StartAttemptAsync(long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message);

    /// <summary>Ends the open attempt, moves the delivery and saves the lane's state, all in one commit.</summary>
    Task RecordAsync(AttemptOutcome outcome);

    /// <summary>What is remembered of a defect by now, its opening event with its body; null: nothing.</summary>
    Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken);

    /// <summary>The same of several defects, as they were at one moment; those of which nothing is remembered are left out.</summary>
    Task<IReadOnlyDictionary<DefectKey, Defect>> ReadDefectsAsync(IReadOnlyCollection<DefectKey> keys, CancellationToken cancellationToken);

    /// <summary>The message that stands for a defect in a destination; null: none was posted, or it was forgotten with its defect. Saved with outcomes.</summary>
    Task<MessageThread?> ReadThreadAsync(string destination, DefectKey key, CancellationToken cancellationToken);

    /// <summary>The names of members of a workspace, by their ids; those that nobody knows are left out. They are learned through <see cref="IEnrichmentStore"/>.</summary>
    Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken);

    /// <summary>The state that was saved last, or a fresh one.</summary>
    Task<LaneState> ReadLaneAsync(string destination, CancellationToken cancellationToken);

    /// <summary>Saves a lane's state on its own (parked, resumed).</summary>
    Task SaveLaneAsync(LaneState lane);

    /// <summary>The state of a limit that was saved last; null when none was. They are saved with outcomes.</summary>
    Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Pending deliveries that have waited for longer than their routes say and of which the fallback has not been told: one entry for each destination
    /// and fallback, with the oldest of them.
    /// </summary>
    Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores a notice of overdue deliveries and marks them as announced, all in one commit.</summary>
    Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice);

    /// <summary>What waits, by destination; destinations without anything pending are left out.</summary>
    Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken);

    /// <summary>Commits something tiny, to learn whether the store can be written.</summary>
    /// <exception cref="OutboxUnavailableException">It can't.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}
