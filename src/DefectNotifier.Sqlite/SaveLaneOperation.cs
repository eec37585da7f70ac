using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

internal sealed class SaveLaneOperation(LaneState lane) : LaneOperation
{
    protected override InvalidOperationException? Write(WriteSession session)
    {
        Save(session, lane);
        return null;
    }
}
