using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Delivery;

/// <summary>An outbox whose process dies at a chosen write of a lane, just before or just after the commit.</summary>
internal sealed class CrashingOutbox(IOutbox outbox) : IOutbox
{
    /// <summary>The number of writes before the process dies; null: it does not die.</summary>
    public int? WritesLeft { get; set; }

    /// <summary>True: the last write is committed before the process dies.</summary>
    public bool DiesAfter { get; set; }

    public Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        outbox.AppendAsync(newEvent, cancellationToken);

    public Task<PendingPage> ReadPendingAsync(Claim claim, int limit, CancellationToken cancellationToken) =>
        outbox.ReadPendingAsync(claim, limit, cancellationToken);

    public Task StartAttemptAsync(Claim claim, long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message) =>
        WriteAsync(() => outbox.StartAttemptAsync(claim, deliveryId, at, step));

    public Task RecordAsync(Claim claim, AttemptOutcome outcome) => WriteAsync(() => outbox.RecordAsync(claim, outcome));

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) =>
        outbox.ReadDefectAsync(key, cancellationToken);

    public Task<DefectContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        outbox.ReadContextAsync(destination, key, cancellationToken);

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        outbox.ReadNamesAsync(source, teamMemberIds, cancellationToken);

    public Task<bool> IsRequestedAsync(IReadOnlyCollection<EnrichmentRequest> requests, CancellationToken cancellationToken) =>
        outbox.IsRequestedAsync(requests, cancellationToken);

    public Task<MessageThread?> JoinMessageAsync(
        Claim claim, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at) =>
        WriteAsync(() => outbox.JoinMessageAsync(claim, delivery, place, titleKey, at));

    public Task<DigestJoinResult> JoinDigestAsync(Claim claim, DigestJoin join) =>
        WriteAsync(() => outbox.JoinDigestAsync(claim, join));

    public Task<bool> ReleaseDeferredAsync(Claim claim, DigestScope scope) => WriteAsync(() => outbox.ReleaseDeferredAsync(claim, scope));

    public Task<bool> TakeBackAsync(Claim claim, long digestId) => WriteAsync(() => outbox.TakeBackAsync(claim, digestId));

    public Task<DigestView?> ReadDigestAsync(long digestId, CancellationToken cancellationToken) =>
        outbox.ReadDigestAsync(digestId, cancellationToken);

    public Task<Digest?> ReadLatestDigestAsync(Claim claim, bool isUrgent, CancellationToken cancellationToken) =>
        outbox.ReadLatestDigestAsync(claim, isUrgent, cancellationToken);

    public Task<DateTimeOffset?> ReadNextDueAsync(Claim claim, CancellationToken cancellationToken) =>
        outbox.ReadNextDueAsync(claim, cancellationToken);

    public Task SaveLaneAsync(Claim claim, LaneState lane) => outbox.SaveLaneAsync(claim, lane);

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) =>
        outbox.ReadRateLimitAsync(key, cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.ReadOverdueAsync(now, cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) => outbox.AnnounceAsync(overdue, now, notice);

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) => outbox.ReadBacklogAsync(cancellationToken);

    public Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken) =>
        outbox.ReadDeferredAsync(cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => outbox.ProbeAsync(cancellationToken);

    private Task WriteAsync(Func<Task> write) => WriteAsync(async () =>
    {
        await write();
        return true;
    });

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        var isLast = WritesLeft-- == 0;
        if (isLast && !DiesAfter) throw new ProcessDiedException();
        var result = await write();
        return isLast ? throw new ProcessDiedException() : result;
    }
}
