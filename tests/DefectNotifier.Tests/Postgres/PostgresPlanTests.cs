using System.Text.Json.Nodes;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.News;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;
using Npgsql;

namespace DefectNotifier.Tests.Postgres;

/// <summary>
/// What the statements of lanes, intake and lists read, with statistics that do not fit the data: PostgreSQL chooses its plans by them, and
/// they are always late.
/// </summary>
public sealed class PostgresPlanTests(PostgresPlanTests.Stores stores) : IClassFixture<PostgresPlanTests.Stores>
{
    /// <summary>No step of a plan may read more than this many times the rows of the answer.</summary>
    private const int MaxFactor = 10;

    // Not here: the events that wait. They are found by reading what is pending, as on SQLite.

    /// <summary>A page of a table or of an index is read as a whole.</summary>
    private const int Slack = 64;

    private const long Number = 15_000;

    // As many as a large batch of outcomes has.
    private static readonly long[] Ids = [.. Enumerable.Range(0, 64).Select(at => Number + at)];

    private static readonly Dictionary<string, (string Sql, object?[] Values)> Reads = new(StringComparer.Ordinal)
    {
        ["pending"] = (ReadSql.Pending, ["lane-7", 9_000_000_000L, 64]),
        ["busy destinations"] = (NewsSql.Busy, []),
        ["defect"] = (ReadSql.Defect, [Number, "WEB", ""]),
        ["event"] = (ReadSql.Event, [$"event-{Number:00000000}"]),
        ["newest events"] = (SummarySql.AnyEvents, [long.MaxValue, 64]),
        ["events of a defect"] = (SummarySql.EventsOfSubject, [Number, long.MaxValue, 64]),
        ["dead events"] = (SummarySql.EventsInState, [2, long.MaxValue, 64]),
        ["deliveries of an event"] = (ReadSql.Deliveries, [Number]),
        ["attempts"] = (ReadSql.Attempts, [Number]),
        ["newest deliveries"] = (DeliverySql.Any, [long.MaxValue, 256]),
        ["kept deliveries"] = (DeliverySql.Kept, [2, long.MaxValue, 3, -1, -1, -1, 256]),
        ["waiting deliveries"] = (DeliverySql.Waiting, ["lane-7", long.MaxValue, 256]),
        ["overdue"] = (ReadSql.Overdue, [9_000_000_000L]),
    };

