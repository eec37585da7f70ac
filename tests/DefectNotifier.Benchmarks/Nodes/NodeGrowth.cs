using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Benchmarks.Nodes;

/// <summary>
/// The size of the tables over ten minutes with 800 events per second, which are delivered and pruned after 20 s, with autovacuum as it
/// comes. It must become level.
/// </summary>
internal static class NodeGrowth
{
    private const int PerSecond = 800;
    private const int Lanes = 16;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(20);
    private static readonly string[] Tables = ["event", "delivery", "attempt", "defect"];

    public static async Task RunAsync(PostgresServer server)
    {
        await using var shared = new SharedOutbox(server);
        var node = shared.Open();
        using var end = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, Lanes).Select(lane => DeliverAsync(node, NameOf(lane), end.Token)).ToList();
        var pruning = PruneAsync(node, end.Token);
        Console.WriteLine($"| minute | events | {string.Join(" | ", Tables.Select(table => $"{table}, MiB"))} | dead rows |");
        Console.WriteLine($"| --- | --- | {string.Join(" | ", Tables.Select(_ => "---"))} | --- |");
        var begun = TimeProvider.System.GetTimestamp();
        var (sent, minute) = (0L, 0);
        using var ticks = new PeriodicTimer(Tick);
        while (await ticks.WaitForNextTickAsync(CancellationToken.None))
        {
            var elapsed = TimeProvider.System.GetElapsedTime(begun);
            var due = (long)(elapsed.TotalSeconds * PerSecond);
            await Task.WhenAll(Enumerable.Range(0, (int)(due - sent)).Select(_ => node.AppendAsync(Event(), CancellationToken.None)));
            sent = due;
            if (elapsed.TotalMinutes < minute + 1) continue;
            await PrintAsync(server, shared.Schema, ++minute);
            if (elapsed >= Length) break;
        }

        await end.CancelAsync();
        await Task.WhenAll([.. lanes, pruning]);
    }

    private static string NameOf(int lane) => $"lane-{lane}";

    private static NewEvent Event() => SharedOutbox.NewEvent(NameOf(Random.Shared.Next(Lanes))) with
    {
        ReceivedAt = TimeProvider.System.GetUtcNow(),
    };

    private static async Task DeliverAsync(IOutbox node, string name, CancellationToken end)
    {
        var claim = await ((IClaims)node).ClaimAsync(name, CancellationToken.None);
        while (!end.IsCancellationRequested)
        {
            foreach (var delivery in (await node.ReadPendingAsync(claim, 64, CancellationToken.None)).Deliveries)
            {
                await node.StartAttemptAsync(claim, delivery.Id, TimeProvider.System.GetUtcNow());
                var outcome = Some.Outcome(delivery) with { At = TimeProvider.System.GetUtcNow(), LaneIsUnchanged = true };
                await node.RecordAsync(claim, outcome);
            }

            await Task.Delay(Tick, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task PruneAsync(IOutboxRetention node, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await RepeatAsync(node.PruneAsync);
            await RepeatAsync(node.PruneDefectsAsync);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task RepeatAsync(Func<PruneRequest, Task<PruneResult>> prune)
    {
        var request = new PruneRequest
        {
            Now = TimeProvider.System.GetUtcNow(),
            KeepDelivered = Kept,
            KeepDead = Kept,
            KeepUntouched = Kept,
        };
        while (await prune(request) is { IsDone: false } step) request = request with { After = step.After, Latest = step.Latest };
    }

    private static async Task PrintAsync(PostgresServer server, string schema, int minute)
    {
        var stored = (long)(await server.QueryAsync($"SELECT count(*) FROM {schema}.event"))!;
        var sizes = new List<string>();
        foreach (var table in Tables)
        {
            var size = (long)(await server.QueryAsync($"SELECT pg_total_relation_size('{schema}.{table}')"))!;
            sizes.Add(string.Create(CultureInfo.InvariantCulture, $"{size / 1048576.0:0.0}"));
        }

        var dead = await server.QueryAsync($"SELECT sum(n_dead_tup)::bigint FROM pg_stat_user_tables WHERE schemaname = '{schema}'");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {minute} | {stored:N0} | {string.Join(" | ", sizes)} | {dead:N0} |"));
    }
}
