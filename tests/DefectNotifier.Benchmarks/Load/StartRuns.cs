using System.Net.Sockets;
using DefectNotifier.Benchmarks.Limits;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>From the start of the process to the first accepted webhook.</summary>
internal static class StartRuns
{
    private const int Runs = 5;
    private const int Destinations = 64;

    public static async Task RunAsync()
    {
        var (raw, worker) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            raw.Add(await MeasureAsync((folder, chat) => LoadLimit.Start(LimitKind.Raw, folder, chat, Destinations)));
            worker.Add(await MeasureAsync((folder, chat) => LoadWorker.Start(folder, chat, Destinations, LoadProcess.FreePort())));
        }

        Console.WriteLine("| start to the first 202 | median | min | max |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Print("limit: 202 alone", raw);
        Print("worker, new outbox", worker);
    }

    private static async Task<double> MeasureAsync(Func<string, LoadChat, LoadProcess> start)
    {
        var folder = Directory.CreateTempSubdirectory("start-");
        await using var chat = new LoadChat(LoadProcess.FreePort());
        await chat.OpenAsync();
        double elapsed;
        await using (var process = start(folder.FullName, chat))
        {
            while (!await IsAcceptedAsync(process.Ingress)) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            elapsed = TimeProvider.System.GetElapsedTime(process.StartedAt).TotalMilliseconds;
        }

        folder.Delete(recursive: true);
        return elapsed;
    }

    private static async Task<bool> IsAcceptedAsync(Uri ingress)
    {
        try
        {
            using var connection = new LoadConnection(ingress);
            await connection.ConnectAsync(ingress);
            var defect = LoadGenerator.NextDefect();
            return await connection.SendAsync(defect, defect % Destinations) == 202;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Print(string name, List<double> all)
    {
        all.Sort();
        Console.WriteLine($"| {name} | {all[Runs / 2]:0} ms | {all[0]:0} ms | {all[^1]:0} ms |");
    }
}
