namespace DefectNotifier.Storage;

internal sealed class ProbeOperation : LaneOperation
{
    protected override InvalidOperationException? Write(WriteSession session)
    {
        session.Probe.Run();
        return null;
    }
}
