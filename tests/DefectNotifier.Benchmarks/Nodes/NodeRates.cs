using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DefectNotifier.Benchmarks.Nodes;

/// <summary>
/// The outbox on PostgreSQL beside the one in a SQLite file, without HTTP: durable appends of 64 callers, and deliveries over 64 lanes with
/// 1, 2 and 4 nodes in this process. Both sync each commit. The rows of a round are measured one after the other.
/// </summary>
internal static class NodeRates
{
    private const int Callers = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(PostgresServer server)
    {
        // Compiled and cached by the runtime and the server before anything counts.
        await WithSqliteAsync(outbox => AppendAsync([outbox]));
        await WithNodesAsync(server, 1, AppendAsync);
        await WithNodesAsync(server, 1, DeliverAsync);
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
        await using var shared = new SharedOutbox(server);
        return await measure([.. Enumerable.Range(0, count).Select(_ => shared.Open())]);
    }

    private static Task<double> AppendAsync(IReadOnlyList<IOutbox> nodes) => MeasureAsync(async (caller, count) =>
    {
        await nodes[caller % nodes.Count].AppendAsync(SharedOutbox.NewEvent($"lane-{caller}"), CancellationToken.None);
        count();
    });

    // What a program without group commit does: the same rows in the same tables, in a transaction of its own for each event, on 64
    // connections, with prepared statements and numbers from sequences.
    private static async Task<double> AppendEachAsync(PostgresServer server)
    {
        await using var shared = new SharedOutbox(server);
        await shared.Open().AppendAsync(SharedOutbox.NewEvent("lane"), CancellationToken.None);
        var schema = shared.Schema;
        var decision = (string)(await server.QueryAsync($"SELECT decision FROM {schema}.event"))!;
        var state = (byte[])(await server.QueryAsync($"SELECT state FROM {schema}.defect"))!;
        foreach (var table in (string[])["event", "delivery", "defect"])
            await server.QueryAsync($"CREATE SEQUENCE {schema}.{table}_number START 10");
        await using var source = NpgsqlDataSource.Create(server.ConnectionString() + ";Max Auto Prepare=20;Maximum Pool Size=80");
        return await MeasureAsync(async (caller, count) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var batch = BatchOf(connection, schema, SharedOutbox.NewEvent($"lane-{caller}"), decision, state);
            await batch.ExecuteNonQueryAsync();
            count();
        });
    }

    private static NpgsqlBatch BatchOf(NpgsqlConnection connection, string schema, NewEvent one, string decision, byte[] state)
    {
        var key = one.Defect!.Value;
        return new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                CommandOf(
                    $"""
                    INSERT INTO {schema}.event (seq, id, dedup_key, source, name, project_code, subject_id, occurred_at, received_at,
                        is_unrouted, trace_parent, decision, body)
                    VALUES (nextval('{schema}.event_number'), $1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)
                    """,
                    one.Id,
                    one.DedupKey.ToArray(),
                    one.Source,
                    one.Name,
                    one.ProjectCode,
                    one.SubjectId,
                    one.OccurredAt!.Value.ToUnixTimeMilliseconds(),
                    one.ReceivedAt.ToUnixTimeMilliseconds(),
                    one.TraceParent,
                    decision,
                    one.Body.ToArray()),
                CommandOf(
                    $"""
                    INSERT INTO {schema}.delivery (id, event_seq, destination, route, kind, message_mode, broadcast, state, priority,
                        may_digest, silence_id)
                    VALUES (nextval('{schema}.delivery_number'), currval('{schema}.event_number'), $1, 0, 0, 0, 0, 0, 1, 1, 0)
                    """,
                    one.Decision.Deliveries[0].Destination),
                CommandOf(
                    $"""
                    INSERT INTO {schema}.defect (id, source, project_code, number, is_closed, touched_at, announced, state, opening)
                    VALUES (nextval('{schema}.defect_number'), $1, $2, $3, 0, $4, $5, $6, $7)
                    """,
                    key.Source,
                    key.ProjectCode,
                    key.Id,
                    one.ReceivedAt.ToUnixTimeMilliseconds(),
                    "{\"lane\":1}",
                    state,
                    one.Body.ToArray()),
            },
        };
    }

    private static NpgsqlBatchCommand CommandOf(string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    private static async Task<double> DeliverAsync(IReadOnlyList<IOutbox> nodes)
    {
        const int waiting = 120_000;
        foreach (var batch in Enumerable.Range(0, waiting).Select(SharedOutbox.NameOf).Chunk(4096))
            await Task.WhenAll(batch.Select(lane => nodes[0].AppendAsync(SharedOutbox.NewEvent(lane), CancellationToken.None)));
        var claims = await Task.WhenAll(Enumerable.Range(0, SharedOutbox.Lanes).Select(
            lane => ((IClaims)nodes[lane % nodes.Count]).ClaimAsync(SharedOutbox.NameOf(lane), CancellationToken.None)));
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
