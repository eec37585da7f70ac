namespace DefectNotifier.Worker.Hosting;

/// <summary>
/// Ends the process when its memory is used up. Any part may have failed half-way by then (a listener, a lane, the writer), and a process
/// that goes on with dead parts is worse than one that a supervisor starts again: the outbox keeps every accepted event.
/// </summary>
internal static class MemoryExhaustion
{
    private static readonly long Available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static void EndProcess() => AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
    {
        if (thrown.Exception is OutOfMemoryException && IsExhausted(GC.GetTotalMemory(forceFullCollection: false), Available))
            Environment.FailFast("Out of memory. Accepted events are in the outbox and are sent after the next start.");
    };

    // While most of the memory is free, somebody asked for an absurd amount, which is an error of that call alone.
    private static bool IsExhausted(long used, long available) => used > available / 2;
}
