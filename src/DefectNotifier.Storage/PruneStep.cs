using DefectNotifier.Outbox;

namespace DefectNotifier.Storage;

/// <summary>One step of a walk that forgets; small, because everybody who writes waits for it.</summary>
internal abstract class PruneStep : WriteOperation
{
    private readonly TaskCompletionSource<PruneResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PruneResult? _result;

    public Task<PruneResult> Result => _end.Task;

    public sealed override void Execute(WriteSession session) => _result = Step(session);

    public sealed override void Complete() => _end.TrySetResult(_result!);

    public sealed override void Fail(string detail, Exception? fault) =>
        _end.TrySetException(fault is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, fault));

    protected abstract PruneResult Step(WriteSession session);
}
