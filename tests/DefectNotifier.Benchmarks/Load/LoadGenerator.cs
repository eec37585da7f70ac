using System.Net;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Sends new defects over several connections, the next one after the response to the previous one.</summary>
internal static class LoadGenerator
{
    // No program receives the same defect twice.
    private static int _defect = 100_000_000;

    public static int NextDefect() => Interlocked.Increment(ref _defect);

    public static async Task<LoadResult> RunAsync(Uri ingress, int connections, int destinations, TimeSpan time)
    {
        var latencies = new Latencies();
        var began = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(
            () => SendAsync(ingress, destinations, () => TimeProvider.System.GetElapsedTime(began) < time, latencies))));
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        return new LoadResult(counts.Sum(count => count.Accepted), counts.Sum(count => count.Refused), elapsed, latencies);
    }

    private static async Task<(int Accepted, int Refused)> SendAsync(
        Uri ingress, int destinations, Func<bool> isRunning, Latencies latencies)
    {
        using var connection = new LoadConnection(ingress);
        await connection.ConnectAsync(ingress);
        var (accepted, refused) = (0, 0);
        while (isRunning())
        {
            var defect = NextDefect();
            var began = TimeProvider.System.GetTimestamp();
            if (await connection.SendAsync(defect, defect % destinations) == (int)HttpStatusCode.Accepted) accepted++;
            else refused++;
            latencies.Add(TimeProvider.System.GetElapsedTime(began));
        }

        return (accepted, refused);
    }
}

/// <summary>How many webhooks a program accepted and refused.</summary>
internal sealed record LoadResult(int Accepted, int Refused, TimeSpan Time, Latencies Latencies)
{
    public double PerSecond => Accepted / Time.TotalSeconds;
}
