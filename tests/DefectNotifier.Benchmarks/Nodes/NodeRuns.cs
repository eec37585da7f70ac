using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Benchmarks.Nodes;

/// <summary>The command <c>nodes</c>: all parts, or the named ones, on one PostgreSQL server that syncs each commit.</summary>
internal static class NodeRuns
{
    private static readonly (string Name, Func<PostgresServer, Task> Run)[] Parts =
    [
        ("rates", NodeRates.RunAsync),
        ("failover", NodeFailover.RunAsync),
        ("growth", NodeGrowth.RunAsync),
    ];

    public static async Task RunAsync(IReadOnlyCollection<string> names)
    {
        if (names.Except(Parts.Select(part => part.Name)).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"Unknown part '{unknown}'. Use one of: {string.Join(", ", Parts.Select(part => part.Name))}.");
            return;
        }

        if (PostgresServer.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return;
        }

        await using var server = await PostgresServer.CreateAsync();
        foreach (var (_, run) in Parts.Where(part => names.Count == 0 || names.Contains(part.Name))) await run(server);
    }
}
