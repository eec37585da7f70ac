using DefectNotifier.Outbox;

namespace DefectNotifier.Storage;

internal sealed class SaveLaneOperation(LaneState lane) : LaneOperation
{
    protected override InvalidOperationException? Write(WriteSession session)
    {
        Save(session, lane);
        return null;
    }
}
