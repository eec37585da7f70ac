namespace DefectNotifier.Benchmarks.Load;

/// <summary>The faults at which other notifiers lose, double or shuffle messages: 2,000 events at 200 a second, one destination without pace.</summary>
internal static class FaultRuns
{
    private const int Events = 2000;
    private const double PerSecond = 200;

    public static async Task RunAsync()
    {
        Console.WriteLine("| fault | arrived | repeated | out of order | posts during the fault | from its end to all caught up |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        await StormAsync();
        await OutageAsync();
        await KillAsync();
    }

    private static Task StormAsync() => WithWorkerAsync("10 s of 429 with Retry-After: 1", async (chat, _, sending) =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        chat.IsRefusing = true;
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        chat.IsRefusing = false;
        await sending;
        // The chat may still have to be waited for: what it asked for last holds beyond the storm.
        return chat.Refused;
    });

    private static Task OutageAsync() => WithWorkerAsync("20 s of refused connections", async (chat, _, sending) =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await chat.CloseAsync();
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        await sending;
        await chat.OpenAsync();
        return 0;
    });

    private static Task KillAsync() => WithWorkerAsync("kill -9 in the burst", async (_, restart, sending) =>
    {
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        await restart();
        await sending;
        return 0;
    });

    private static async Task WithWorkerAsync(string name, Func<LoadChat, Func<Task>, Task, Task<int>> fault)
    {
        var folder = Directory.CreateTempSubdirectory("faults-");
        await using var chat = new LoadChat(LoadWorker.FreePort());
        await chat.OpenAsync();
        var worker = LoadWorker.Start(folder.FullName, chat);
        try
        {
            var sending = Webhooks.SendAsync(() => worker.Ingress, Events, PerSecond);
            var during = await fault(
                chat,
                async () =>
                {
                    await worker.KillAsync();
                    await worker.DisposeAsync();
                    worker = LoadWorker.Start(folder.FullName, chat);
                },
                sending);
            var ended = TimeProvider.System.GetTimestamp();
            while (chat.Posted.Select(post => post.Defect).Distinct().Count() < Events && TimeProvider.System.GetElapsedTime(ended) < TimeSpan.FromMinutes(3))
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            Tell(name, chat, during, ended);
        }
        finally
        {
            await worker.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private static void Tell(string name, LoadChat chat, int during, long ended)
    {
        var posted = chat.Posted.ToList();
        var first = posted.DistinctBy(post => post.Defect).ToList();
        var shuffled = first.Zip(first.Skip(1)).Count(pair => pair.Second.Defect < pair.First.Defect);
        var after = posted.Where(post => post.At >= ended).ToList();
        var first0 = after.Count == 0 ? ended : after[0].At;
        Console.WriteLine(
            $"| {name} | {first.Count} of {Events} | {posted.Count - first.Count} | {shuffled} | {during} | "
            + $"{TimeProvider.System.GetElapsedTime(ended, after.Count == 0 ? ended : after[^1].At).TotalSeconds:0.00} s, of that {TimeProvider.System.GetElapsedTime(ended, first0).TotalSeconds:0.00} s to the first post |");
    }
}
