using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>One step of a walk that forgets; small, because everybody who writes waits for it.</summary>
internal abstract class PruneStep : WriteOperation
{
    private readonly TaskCompletionSource<PruneResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PruneResult? _result;

    public Task<PruneResult> Result => _end.Task;

    public sealed override void Execute(WriteSession session) => _result = Step(session);

    public sealed override void Complete() => _end.TrySetResult(_result!);

    public sealed override void Fail(string detail, Exception? error) =>
        _end.TrySetException(error is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, error));

    protected abstract PruneResult Step(WriteSession session);
}
