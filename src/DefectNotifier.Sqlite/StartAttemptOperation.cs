using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

internal sealed class StartAttemptOperation(long deliveryId, DateTimeOffset at, SendStep step) : LaneOperation
{
    protected override InvalidOperationException? Write(WriteSession session) => TryStartAttempt(session, deliveryId, at, step) ? null : NotPending(deliveryId);
}
