using System.Diagnostics;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>What <c>replay</c> of everything that an outbox holds takes, from the file and through the running service.</summary>
internal static class ReplayRuns
{
    public static async Task RunAsync(IReadOnlyList<int> counts)
    {
        Console.WriteLine("| events | read from | took | at most | said |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var count in counts) await RunAsync(count);
    }

    private static async Task RunAsync(int count)
    {
        var folder = Directory.CreateTempSubdirectory("replay-");
        try
        {
            await Outboxes.FillAsync(folder.FullName, count, "web");
            // It refuses everything, so that the service has nothing else to do.
            await using var chat = new LoadChat(LoadProcess.FreePort()) { IsRefusing = true };
            await chat.OpenAsync();
            var tried = Path.Combine(folder.FullName, "tried.json");
            await File.WriteAllTextAsync(tried, Tried(folder.CreateSubdirectory("words").FullName));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "words", "defect.created.sbn"), "# {{ defect.title }}\n\nOther words: {{ defect.actual_result }}");
            var settings = Path.Combine(folder.FullName, "settings.json");
            await using (var worker = LoadWorker.Start(folder.FullName, chat))
            {
                await worker.ListeningAsync();
                await ReplayAsync(count, "the service", settings, tried);
                Console.WriteLine($"| | the service itself | | {worker.Memory().Peak:0} MiB | |");
            }

            await ReplayAsync(count, "the file", settings, tried);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ReplayAsync(int count, string from, string settings, string tried)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(LoadWorker.Command("replay", "--since", "7d", "--current", settings, "--config", tried))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0.0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, LoadProcess.PeakOf(process));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var said = (await output).Split('\n', 4) is [var first, _, var third, ..] ? $"{first} {third}" : "";
        Console.WriteLine($"| {count:N0} | {from} | {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s | {peak:0} MiB | {said} (exit code {process.ExitCode}) |");
    }

    private static string Tried(string words) => $$"""
        {
          "Templates": { "Path": "{{words}}" },
          "Destinations": { "web": { "Type": "sandbox" }, "more": { "Type": "sandbox", "As": "teams" } },
          "Routes": [ { "MinSeverity": "major", "To": [ "more" ], "Continue": true }, { "To": [ "web" ] } ]
        }
        """;
}
