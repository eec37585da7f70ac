using DefectNotifier.Benchmarks.Limits;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>The limits and the worker with 64 connections and 64 destinations, in alternation.</summary>
internal static class RateRuns
{
    private const int Connections = 64;
    private const int Destinations = 64;
    private const int Rounds = 5;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static async Task RunAsync()
    {
        await using var raw = await LoadProgram.StartLimitAsync(LimitKind.Raw, Destinations);
        await using var append = await LoadProgram.StartLimitAsync(LimitKind.Append, Destinations);
        await using var deliver = await LoadProgram.StartLimitAsync(LimitKind.Deliver, Destinations);
        await using var held = await LoadProgram.StartWorkerAsync("worker, lanes held", Destinations, isHeld: true);
        await using var worker = await LoadProgram.StartWorkerAsync("worker", Destinations);
        LoadProgram[] programs = [raw, append, deliver, held, worker];
        var idle = programs.Select(program => program.Process.Memory().Now).ToList();

        // Warm-up: code is compiled at its first use.
        foreach (var program in programs) await program.RunAsync(Connections, Time);
        var allocated = await held.AllocatedAsync();
        var rounds = programs.ToDictionary(program => program, _ => new List<LoadRound>());
        for (var round = 0; round < Rounds; round++)
            foreach (var program in programs) rounds[program].Add(await program.RunAsync(Connections, Time));
        var bytes = (await held.AllocatedAsync() - allocated) / rounds[held].Sum(round => round.Load.Accepted);

        Console.WriteLine(
            "| program | accepted/s | latency p50 / p90 / p99 | delivered/s while accepting | delivered/s to the end | CPU for 1,000 "
            + "| memory idle | after the burst | peak |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (program, before) in programs.Zip(idle)) Print(program, rounds[program], before);
        Console.WriteLine();
        Console.WriteLine("| ratio, median of the rounds (min - max) | | must be |");
        Console.WriteLine("| --- | --- | --- |");
        PrintRatio("accepted/s, lanes held, to durable append", held, append, round => round.Load.PerSecond, "at least 0.25");
        PrintRatio("accepted/s while delivering, to append and deliver", worker, deliver, round => round.Load.PerSecond, "");
        PrintRatio(
            "delivered/s while accepting, to append and deliver",
            worker,
            deliver,
            round => round.DeliveredPerSecondWhileAccepting,
            "at least 0.20");
        PrintRatio("delivered/s to the end, to append and deliver", worker, deliver, round => round.DeliveredPerSecond, "");
        PrintRatio(
            "p99 of the 202 while delivering, to append and deliver", worker, deliver, round => round.Load.Latencies.Percentile(99), "");
        PrintRatio("CPU for 1,000 delivered, to append and deliver", worker, deliver, round => round.CpuPerThousand, "at most 5.7");
        Console.WriteLine($"| allocated per webhook, lanes held, server included | {bytes:N0} B | |");

        void PrintRatio(string name, LoadProgram one, LoadProgram other, Func<LoadRound, double> of, string target)
        {
            var ratios = rounds[one].Zip(rounds[other], (mine, theirs) => of(mine) / of(theirs)).Order().ToList();
            Console.WriteLine($"| {name} | {ratios[Rounds / 2]:0.00} ({ratios[0]:0.00} - {ratios[^1]:0.00}) | {target} |");
        }
    }

    private static void Print(LoadProgram program, List<LoadRound> rounds, double idle)
    {
        var latencies = new Latencies();
        foreach (var round in rounds) latencies.Add(round.Load.Latencies);
        var isPosting = rounds[0].Delivered > 0;
        double Median(Func<LoadRound, double> of) => rounds.Select(of).Order().ElementAt(Rounds / 2);
        string Delivered(Func<LoadRound, double> of) => isPosting ? $"{Median(of):N0}" : "-";
        var (now, peak) = program.Process.Memory();
        Console.WriteLine(
            $"| {program.Name} | {Median(round => round.Load.PerSecond):N0} | {latencies} "
            + $"| {Delivered(round => round.DeliveredPerSecondWhileAccepting)} | {Delivered(round => round.DeliveredPerSecond)} "
            + $"| {Median(round => round.CpuPerThousand):0.000} s | {idle:0} MiB | {now:0} MiB | {peak:0} MiB |");
    }
}
