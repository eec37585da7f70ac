using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

#pragma warning disable MA0047, CA1050 // The runtime looks for this name outside of any namespace.

/// <summary>
/// Kills or stops a worker at a chosen point, so that the product needs no hook of its own. The runtime loads it into a worker whose
/// <c>DOTNET_STARTUP_HOOKS</c> names this assembly. The points are the product's spans and counters. <c>KILL_AT</c> says which one:
/// <c>start SPAN N</c>, <c>stop SPAN N</c> or <c>count COUNTER[=TAG] N</c> for the N-th time, <c>time - N</c> for N milliseconds after the
/// start. <c>STOP_AT</c> instead says where it is stopped until it receives SIGCONT. <c>CLOCK_AHEAD</c> is how many seconds the worker's
/// wall clock is ahead; its steady clock and its timers are right. Uses only the runtime's own library, because the
/// worker loads no other assembly of the tests.
/// </summary>
internal static class StartupHook
{
    // Created in advance: at the point itself the kill must be immediate.
    private static readonly Process Self = Process.GetCurrentProcess();

    private const int StopSignal = 19;

    private static bool _stops;

    // Keeps the listeners and timers alive.
    private static readonly List<IDisposable> Watches = [];

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("CLOCK_AHEAD") is { } seconds)
            SystemTime(null) = new ShiftedTime(TimeSpan.FromSeconds(int.Parse(seconds)));
        _stops = Environment.GetEnvironmentVariable("STOP_AT") is not null;
        if (Environment.GetEnvironmentVariable(_stops ? "STOP_AT" : "KILL_AT")?.Split(' ') is [var what, var name, var number])
            Watch(what, name, int.Parse(number));
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

    private static void CountDownIf(bool isPoint, ref int left)
    {
        if (isPoint && Interlocked.Decrement(ref left) == 0) Kill();
    }

    // SIGKILL or SIGSTOP: there is no cleanup, and no other thread continues.
    private static void Kill()
    {
        if (_stops) _ = SendSignal(Environment.ProcessId, StopSignal);
        else Self.Kill();
    }

    // The field is read-only for C#, and the worker, whose code runs later, reads all times through it.
    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "<System>k__BackingField")]
    private static extern ref TimeProvider SystemTime(TimeProvider? type);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
