using System.Diagnostics;
using System.Diagnostics.Metrics;

#pragma warning disable MA0047, CA1050 // The runtime looks for this name outside of any namespace.

/// <summary>
/// Loaded by the runtime into a worker whose <c>DOTNET_STARTUP_HOOKS</c> names this assembly: kills it at a chosen point of its work, so that the product needs
/// no hook of its own. The points are what the product shows of itself anyway: its spans and its counters. <c>KILL_AT</c> says which one, or which ones, of
/// which the first counts, with a semicolon between them: <c>start SPAN N</c>, <c>stop SPAN N</c> and <c>count COUNTER[=TAG] N</c> for the N-th time, <c>time - N</c> for N
/// milliseconds after the start, <c>grown FILE N</c> for a file that has grown by N bytes. Uses nothing but the runtime's own library: the worker has no other of ours.
/// </summary>
internal static class StartupHook
{
    // Made before it is needed: at the point itself nothing may take long.
    private static readonly Process Self = Process.GetCurrentProcess();

    // Nobody else holds on to them.
    private static readonly List<IDisposable> Watches = [];

    public static void Initialize()
    {
        foreach (var point in Environment.GetEnvironmentVariable("KILL_AT")?.Split(';') ?? [])
        {
            var parts = point.Split(' ');
            Watch(parts[0], parts[1], int.Parse(parts[2]));
        }
    }

    private static void Watch(string what, string name, int number)
    {
        switch (what)
        {
            case "start":
                WatchSpans(new ActivityListener { ActivityStarted = span => CountDownIf(span.OperationName == name, ref number) });
                break;
            case "stop":
                WatchSpans(new ActivityListener { ActivityStopped = span => CountDownIf(span.OperationName == name, ref number) });
                break;
            case "count":
                WatchCounter(name.Split('=')[0], name.Split('=').ElementAtOrDefault(1), number);
                break;
            case "time":
                Watches.Add(new Timer(_ => Kill(), state: null, number, Timeout.Infinite));
                break;
            case "grown":
                WatchFile(new FileInfo(name), number);
                break;
        }
    }

    private static void WatchSpans(ActivityListener listener)
    {
        listener.ShouldListenTo = source => source.Name is "DefectNotifier" or "Microsoft.AspNetCore";
        listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData;
        ActivitySource.AddActivityListener(listener);
        Watches.Add(listener);
    }

    private static void WatchCounter(string counter, string? tag, int times)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == counter) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => CountDownIf(tag is null || Has(tags, tag), ref times));
        listener.Start();
        Watches.Add(listener);
    }

    private static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string value)
    {
        foreach (var tag in tags)
        {
            if (value.Equals(tag.Value)) return true;
        }

        return false;
    }

    // The file may be there already, left by the worker before this one.
    private static void WatchFile(FileInfo file, long growth)
    {
        var limit = (file.Exists ? file.Length : 0) + growth;
        var watch = new Thread(() =>
        {
            SpinWait.SpinUntil(() => IsAt(file, limit));
            Kill();
        });
        watch.IsBackground = true;
        watch.Start();
    }

    private static bool IsAt(FileInfo file, long limit)
    {
        file.Refresh();
        return file.Exists && file.Length >= limit;
    }

    private static void CountDownIf(bool isPoint, ref int left)
    {
        if (isPoint && Interlocked.Decrement(ref left) == 0) Kill();
    }

    // SIGKILL: nothing is tidied up, no other thread comes any further.
    private static void Kill() => Self.Kill();
}
