using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Delivery;

/// <summary>An outbox whose appends and outcomes end only when they are let.</summary>
internal sealed class SlowOutbox(IOutbox outbox) : IOutbox
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waited for before an outcome is written; may throw.</summary>
    public Func<AttemptOutcome, Task> BeforeRecord { get; init; } = _ => Task.CompletedTask;

    /// <summary>Waited for before several defects are read; may throw.</summary>
    public Func<Task> BeforeReadDefects { get; init; } = () => Task.CompletedTask;

    public void Release() => _released.SetResult();

    public async Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken)
    {
        await _released.Task;
        return await outbox.AppendAsync(newEvent, cancellationToken);
    }

    public Task<IReadOnlyList<PendingDelivery>> ReadPendingAsync(string destination, int limit, CancellationToken cancellationToken) =>
        outbox.ReadPendingAsync(destination, limit, cancellationToken);

    public Task StartAttemptAsync(long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message) => outbox.StartAttemptAsync(deliveryId, at, step);

    public async Task RecordAsync(AttemptOutcome outcome)
    {
        await BeforeRecord(outcome);
        await outbox.RecordAsync(outcome);
    }

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) => outbox.ReadRateLimitAsync(key, cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) => outbox.ReadOverdueAsync(now, cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) => outbox.AnnounceAsync(overdue, now, notice);

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) => outbox.ReadDefectAsync(key, cancellationToken);

    public async Task<IReadOnlyDictionary<DefectKey, Defect>> ReadDefectsAsync(IReadOnlyCollection<DefectKey> keys, CancellationToken cancellationToken)
    {
        await BeforeReadDefects();
        return await outbox.ReadDefectsAsync(keys, cancellationToken);
    }

    public Task<MessageThread?> ReadThreadAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        outbox.ReadThreadAsync(destination, key, cancellationToken);

    public Task<DeliveryContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        outbox.ReadContextAsync(destination, key, cancellationToken);

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        outbox.ReadNamesAsync(source, teamMemberIds, cancellationToken);

    public Task<LaneState> ReadLaneAsync(string destination, CancellationToken cancellationToken) => outbox.ReadLaneAsync(destination, cancellationToken);

    public Task SaveLaneAsync(LaneState lane) => outbox.SaveLaneAsync(lane);

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) => outbox.ReadBacklogAsync(cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => outbox.ProbeAsync(cancellationToken);
}
