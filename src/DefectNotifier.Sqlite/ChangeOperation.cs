using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>An operator's word over one delivery. It looks and changes in one transaction, so of two at once only one finds what it needs.</summary>
internal abstract class ChangeOperation(long deliveryId) : WriteOperation
{
    private readonly TaskCompletionSource<DeliveryChange> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DeliveryChange? _change;

    public Task<DeliveryChange> Result => _end.Task;

    protected long DeliveryId => deliveryId;

    public sealed override void Execute(WriteSession session)
    {
        _change = Find(session);
        if (_change.Status == DeliveryChangeStatus.Done) Write(session);
    }

    public sealed override void Complete() => _end.TrySetResult(_change!);

    public sealed override void Fail(string detail, Exception? error) =>
        _end.TrySetException(error is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, error));

    /// <summary>What stands in the way; <see cref="DeliveryChangeStatus.Done"/> when nothing does.</summary>
    protected abstract DeliveryChangeStatus Judge(DeliveryState state, bool isMessageKept);

    protected abstract void Write(WriteSession session);

    private DeliveryChange Find(WriteSession session)
    {
        using var row = session.FindDelivery.Query(deliveryId);
        if (!row.Read()) return new DeliveryChange(DeliveryChangeStatus.NotFound);
        var state = (DeliveryState)row.GetInt32(0);
        return new DeliveryChange(Judge(state, row.GetBoolean(2)), state, row.GetString(1));
    }
}
