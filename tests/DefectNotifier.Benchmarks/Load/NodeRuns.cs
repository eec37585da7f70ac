using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>
/// The outbox on PostgreSQL beside the one in a SQLite file, without HTTP: durable appends of 64 callers, and deliveries over 64 lanes with
/// 1, 2 and 4 nodes in this process. Both sync each commit. The rows of a round are measured one after the other.
/// </summary>
internal static class NodeRuns
{
    private const int Callers = 64;
    private const int Lanes = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static async Task RunAsync()
    {
        if (PostgresServer.SkipReason is { } reason)
        {
            Console.WriteLine(reason);
            return;
        }

        await using var server = await PostgresServer.CreateAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            Console.WriteLine($"Round {round}");
            Print("appends, SQLite", await WithSqliteAsync(outbox => AppendAsync([outbox])));
            Print("appends, PostgreSQL, 1 node", await WithNodesAsync(server, 1, AppendAsync));
            Print("appends, PostgreSQL, 2 nodes", await WithNodesAsync(server, 2, AppendAsync));
            Print("appends, PostgreSQL, 4 nodes", await WithNodesAsync(server, 4, AppendAsync));
            Print("appends, PostgreSQL, each its own transaction", await AppendEachAsync(server));
            Print("deliveries, SQLite", await WithSqliteAsync(outbox => DeliverAsync([outbox])));
            Print("deliveries, PostgreSQL, 1 node", await WithNodesAsync(server, 1, DeliverAsync));
            Print("deliveries, PostgreSQL, 2 nodes", await WithNodesAsync(server, 2, DeliverAsync));
            Print("deliveries, PostgreSQL, 4 nodes", await WithNodesAsync(server, 4, DeliverAsync));
        }
    }

    private static void Print(string what, double perSecond) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-48} {perSecond,8:N0}/s"));

    private static async Task<double> WithSqliteAsync(Func<IOutbox, Task<double>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("node-benchmark-");
        try
        {
            var options = new SqliteOutboxOptions { Path = Path.Combine(folder.FullName, "outbox.db") };
            await using var outbox = SqliteOutbox.Open(
                options, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
            return await measure(outbox);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> WithNodesAsync(
        PostgresServer server, int count, Func<IReadOnlyList<IOutbox>, Task<double>> measure)
    {
        var schema = PostgresServer.CreateSchemaName();
        var nodes = new List<PostgresOutbox>();
        try
        {
            for (var number = 1; number <= count; number++)
            {
                var options = new PostgresOutboxOptions
                {
                    ConnectionString = server.ConnectionString(),
                    Schema = schema,
                    Node = $"node-{number}",
                };
                nodes.Add(PostgresOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance));
            }

            return await measure(nodes);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
            await server.QueryAsync($"DROP SCHEMA {schema} CASCADE");
        }
    }

    private static Task<double> AppendAsync(IReadOnlyList<IOutbox> nodes) => MeasureAsync(async (caller, count) =>
    {
        await nodes[caller % nodes.Count].AppendAsync(Some.NewEvent($"lane-{caller}"), CancellationToken.None);
        count();
    });

    // What a program without group commit does: the same rows in a transaction of its own for each event, on 64 connections.
    private static async Task<double> AppendEachAsync(PostgresServer server)
    {
        await server.QueryAsync("DROP TABLE IF EXISTS own_event, own_delivery");
        await server.QueryAsync(
            "CREATE TABLE own_event (seq bigserial PRIMARY KEY, id text UNIQUE, dedup_key bytea UNIQUE, decision text, body bytea)");
        await server.QueryAsync("CREATE TABLE own_delivery (id bigserial PRIMARY KEY, event_seq bigint, destination text, state int)");
        await server.QueryAsync("CREATE INDEX ON own_delivery (destination, id) WHERE state = 0");
        await using var source = NpgsqlDataSource.Create(server.ConnectionString() + ";Max Auto Prepare=20;Maximum Pool Size=80");
        return await MeasureAsync(async (caller, count) =>
        {
            var one = Some.NewEvent($"lane-{caller}");
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(
                """
                WITH added AS (INSERT INTO own_event (id, dedup_key, decision, body) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (dedup_key) DO NOTHING RETURNING seq)
                INSERT INTO own_delivery (event_seq, destination, state) SELECT seq, $5, 0 FROM added
                """,
                connection);
            command.Parameters.Add(new NpgsqlParameter { Value = one.Id });
            command.Parameters.Add(new NpgsqlParameter { Value = one.DedupKey.ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = "{\"routes\":[0]}" });
            command.Parameters.Add(new NpgsqlParameter { Value = one.Body.ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = $"lane-{caller}" });
            await command.ExecuteNonQueryAsync();
            count();
        });
    }

    private static async Task<double> DeliverAsync(IReadOnlyList<IOutbox> nodes)
    {
        const int waiting = 120_000;
        foreach (var batch in Enumerable.Range(0, waiting).Chunk(4096))
            await Task.WhenAll(batch.Select(number => nodes[0].AppendAsync(Some.NewEvent(NameOf(number)), CancellationToken.None)));
        var claims = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(
            lane => ((IClaims)nodes[lane % nodes.Count]).ClaimAsync(NameOf(lane), CancellationToken.None)));
        return await MeasureAsync(async (lane, count) =>
        {
            var (outbox, claim) = (nodes[lane % nodes.Count], claims[lane]);
            var page = (await outbox.ReadPendingAsync(claim, 64, CancellationToken.None)).Deliveries;
            if (page.Count == 0) throw new InvalidOperationException("Nothing is waiting any more.");
            await outbox.StartAttemptAsync(claim, page[0].Id, Some.Moment);
            for (var at = 0; at < page.Count; at++)
            {
                var next = at + 1 < page.Count ? new NextAttempt(page[at + 1].Id) : null;
                await outbox.RecordAsync(claim, Some.Outcome(page[at]) with { LaneIsUnchanged = true, Next = next });
                count();
            }
        });
    }

    private static string NameOf(int number) => $"lane-{number % Lanes}";

    private static async Task<double> MeasureAsync(Func<int, Action, Task> work)
    {
        var (done, begun) = (0L, TimeProvider.System.GetTimestamp());
        using var end = new CancellationTokenSource(Time, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested) await work(caller, () => Interlocked.Increment(ref done));
        })));
        return done / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }
}
