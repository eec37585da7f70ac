namespace DefectNotifier.Benchmarks.Load;

/// <summary>The errors at which other notifiers lose, double or shuffle messages: 2,000 events at 200 a second, one destination without pace.</summary>
internal static class FailureRuns
{
    private const int Events = 2000;
    private const double PerSecond = 200;

    public static async Task RunAsync()
    {
        await LoadChat.WarmUpAsync();
        Console.WriteLine("| error | arrived | repeated | out of order | posts refused | owed at its end | from its end to the first post | from there to all that was owed |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        await StormAsync();
        await OutageAsync();
        await KillAsync();
    }

    private static Task StormAsync() => WithWorkerAsync("10 s of 429 with Retry-After: 1", async run =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        run.Chat.IsRefusing = true;
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        run.Chat.IsRefusing = false;
        return run.End();
    });

    private static Task OutageAsync() => WithWorkerAsync("20 s of refused connections", async run =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await run.Chat.CloseAsync();
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        await run.Chat.OpenAsync();
        return run.End();
    });

    private static Task KillAsync() => WithWorkerAsync("kill -9 in the burst", async run =>
    {
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        await run.Worker.KillAsync();
        var end = run.End();
        await run.RestartAsync();
        return end;
    });

    private static async Task WithWorkerAsync(string name, Func<FailureRun, Task<(long At, int Accepted)>> error)
    {
        await using var run = new FailureRun();
        await run.StartAsync();
        var sending = Webhooks.SendAsync(() => run.Worker.Ingress, Events, PerSecond, run.Accept);
        var end = await error(run);
        await sending;
        await run.ArrivedAsync(Events);
        Tell(name, run.Chat, end.At, end.Accepted);
    }

    private static void Tell(string name, LoadChat chat, long endedAt, int accepted)
    {
        var posted = chat.Posted.ToList();
        var first = posted.DistinctBy(post => post.Defect).ToList();
        var shuffled = first.Zip(first.Skip(1)).Count(pair => pair.Second.Defect < pair.First.Defect);
        var owed = posted.Where(post => post.At >= endedAt && post.Defect <= accepted).Select(post => post.At).DefaultIfEmpty(endedAt).ToList();
        double Seconds(long from, long to) => TimeProvider.System.GetElapsedTime(from, to).TotalSeconds;
        Console.WriteLine(
            $"| {name} | {first.Count} of {Events} | {posted.Count - first.Count} | {shuffled} | {chat.Refused} | {owed.Count} | {Seconds(endedAt, owed[0]):0.00} s | {Seconds(owed[0], owed[^1]):0.00} s |");
    }
}
