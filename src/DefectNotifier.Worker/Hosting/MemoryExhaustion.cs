namespace DefectNotifier.Worker.Hosting;

/// <summary>
/// Ends the process when its memory is used up, so that the supervisor restarts it. By then a listener, a lane or the writer may have
/// failed, and the process would continue without it. A restart loses nothing: the outbox keeps every accepted event.
/// </summary>
internal static class MemoryExhaustion
{
    private static readonly long Available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static void EndProcess() => AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
    {
        if (thrown.Exception is OutOfMemoryException && IsExhausted(GC.GetTotalMemory(forceFullCollection: false), Available))
            Environment.FailFast("Out of memory. Accepted events are in the outbox and are sent after the next start.");
    };

    // While most of the memory is free, one call requested too much, and only that call fails.
    private static bool IsExhausted(long used, long available) => used > available / 2;
}
