namespace DefectNotifier.Sqlite;

internal sealed class ProbeOperation : LaneOperation
{
    // Asks whether webhooks can be accepted.
    public override bool MaySpendReserve => false;

    protected override InvalidOperationException? Write(WriteSession session)
    {
        session.Probe.Run();
        return null;
    }
}