    // Within a transaction that writes.
    private static readonly Dictionary<string, (string Sql, object?[] Values)> Writes = new(StringComparer.Ordinal)
    {
        ["delivery"] = (WriteSql.FindDelivery, [Number]),
        ["schedule"] = (WriteSql.FindSchedule, [Number]),
        ["first pending"] = (WriteSql.FindFirstPending, ["lane-7"]),
        ["open attempts"] = (WriteSql.FindOpenDeliveries, ["lane-7"]),
        ["unsent of a defect"] = (WriteSql.FindUnsent, [Number, "", "lane-8"]),
        ["oldest events"] = (WriteSql.FindOldestEvents, [0L, 256]),
        ["counters"] = (BulkSql.Counters, []),
        ["claims"] = (ClaimSql.Find, [Texts(at => $"lane-{at}")]),
        ["deliveries"] = (BulkSql.FindDeliveries, [Ids]),
        ["known events"] = (BulkSql.FindEvents, [Array.ConvertAll(Ids, Key)]),
        ["known defects"] = (BulkSql.FindDefects, [Ids, Texts(_ => "WEB"), Texts(_ => "")]),
        ["update deliveries"] = (
            BulkSql.UpdateDeliveries,
            [
                Ids, Numbers(1), Numbers(1), Numbers(1), Numbers(0), Numbers(0), Texts(_ => "ok"), Texts(_ => null), Texts(_ => null),
                Array.ConvertAll(Ids, id => (long?)id), Array.ConvertAll(Ids, _ => (byte[]?)null),
            ]),
        ["end attempts"] = (
            BulkSql.EndAttempts,
            [
                Ids, Numbers(1), Array.ConvertAll(Ids, id => (long?)id), Texts(_ => "delivered"), Texts(_ => "ok"), Texts(_ => null),
                Texts(_ => null),
            ]),
        ["update defects"] = (
            BulkSql.UpdateDefects,
            [
                Texts(_ => ""), Texts(_ => "WEB"), Ids, Numbers(0), Ids, Texts(_ => null), Array.ConvertAll(Ids, Key),
                Array.ConvertAll(Ids, _ => (byte[]?)null),
            ]),
        ["states of events"] = (BulkSql.FindDeliveryStates, [Ids]),
        ["subtract bytes"] = (BulkSql.SubtractBytes, [Ids]),
        ["delete attempts"] = (BulkSql.DeleteEvents[0], [Ids]),
        ["delete deliveries"] = (BulkSql.DeleteEvents[4], [Ids]),
        ["delete events"] = (BulkSql.DeleteEvents[5], [Ids]),
        ["save counters"] = (BulkSql.SaveCounters, [1L, 1L, 1L, 1L, 1L]),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var statistics in Stores.Kinds)
                foreach (var statement in Reads.Keys.Concat(Writes.Keys)) cases.Add(statistics, statement);
            return cases;
        }
    }

    public static TheoryData<string> ReadAhead => ["counters", "claims", "deliveries", "known events", "known defects"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Plan_WithAnyStatistics_ReadsLittleMoreThanItsAnswer(string statistics, string statement)
    {
        var schema = await stores.OpenAsync(statistics);
        var (sql, values) = Reads.TryGetValue(statement, out var read) ? read : Writes[statement];
        await using var connection = new NpgsqlConnection(schema.Server.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        if (Writes.ContainsKey(statement)) await RunAsync(connection, $"SELECT {BulkSql.ByKeys}");
        await using var command = new NpgsqlCommand(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + new PostgresDialect(schema.Name).Of(sql), connection, transaction);
        foreach (var value in values) command.Parameters.Add(PostgresStatements.ParameterOf(value));

        var plan = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        AssertReadsLittle(plan, values);
    }

    /// <summary>
    /// What a transaction reads ahead is prepared, and the server keeps a plan that it made long ago until it analyses a table.
    /// </summary>
    [Theory]
    [MemberData(nameof(ReadAhead))]
    public async Task Plan_KeptSinceTheTablesWereEmpty_ReadsLittleMoreThanItsAnswer(string statement)
    {
        await using var schema = await TemporarySchema.CreateAsync(isNew: true);
        await schema.Open().DisposeAsync();
        await schema.QueryAsync(Stores.Analyse);
        var (sql, values) = Writes[statement];
        await using var connection = new NpgsqlConnection(schema.Server.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync(connection, $"SELECT {BulkSql.ByKeys}");
        await RunAsync(connection, "SET LOCAL plan_cache_mode = force_generic_plan");
        await RunAsync(connection, $"PREPARE kept AS {new PostgresDialect(schema.Name).Of(sql)}");
        var kept = values.Length == 0 ? "kept" : $"kept ({string.Join(", ", values.Select(LiteralOf))})";
        await RunAsync(connection, $"EXECUTE {kept}");
        await RunAsync(connection, Stores.FillRows.Replace("{schema}", schema.Name, StringComparison.Ordinal));

        await using var command = new NpgsqlCommand($"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {kept}", connection, transaction);
        var plan = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        AssertReadsLittle(plan, values);
    }

    private static void AssertReadsLittle(string text, object?[] values)
    {
        var plan = JsonNode.Parse(text)![0]!["Plan"]!;
        var asked = values.OfType<Array>().Select(array => array.Length).DefaultIfEmpty(1).Max();
        var answer = Math.Max(asked, Math.Max(RowsOf(plan), values.OfType<int>().DefaultIfEmpty(1).Max()));
        var read = StepsOf(plan).Max(ReadBy);
        Assert.True(read <= (MaxFactor * answer) + Slack, $"A step reads {read} rows for {answer}:\n{Shorten(text)}");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    // EXECUTE takes no parameters.
    private static string LiteralOf(object? value) => value switch
    {
        long or int => $"{value}",
        string text => $"'{text}'",
        byte[] bytes => $"'\\x{Convert.ToHexString(bytes)}'::bytea",
        null => "NULL",
        System.Collections.IEnumerable many => $"ARRAY[{string.Join(", ", many.Cast<object?>().Select(LiteralOf))}]",
        _ => throw new ArgumentException($"A {value.GetType().Name} is not written.", nameof(value)),
    };

    private static string?[] Texts(Func<int, string?> text) => [.. Enumerable.Range(0, Ids.Length).Select(text)];

    private static int[] Numbers(int number) => [.. Ids.Select(_ => number)];

    private static byte[] Key(long number) => BitConverter.GetBytes(number).Reverse().ToArray();

    private static IEnumerable<JsonNode> StepsOf(JsonNode plan) =>
        (plan["Plans"]?.AsArray() ?? []).SelectMany(step => StepsOf(step!)).Prepend(plan);

    private static long RowsOf(JsonNode step) => (long)(double)step["Actual Rows"]!;

    // All rows that a step looked at: those that it returned, and those that it dropped.
    private static long ReadBy(JsonNode step)
    {
        var loops = (double)step["Actual Loops"]!;
        var dropped = ((string[])["Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"])
            .Sum(name => step[name] is { } rows ? (double)rows : 0);
        return (long)(loops * ((double)step["Actual Rows"]! + dropped));
    }

    private static string Shorten(string plan) => plan.Length < 6_000 ? plan : plan[..6_000];

    /// <summary>Outboxes with 20,000 events, made once for all tests.</summary>
    public sealed class Stores : IAsyncLifetime
    {
        public const string AnalysedEmpty = "analysed empty, then filled";
        public const string AnalysedFull = "analysed full, then drained";
        public const string NeverAnalysed = "never analysed";

        // 20,000 events with a delivery each, over 64 lanes; the statements say which are pending.
        public const string FillRows =
            """
            INSERT INTO {schema}.event (seq, id, dedup_key, source, name, project_code, subject_id, received_at, is_unrouted, decision,
                body)
            SELECT n, 'event-' || lpad(n::text, 8, '0'), int8send(n), '', 'defect.created', 'WEB', n, n, 0, '{}', '\x7b7d'
            FROM generate_series(1, 20000) AS n;
            INSERT INTO {schema}.delivery (id, event_seq, destination, route, kind, message_mode, broadcast, state, priority, may_digest,
                silence_id, reason, ended_at)
            SELECT n, n, 'lane-' || n % 64, 0, 0, 0, 0, CASE WHEN n % 1000 = 1 THEN 2 ELSE 1 END, 1, 0, 0, 'ok', n
            FROM generate_series(1, 20000) AS n;
            INSERT INTO {schema}.attempt (delivery_id, number, started_at, ended_at, outcome, reason)
            SELECT n, 1, n, n, 'delivered', 'ok' FROM generate_series(1, 20000) AS n;
            INSERT INTO {schema}.defect (id, source, project_code, number, is_closed, touched_at, state, opening)
            SELECT n, '', 'WEB', n, 0, n, '\x7b7d', '\x7b7d' FROM generate_series(1, 20000) AS n
            """;

        private const string Fill =
            $"""
            ALTER TABLE {"{schema}"}.event SET (autovacuum_enabled = false);
            ALTER TABLE {"{schema}"}.delivery SET (autovacuum_enabled = false);
            ALTER TABLE {"{schema}"}.attempt SET (autovacuum_enabled = false);
            ALTER TABLE {"{schema}"}.defect SET (autovacuum_enabled = false);
            {FillRows}
            """;

        private const string MakePending = "UPDATE {schema}.delivery SET state = 0, ended_at = NULL WHERE id > {first}";
        public const string Analyse = "ANALYZE {schema}.event, {schema}.delivery, {schema}.attempt, {schema}.defect";

        private readonly Dictionary<string, TemporarySchema> _opened = [];
        private readonly SemaphoreSlim _one = new(1, 1);

        internal static readonly string[] Kinds = [AnalysedEmpty, AnalysedFull, NeverAnalysed];

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            foreach (var schema in _opened.Values) await schema.DisposeAsync();
            _one.Dispose();
        }

        internal async Task<TemporarySchema> OpenAsync(string statistics)
        {
            await _one.WaitAsync();
            try
            {
                if (_opened.TryGetValue(statistics, out var known)) return known;
                var schema = await TemporarySchema.CreateAsync(isNew: true);
                _opened[statistics] = schema;
                await schema.Open().DisposeAsync();
                if (statistics == AnalysedEmpty) await schema.QueryAsync(Analyse);
                await schema.QueryAsync(Fill);
                if (statistics == AnalysedFull)
                {
                    // A long queue was analysed, and was then delivered.
                    await schema.QueryAsync(MakePending.Replace("{first}", "0", StringComparison.Ordinal));
                    await schema.QueryAsync(Analyse);
                    await schema.QueryAsync("UPDATE {schema}.delivery SET state = 1, ended_at = id WHERE id <= 19900");
                    await schema.QueryAsync("VACUUM {schema}.delivery");
                }
                else await schema.QueryAsync(MakePending.Replace("{first}", "10000", StringComparison.Ordinal));

                return schema;
            }
            finally
            {
                _one.Release();
            }
        }
    }
}
