using DefectNotifier.Events;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The durable store of events and deliveries, for intake and lanes; operators use <see cref="IOutboxHistory"/>. Nothing here depends on
/// SQL. Every implementation passes the same contract suite. Members may be called from any thread. Only the holder of a destination's
/// <see cref="Claim"/> works on its deliveries: a member with a claim that was lost or given up throws
/// <see cref="ClaimLostException"/> and changes nothing. Members other than <see cref="AppendAsync"/> throw
/// <see cref="OutboxUnavailableException"/> when the store can't be used now.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Stores the event, its dedup key, its deliveries and its defect's new state in one commit; where
    /// <see cref="NewEvent.CanEnrich"/>, also the requests to Qase. A duplicate writes nothing. Completes only after the commit is on disk.
    /// Cancelling stops the waiting, not the commit: the event may still be stored.
    /// </summary>
    Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken);

    /// <summary>
    /// The first pending deliveries of a lane, in the order of acceptance. Limited in number and in bytes, but at least one when any is
    /// pending.
    /// </summary>
    Task<PendingPage> ReadPendingAsync(Claim claim, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Records durably that a send is about to start. A process that dies before <see cref="RecordAsync"/> leaves the attempt open; the
    /// next claim on the lane closes it as one that may have been posted.
    /// </summary>
    /// <param name="claim">The claim on the delivery's lane.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="at">When.</param>
    /// <param name="step">What is sent. An interrupted update is simply sent again, without a lookup.</param>
    Task StartAttemptAsync(Claim claim, long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message);

    /// <summary>
    /// Ends the open attempt, changes the delivery and saves the lane's state in one commit. An outcome that was recorded before changes
    /// nothing, so a call whose result is not known can be repeated.
    /// </summary>
    Task RecordAsync(Claim claim, AttemptOutcome outcome);

    /// <summary>What is stored of a defect, its opening event with its body; null: nothing.</summary>
    Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken);

    /// <summary>
    /// What is stored of a defect, and the message that shows it in a destination, in one read; null where there is none.
    /// </summary>
    Task<DefectContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the defect of a delivery join the latest message about a defect with the same title, if there is one from the time in which
    /// that is asked for. If it has joined a message that is gone now, it leaves it.
    /// </summary>
    /// <param name="claim">The claim on the delivery's lane.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="place">The channel.</param>
    /// <param name="titleKey"><see cref="MessageThread.TitleKeyOf"/> of the defect; null: it does not join.</param>
    /// <param name="at">Now.</param>
    /// <returns>The message that shows the defect there; null: none does.</returns>
    Task<MessageThread?> JoinMessageAsync(Claim claim, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at);

    /// <summary>
    /// The names of members of a workspace, by their ids; unknown ones are left out. They come from <see cref="IEnrichmentStore"/>.
    /// </summary>
    Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken);

    /// <summary>True while any of these requests to Qase's API is pending and has not failed: a failed one is repeated later.</summary>
    Task<bool> IsRequestedAsync(IReadOnlyCollection<EnrichmentRequest> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Adds pending deliveries of a lane to its open digest, or creates it. A delivery that can't be part of a digest stays pending.
    /// </summary>
    Task<DigestJoinResult> JoinDigestAsync(Claim claim, DigestJoin join);

    /// <summary>
    /// Releases some of a lane's deferred deliveries whose quiet hours or silences have ended: a single one becomes pending, several become
    /// a digest. True when there may be more.
    /// </summary>
    Task<bool> ReleaseDeferredAsync(Claim claim, DigestScope scope);

    /// <summary>
    /// Makes deliveries of a digest pending again that its message does not show and can't show any more. True when there are more.
    /// </summary>
    Task<bool> TakeBackAsync(Claim claim, long digestId);

    /// <summary>A digest with what it shows; null: it is not stored.</summary>
    Task<DigestView?> ReadDigestAsync(long digestId, CancellationToken cancellationToken);

    /// <summary>The digest of a lane that was created last because of a storm and was not given up; null: there is none.</summary>
    Task<Digest?> ReadLatestDigestAsync(Claim claim, bool isUrgent, CancellationToken cancellationToken);

    /// <summary>When a lane has to look again for a digest or a deferred delivery; null: only when deliveries are added.</summary>
    Task<DateTimeOffset?> ReadNextDueAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Saves a lane's state on its own (parked, resumed).</summary>
    Task SaveLaneAsync(Claim claim, LaneState lane);

    /// <summary>The state of a rate limit that was saved last; null when none was. Saved with outcomes.</summary>
    Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Pending deliveries that have waited longer than their routes allow and whose fallback was not notified yet: one entry for each
    /// destination and fallback.
    /// </summary>
    Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores a notice of overdue deliveries and marks them as announced, all in one commit.</summary>
    Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice);

    /// <summary>The pending deliveries, by destination; destinations without any are left out.</summary>
    Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken);

    /// <summary>The deferred deliveries, by destination; destinations without any are left out.</summary>
    Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken);

    /// <summary>Commits a minimal write, to check whether events can be accepted.</summary>
    /// <exception cref="OutboxUnavailableException">Events can't be accepted now.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>The defect of a delivery, and the message that shows it.</summary>
/// <param name="Defect">What is stored of its defect; null: nothing.</param>
/// <param name="Thread">The message that shows the defect in the destination; null: none.</param>
public sealed record DefectContext(Defect? Defect, MessageThread? Thread);
