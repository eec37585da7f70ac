using DefectNotifier.Events;
using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>The event, its dedup key and its deliveries, or the first event when the key is already there.</summary>
internal sealed class AppendOperation(NewEvent newEvent) : WriteOperation
{
    private readonly TaskCompletionSource<AppendResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventInsert _insert = new(newEvent);
    private readonly AppendResult _accepted = new(AppendStatus.Accepted, newEvent.Id, newEvent.Decision.Deliveries.Count);
    private AppendResult? _result;

    public Task<AppendResult> Result => _end.Task;

    public override bool MaySpendReserve => false;

    public override void Execute(WriteSession session) =>
        _result = !_insert.Execute(session) ? _insert.FindFirst(session) : _insert.IsAsking ? _accepted with { IsAsking = true } : _accepted;

    public override void Complete() => _end.TrySetResult(_result!);

    public override void Fail(string detail, Exception? error) => _end.TrySetResult(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, detail));
}
