using BenchmarkDotNet.Running;
using DefectNotifier.Benchmarks.Limits;
using DefectNotifier.Benchmarks.Load;

switch (args)
{
    case ["load", .. var parts]:
        await LoadRuns.RunAsync(parts);
        break;
    case ["faults"]:
        await FailureRuns.RunAsync();
        break;
    case ["backlog", .. var counts]:
        await BacklogRuns.RunAsync(counts.Length == 0 ? [100_000, 1_000_000] : [.. counts.Select(int.Parse)]);
        break;
    case ["nodes"]:
        await NodeRuns.RunAsync();
        break;
    case ["replay", .. var counts]:
        await ReplayRuns.RunAsync(counts.Length == 0 ? [1_000, 1_000_000] : [.. counts.Select(int.Parse)]);
        break;
    // "load" starts this command as separate processes.
    case ["limit", var kind, var port, var file, var chat, var destinations]:
        await LimitProgram.RunAsync(Enum.Parse<LimitKind>(kind), int.Parse(port), file, chat, int.Parse(destinations));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(FailureRuns).Assembly).Run(args);
        break;
}
