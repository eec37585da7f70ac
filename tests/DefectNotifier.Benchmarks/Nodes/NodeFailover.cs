using System.Diagnostics;
using System.Globalization;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Benchmarks.Nodes;

/// <summary>
/// How long 64 lanes of a node have no owner, until another node that waits for them has all of them: after <c>kill -9</c>, and when it
/// leaves.
/// </summary>
internal static class NodeFailover
{
    private const int Rounds = 5;

    public static async Task RunAsync(PostgresServer server)
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await using var shared = new SharedOutbox(server);
            var survivor = shared.Open();
            TimeSpan failedOver;
            using (var node = await StartAsync(shared))
            {
                var waiting = SharedOutbox.ClaimAllAsync(survivor);
                // Any moment between two heartbeats.
                await Task.Delay(SharedOutbox.Lease * Random.Shared.NextDouble(), TimeProvider.System);
                var killedAt = TimeProvider.System.GetTimestamp();
                node.Kill();
                foreach (var claim in await waiting) await survivor.ReleaseAsync(claim);
                failedOver = TimeProvider.System.GetElapsedTime(killedAt);
            }

            var leaving = shared.Open();
            await SharedOutbox.ClaimAllAsync(leaving);
            var all = SharedOutbox.ClaimAllAsync(survivor);
            var leftAt = TimeProvider.System.GetTimestamp();
            await leaving.DisposeAsync();
            await all;
            var left = TimeProvider.System.GetElapsedTime(leftAt);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  lease {SharedOutbox.Lease.TotalSeconds} s: killed {failedOver.TotalSeconds:0.00} s, left {left.TotalSeconds:0.00} s"));
        }
    }

    /// <summary>The other process: a node that claims all lanes, says so, and waits for its end.</summary>
    public static async Task HoldAsync(string address, string schema)
    {
        await using var node = SharedOutbox.Open(address, schema, "killed");
        await SharedOutbox.ClaimAllAsync(node);
        Console.WriteLine("claimed");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }

    private static async Task<Process> StartAsync(SharedOutbox shared)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(NodeFailover).Assembly.Location, "node", shared.Address, shared.Schema])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync() != "claimed") throw new InvalidOperationException("The node has ended.");
        return process;
    }
}
