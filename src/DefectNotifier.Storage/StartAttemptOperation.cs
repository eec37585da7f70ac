namespace DefectNotifier.Storage;

internal sealed class StartAttemptOperation(long deliveryId, DateTimeOffset at) : LaneOperation
{
    protected override InvalidOperationException? Write(WriteSession session) => TryStartAttempt(session, deliveryId, at) ? null : NotPending(deliveryId);
}
