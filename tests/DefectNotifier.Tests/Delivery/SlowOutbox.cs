using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Delivery;

/// <summary>An outbox that counts what a lane does with it, and whose calls a test can delay or fail.</summary>
internal sealed class SlowOutbox(IOutbox outbox) : IOutbox
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Awaited before an attempt is started; may throw.</summary>
    public Func<Task> BeforeStart { get; init; } = () => Task.CompletedTask;

    /// <summary>Awaited before an outcome is written; may throw.</summary>
    public Func<AttemptOutcome, Task> BeforeRecord { get; init; } = _ => Task.CompletedTask;

    /// <summary>Awaited before a defect is read; may throw.</summary>
    public Func<Task> BeforeReadDefect { get; init; } = () => Task.CompletedTask;

    /// <summary>Awaited before a probe; may throw.</summary>
    public Func<Task> BeforeProbe { get; init; } = () => Task.CompletedTask;

    /// <summary>Awaited before the pending deliveries are counted; may throw.</summary>
    public Func<Task> BeforeCount { get; init; } = () => Task.CompletedTask;

    /// <summary>How many pages were read.</summary>
    public int Pages { get; private set; }

    /// <summary>How many attempts and outcomes were committed.</summary>
    public int Commits { get; private set; }

    public void Release() => _released.SetResult();

    public async Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken)
    {
        await _released.Task;
        return await outbox.AppendAsync(newEvent, cancellationToken);
    }

    public Task<PendingPage> ReadPendingAsync(Claim claim, int limit, CancellationToken cancellationToken)
    {
        Pages++;
        return outbox.ReadPendingAsync(claim, limit, cancellationToken);
    }

    public async Task StartAttemptAsync(Claim claim, long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message)
    {
        await BeforeStart();
        Commits++;
        await outbox.StartAttemptAsync(claim, deliveryId, at, step);
    }

    public async Task RecordAsync(Claim claim, AttemptOutcome outcome)
    {
        await BeforeRecord(outcome);
        Commits++;
        await outbox.RecordAsync(claim, outcome);
    }

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) =>
        outbox.ReadRateLimitAsync(key, cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.ReadOverdueAsync(now, cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) => outbox.AnnounceAsync(overdue, now, notice);

    public async Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken)
    {
        await BeforeReadDefect();
        return await outbox.ReadDefectAsync(key, cancellationToken);
    }

    public async Task<DefectContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken)
    {
        await BeforeReadDefect();
        return await outbox.ReadContextAsync(destination, key, cancellationToken);
    }

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        outbox.ReadNamesAsync(source, teamMemberIds, cancellationToken);

    public Task<bool> IsRequestedAsync(IReadOnlyCollection<EnrichmentRequest> requests, CancellationToken cancellationToken) =>
        outbox.IsRequestedAsync(requests, cancellationToken);

    public Task<MessageThread?> JoinMessageAsync(
        Claim claim, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at) =>
        outbox.JoinMessageAsync(claim, delivery, place, titleKey, at);

    public Task<DigestJoinResult> JoinDigestAsync(Claim claim, DigestJoin join) => outbox.JoinDigestAsync(claim, join);

    public Task<bool> ReleaseDeferredAsync(Claim claim, DigestScope scope) => outbox.ReleaseDeferredAsync(claim, scope);

    public Task<bool> TakeBackAsync(Claim claim, long digestId) => outbox.TakeBackAsync(claim, digestId);

    public Task<DigestView?> ReadDigestAsync(long digestId, CancellationToken cancellationToken) =>
        outbox.ReadDigestAsync(digestId, cancellationToken);

    public Task<Digest?> ReadLatestDigestAsync(Claim claim, bool isUrgent, CancellationToken cancellationToken) =>
        outbox.ReadLatestDigestAsync(claim, isUrgent, cancellationToken);

    public Task<DateTimeOffset?> ReadNextDueAsync(Claim claim, CancellationToken cancellationToken) =>
        outbox.ReadNextDueAsync(claim, cancellationToken);

    public Task SaveLaneAsync(Claim claim, LaneState lane) => outbox.SaveLaneAsync(claim, lane);

    public async Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken)
    {
        await BeforeCount();
        return await outbox.ReadBacklogAsync(cancellationToken);
    }

    public Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken) =>
        outbox.ReadDeferredAsync(cancellationToken);

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await BeforeProbe();
        await outbox.ProbeAsync(cancellationToken);
    }
}
