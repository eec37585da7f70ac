using DefectNotifier.Benchmarks.Limits;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>From a webhook to the arrival of its message, at 200 events/s.</summary>
internal static class LatencyRuns
{
    private const int Destinations = 64;
    private const int Events = 1000;
    private const int Rounds = 3;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync()
    {
        await using var deliver = await LoadProgram.StartLimitAsync(LimitKind.Deliver, Destinations);
        await using var worker = await LoadProgram.StartWorkerAsync("worker", Destinations);
        LoadProgram[] programs = [deliver, worker];
        foreach (var program in programs) await program.RunAsync(connections: 8, TimeSpan.FromSeconds(2));
        var ends = programs.ToDictionary(
            program => program, _ => (Responded: new Latencies(), Arrived: new Latencies(), FromResponse: new Latencies()));
        for (var round = 0; round < Rounds; round++)
            foreach (var program in programs) await RunAsync(program, ends[program]);

        Console.WriteLine(
            $"| 200/s over {Destinations} destinations | 202, p50 / p90 / p99 | webhook to message arrived | 202 to message arrived |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var program in programs)
            Console.WriteLine($"| {program.Name} | {ends[program].Responded} | {ends[program].Arrived} | {ends[program].FromResponse} |");
    }

    private static async Task RunAsync(LoadProgram program, (Latencies Responded, Latencies Arrived, Latencies FromResponse) latencies)
    {
        using var connection = new LoadConnection(program.Process.Ingress);
        await connection.ConnectAsync(program.Process.Ingress);
        var before = program.Chat.Count;
        var sent = new Dictionary<int, (long At, long RespondedAt)>();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Events; i++)
        {
            var due = i * Every - TimeProvider.System.GetElapsedTime(began);
            if (due > TimeSpan.Zero) await Task.Delay(due, TimeProvider.System);
            var defect = LoadGenerator.NextDefect();
            var at = TimeProvider.System.GetTimestamp();
            await connection.SendAsync(defect, defect % Destinations);
            sent[defect] = (at, TimeProvider.System.GetTimestamp());
        }

        await program.Chat.ArrivedAsync(before + Events);
        foreach (var (defect, at) in program.Chat.Posted.Where(post => sent.ContainsKey(post.Defect)))
        {
            latencies.Responded.Add(TimeProvider.System.GetElapsedTime(sent[defect].At, sent[defect].RespondedAt));
            latencies.Arrived.Add(TimeProvider.System.GetElapsedTime(sent[defect].At, at));
            latencies.FromResponse.Add(TimeProvider.System.GetElapsedTime(sent[defect].RespondedAt, at));
        }
    }
}
