namespace DefectNotifier.Benchmarks.Load;

/// <summary>The time from a start with many waiting deliveries to the first post, and the memory that they need.</summary>
internal static class BacklogRuns
{
    public static async Task RunAsync(IReadOnlyList<int> counts)
    {
        Console.WriteLine(
            "| pending | start to first post | posted in 20 s | CPU for 1,000 of them "
            + "| memory while the chat refuses | after 20 s of sending | peak |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var count in (IReadOnlyList<int>)[0, .. counts]) await RunAsync(count);
    }

    private static async Task RunAsync(int pending)
    {
        var folder = Directory.CreateTempSubdirectory("backlog-");
        try
        {
            await Outboxes.FillAsync(folder.FullName, Math.Max(1, pending), "web");
            await using var chat = new LoadChat(LoadProcess.FreePort());
            await chat.OpenAsync();
            await using (var first = LoadWorker.Start(folder.FullName, chat))
            {
                while (chat.Posted.Count == 0) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                var toFirst = TimeProvider.System.GetElapsedTime(first.StartedAt, chat.Posted.First().At);
                var (postedBefore, cpuBefore) = (chat.Posted.Count, first.Cpu);
                await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
                var (sending, peak) = first.Memory();
                var posted = chat.Posted.Count;
                var cpu = posted == postedBefore ? "-" : $"{(first.Cpu - cpuBefore).TotalSeconds / (posted - postedBefore) * 1000:0.00} s";
                chat.IsRefusing = true;
                await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
                Console.WriteLine(
                    $"| {pending:N0} | {toFirst.TotalMilliseconds:0} ms | {posted:N0} | {cpu} "
                    + $"| {first.Memory().Now:0} MiB | {sending:0} MiB | {peak:0} MiB |");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
