namespace DefectNotifier.Benchmarks.Load;

/// <summary>What one destination gets of what has waited for it: one message after the other.</summary>
internal static class LaneRuns
{
    private const int Waiting = 20_000;
    private const int First = 5_000;
    private const int Runs = 2;

    public static async Task RunAsync()
    {
        Console.WriteLine($"| one destination, {Waiting:N0} wait | messages/s (at least 3,000) | CPU for 1,000 |");
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
            await chat.ArrivedAsync(First);
            var cpu = worker.Cpu;
            await chat.ArrivedAsync(Waiting);
            var posted = chat.Posted.ToList();
            if (posted.Count <= First)
            {
                Console.WriteLine($"| run {run}: only {posted.Count:N0} came in two minutes | | |");
                return;
            }

            var rate = (posted.Count - First) / TimeProvider.System.GetElapsedTime(posted[First].At, posted[^1].At).TotalSeconds;
            Console.WriteLine($"| run {run}, after the first {First:N0} | {rate:N0} | {(worker.Cpu - cpu).TotalSeconds / (posted.Count - First) * 1000:0.00} s |");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
