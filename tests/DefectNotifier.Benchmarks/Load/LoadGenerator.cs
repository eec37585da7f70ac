using System.Net;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Sends new defects over so many connections, each at once after the answer to the one before.</summary>
internal static class LoadGenerator
{
    // No program ever sees one twice, whatever it was sent before.
    private static int _defect = 100_000_000;

    public static int NextDefect() => Interlocked.Increment(ref _defect);

    public static async Task<LoadResult> RunAsync(Uri ingress, int connections, int destinations, TimeSpan time)
    {
        var latencies = new Latencies();
        var began = TimeProvider.System.GetTimestamp();
        var ends = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(ingress, destinations, () => TimeProvider.System.GetElapsedTime(began) < time, latencies))));
        return new LoadResult(ends.Sum(end => end.Accepted), ends.Sum(end => end.Refused), TimeProvider.System.GetElapsedTime(began), latencies);
    }

    private static async Task<(int Accepted, int Refused)> SendAsync(Uri ingress, int destinations, Func<bool> goesOn, Latencies latencies)
    {
        using var connection = new LoadConnection(ingress);
        await connection.ConnectAsync(ingress);
        var (accepted, refused) = (0, 0);
        while (goesOn())
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
