namespace DefectNotifier.Benchmarks.Load;

/// <summary>The rate of one destination while it sends waiting deliveries, one after the other.</summary>
internal static class LaneRuns
{
    private const int Waiting = 20_000;
    private const int WarmUp = 5_000;
    private const int Runs = 2;

    public static async Task RunAsync()
    {
        Console.WriteLine($"| one destination, {Waiting:N0} wait | messages/s | CPU for 1,000 |");
        Console.WriteLine("| --- | --- | --- |");
        for (var run = 1; run <= Runs; run++) await RunAsync(run);
    }

    private static async Task RunAsync(int run)
    {
        var folder = Directory.CreateTempSubdirectory("lane-");
        try
        {
            await Outboxes.FillAsync(folder.FullName, Waiting, "web");
            await using var chat = new LoadChat(LoadProcess.FreePort());
            await chat.OpenAsync();
            await using var worker = LoadWorker.Start(folder.FullName, chat);
            await chat.ArrivedAsync(WarmUp);
            var cpu = worker.Cpu;
            await chat.ArrivedAsync(Waiting);
            var posted = chat.Posted.ToList();
            if (posted.Count <= WarmUp)
            {
                Console.WriteLine($"| run {run}: only {posted.Count:N0} arrived | | |");
                return;
            }

            var count = posted.Count - WarmUp;
            var rate = count / TimeProvider.System.GetElapsedTime(posted[WarmUp].At, posted[^1].At).TotalSeconds;
            Console.WriteLine(
                $"| run {run}, after the first {WarmUp:N0} | {rate:N0} | {(worker.Cpu - cpu).TotalSeconds / count * 1000:0.00} s |");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
