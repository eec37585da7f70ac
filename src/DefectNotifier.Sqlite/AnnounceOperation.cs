using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

internal sealed class AnnounceOperation(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) : LaneOperation
{
    private readonly EventInsert _insert = new(notice);

    protected override InvalidOperationException? Write(WriteSession session)
    {
        _insert.Execute(session);
        session.MarkAnnounced.Run(now.ToColumn(), overdue.Destination, overdue.Fallback);
        return null;
    }
}
