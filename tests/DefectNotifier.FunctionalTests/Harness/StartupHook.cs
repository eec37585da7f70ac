using System.Diagnostics;
using System.Diagnostics.Metrics;

#pragma warning disable MA0047, CA1050 // The runtime looks for this name outside of any namespace.

/// <summary>
/// Loaded by the runtime into a worker whose <c>DOTNET_STARTUP_HOOKS</c> names this assembly: kills it at a chosen point of its work, so that the product needs
/// no hook of its own. The points are what the product shows of itself anyway: its spans and its counters. <c>KILL_AT</c> says which one:
/// <c>start SPAN N</c>, <c>stop SPAN N</c> and <c>count COUNTER[=TAG] N</c> for the N-th time, <c>time - N</c> for N milliseconds after the start,
/// <c>grown FILE N</c> for a file that has grown by N bytes. Uses nothing but the runtime's own library: the worker has no other of ours.
/// </summary>
internal static class StartupHook
{
    // Made before it is needed: at the point itself nothing may take long.
    private static readonly Process Self = Process.GetCurrentProcess();

    // Nobody else holds on to them.
    private static readonly List<IDisposable> Watches = [];
    private static int _left;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("KILL_AT")?.Split(' ') is not [var what, var name, var number]) return;
        _left = int.Parse(number);
        switch (what)
        {
            case "start":
                Watch(new ActivityListener { ActivityStarted = span => CountDownIf(span.OperationName == name) });
                break;
            case "stop":
                Watch(new ActivityListener { ActivityStopped = span => CountDownIf(span.OperationName == name) });
                break;
            case "count":
                Watch(name.Split('=')[0], name.Split('=').ElementAtOrDefault(1));
                break;
            case "time":
                Watches.Add(new Timer(_ => Kill(), state: null, _left, Timeout.Infinite));
                break;
            case "grown":
                WatchFile(new FileInfo(name), _left);
                break;
        }
    }

    private static void Watch(ActivityListener listener)
    {
        listener.ShouldListenTo = source => source.Name is "DefectNotifier" or "Microsoft.AspNetCore";
        listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData;
        ActivitySource.AddActivityListener(listener);
        Watches.Add(listener);
    }

    private static void Watch(string counter, string? tag)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == counter) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => CountDownIf(tag is null || Has(tags, tag)));
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
        new Thread(() =>
        {
            SpinWait.SpinUntil(() =>
            {
                file.Refresh();
                return file.Exists && file.Length >= limit;
            });
            Kill();
        }) { IsBackground = true }.Start();
    }

    private static void CountDownIf(bool isPoint)
    {
        if (isPoint && Interlocked.Decrement(ref _left) == 0) Kill();
    }

    // SIGKILL: nothing is tidied up, no other thread comes any further.
    private static void Kill() => Self.Kill();
}
