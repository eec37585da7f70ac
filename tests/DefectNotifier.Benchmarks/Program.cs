using BenchmarkDotNet.Running;
using DefectNotifier.Benchmarks.Limits;
using DefectNotifier.Benchmarks.Load;
using DefectNotifier.Benchmarks.Nodes;

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
    case ["nodes", .. var parts]:
        await NodeRuns.RunAsync(parts);
        break;
    // "nodes" starts this command as a separate process.
    case ["node", var address, var schema]:
        await NodeFailover.HoldAsync(address, schema);
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
