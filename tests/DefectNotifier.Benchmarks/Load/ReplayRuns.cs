using System.Diagnostics;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>The command <c>replay</c> over all events of an outbox, from the file and through the running service.</summary>
internal static class ReplayRuns
{
    public static async Task RunAsync(IReadOnlyList<int> counts)
    {
        Console.WriteLine("| events | read from | time | peak memory | output |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var count in counts) await RunAsync(count);
    }

    private static async Task RunAsync(int count)
    {
        var folder = Directory.CreateTempSubdirectory("replay-");
        try
        {
            await Outboxes.FillAsync(folder.FullName, count, "web");
            // The chat refuses everything, so that the service is otherwise idle.
            await using var chat = new LoadChat(LoadProcess.FreePort()) { IsRefusing = true };
            await chat.OpenAsync();
            var changed = Path.Combine(folder.FullName, "changed.json");
            await File.WriteAllTextAsync(changed, Changed(folder.CreateSubdirectory("templates").FullName));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "templates", "defect.created.sbn"),
                "# {{ defect.title }}\n\nOther text: {{ defect.actual_result }}");
            var settings = Path.Combine(folder.FullName, "settings.json");
            await using (var worker = LoadWorker.Start(folder.FullName, chat))
            {
                await worker.ListeningAsync();
                await ReplayAsync(count, "the service", settings, changed);
                Console.WriteLine($"| | the service itself | | {worker.Memory().Peak:0} MiB | |");
            }

            await ReplayAsync(count, "the file", settings, changed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ReplayAsync(int count, string from, string settings, string changed)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(LoadWorker.Command("replay", "--since", "7d", "--current", settings, "--config", changed))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0.0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, LoadProcess.PeakOf(process));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var summary = (await output).Split('\n', 4) is [var first, _, var third, ..] ? $"{first} {third}" : "";
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine($"| {count:N0} | {from} | {seconds:0.0} s | {peak:0} MiB | {summary} (exit code {process.ExitCode}) |");
    }

    private static string Changed(string templates) => $$"""
        {
          "Templates": { "Path": "{{templates}}" },
          "Destinations": { "web": { "Type": "sandbox" }, "more": { "Type": "sandbox", "As": "teams" } },
          "Routes": [ { "MinSeverity": "major", "To": [ "more" ], "Continue": true }, { "To": [ "web" ] } ]
        }
        """;
}
