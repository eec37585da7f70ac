namespace DefectNotifier.Benchmarks.Load;

/// <summary>The command <c>load</c>: all parts, or the named ones.</summary>
internal static class LoadRuns
{
    private static readonly (string Name, string Title, Func<Task> Run)[] Parts =
    [
        ("rates", "Rates", RateRuns.RunAsync),
        ("single", "One connection", SingleRuns.RunAsync),
        ("lane", "One lane", LaneRuns.RunAsync),
        ("latency", "Latency", LatencyRuns.RunAsync),
        ("start", "Start", StartRuns.RunAsync),
        ("growth", "Growth", GrowthRuns.RunAsync),
    ];

    public static async Task RunAsync(IReadOnlyCollection<string> names)
    {
        if (names.Except(Parts.Select(part => part.Name)).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"Unknown part '{unknown}'. Use one of: {string.Join(", ", Parts.Select(part => part.Name))}.");
            return;
        }

        var began = TimeProvider.System.GetTimestamp();
        foreach (var (name, title, run) in Parts.Where(part => names.Count == 0 || names.Contains(part.Name)))
        {
            Console.WriteLine($"### {title}{Environment.NewLine}");
            await run();
            Console.WriteLine();
            Console.Error.WriteLine($"{name}: done after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s in total");
        }
    }
}
