namespace DefectNotifier.Benchmarks.Load;

/// <summary>The worker with few and many destinations, and with many waiting or delivered events: costs must not grow with them.</summary>
internal static class GrowthRuns
{
    private const int Many = 1_000_000;
    private const int Rounds = 2;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static async Task RunAsync()
    {
        Console.WriteLine(
            "| destinations | waiting | delivered before | accepted/s | 202, p50 / p90 / p99 | delivered/s to the end | CPU for 1,000 "
            + "| memory idle | after the burst | peak | threads |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var destinations in (int[])[1, 64, 1000]) await RunAsync(destinations, waiting: 0, delivered: 0, from: null);

        var folder = Directory.CreateTempSubdirectory("growth-");
        await Outboxes.FillAsync(folder.FullName, Many, "old");
        await RunAsync(destinations: 64, Many, delivered: 0, folder);
        await Outboxes.DeliverAllAsync(folder.FullName);
        await RunAsync(destinations: 64, waiting: 0, Many, folder);
        folder.Delete(recursive: true);
    }

    private static async Task RunAsync(int destinations, int waiting, int delivered, DirectoryInfo? from)
    {
        // The waiting deliveries are for a chat that refuses everything.
        await using var old = new LoadChat(LoadProcess.FreePort()) { IsRefusing = true, RetryAfter = 3600 };
        await old.OpenAsync();
        await using var worker = await LoadProgram.StartWorkerAsync(
            "worker", destinations, fill: folder => CopyAsync(from, folder), old: from is null ? null : old);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        var idle = worker.Process.Memory().Now;
        await worker.RunAsync(connections: 64, TimeSpan.FromSeconds(2));
        var rounds = new List<LoadRound>();
        for (var round = 0; round < Rounds; round++) rounds.Add(await worker.RunAsync(connections: 64, Time));
        var latencies = new Latencies();
        foreach (var round in rounds) latencies.Add(round.Load.Latencies);
        var (now, peak) = worker.Process.Memory();
        Console.WriteLine(
            $"| {destinations:N0} | {waiting:N0} | {delivered:N0} | {rounds.Average(round => round.Load.PerSecond):N0} "
            + $"| {latencies} | {rounds.Average(round => round.DeliveredPerSecond):N0} "
            + $"| {rounds.Average(round => round.CpuPerThousand):0.000} s | {idle:0} MiB | {now:0} MiB | {peak:0} MiB "
            + $"| {worker.Process.Threads()} |");
    }

    private static Task CopyAsync(DirectoryInfo? from, string folder)
    {
        if (from is not null) File.Copy(Outboxes.PathIn(from.FullName), Outboxes.PathIn(folder));
        return Task.CompletedTask;
    }
}
