using BenchmarkDotNet.Running;
using DefectNotifier.Benchmarks.Load;

switch (args)
{
    case ["faults"]:
        await FaultRuns.RunAsync();
        break;
    case ["backlog", .. var counts]:
        await BacklogRuns.RunAsync(counts.Length == 0 ? [100_000, 1_000_000] : [.. counts.Select(int.Parse)]);
        break;
    case ["replay", .. var counts]:
        await ReplayRuns.RunAsync(counts.Length == 0 ? [1_000, 1_000_000] : [.. counts.Select(int.Parse)]);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(FaultRuns).Assembly).Run(args);
        break;
}
