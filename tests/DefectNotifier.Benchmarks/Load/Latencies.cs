namespace DefectNotifier.Benchmarks.Load;

/// <summary>A histogram of durations in steps of 10 µs. Longer than 1 s counts as 1 s.</summary>
internal sealed class Latencies
{
    private readonly int[] _counts = new int[100_001];

    /// <summary>Thread-safe.</summary>
    public void Add(TimeSpan latency) =>
        Interlocked.Increment(ref _counts[Math.Clamp((int)(latency.TotalMilliseconds * 100), 0, 100_000)]);

    public void Add(Latencies others)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += others._counts[i];
    }

    /// <summary>In milliseconds; 0 when empty.</summary>
    public double Percentile(double percent)
    {
        var wanted = (long)Math.Ceiling(_counts.Sum(count => (long)count) * percent / 100);
        var place = -1;
        for (var seen = 0L; seen < wanted;) seen += _counts[++place];
        return Math.Max(0, place) / 100.0;
    }

    public override string ToString() => $"{Percentile(50):0.00} / {Percentile(90):0.00} / {Percentile(99):0.00} ms";
}
