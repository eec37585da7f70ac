namespace DefectNotifier.Benchmarks.Load;

/// <summary>The command <c>faults</c>: 2,000 events at 200/s to one destination without a rate limit, during a failure.</summary>
internal static class FailureRuns
{
    private const int Events = 2000;
    private const double PerSecond = 200;

    public static async Task RunAsync()
    {
        await LoadChat.WarmUpAsync();
        Console.WriteLine(
            "| fault | arrived | repeated | out of order | posts refused | pending at its end | from its end to the first post "
            + "| from the first post to the last pending one |");
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

    private static async Task WithWorkerAsync(string name, Func<FailureRun, Task<(long At, int Accepted)>> fault)
    {
        await using var run = new FailureRun();
        await run.StartAsync();
        var sending = Webhooks.SendAsync(() => run.Worker.Ingress, Events, PerSecond, run.Accept);
        var end = await fault(run);
        await sending;
        await run.ArrivedAsync(Events);
        Print(name, run.Chat, end.At, end.Accepted);
    }

    private static void Print(string name, LoadChat chat, long endedAt, int accepted)
    {
        var posted = chat.Posted.ToList();
        var first = posted.DistinctBy(post => post.Defect).ToList();
        var unordered = first.Zip(first.Skip(1)).Count(pair => pair.Second.Defect < pair.First.Defect);
        var pending = posted.Where(post => post.At >= endedAt && post.Defect <= accepted)
            .Select(post => post.At)
            .DefaultIfEmpty(endedAt)
            .ToList();
        double Seconds(long from, long to) => TimeProvider.System.GetElapsedTime(from, to).TotalSeconds;
        Console.WriteLine(
            $"| {name} | {first.Count} of {Events} | {posted.Count - first.Count} | {unordered} | {chat.Refused} | {pending.Count} "
            + $"| {Seconds(endedAt, pending[0]):0.00} s | {Seconds(pending[0], pending[^1]):0.00} s |");
    }
}
