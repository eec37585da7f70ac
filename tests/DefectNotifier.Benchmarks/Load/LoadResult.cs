namespace DefectNotifier.Benchmarks.Load;

/// <summary>What a program took of what it was sent.</summary>
internal sealed record LoadResult(int Accepted, int Refused, TimeSpan Time, Latencies Latencies)
{
    public double PerSecond => Accepted / Time.TotalSeconds;
}
