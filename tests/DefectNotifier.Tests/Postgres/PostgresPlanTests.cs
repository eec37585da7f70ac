using System.Text.Json.Nodes;
using DefectNotifier.Postgres.Database;
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

    private static readonly Dictionary<string, (string Sql, object?[] Values)> Statements = new(StringComparer.Ordinal)
    {
        ["pending"] = (ReadSql.Pending, ["lane-7", 9_000_000_000L, 64]),
        ["delivery"] = (WriteSql.FindDelivery, [Number]),
        ["deliveries"] = ($"{WriteSql.DeliveryColumns} WHERE d.id = ANY ($ids::bigint[])", [(long[])[Number, Number + 1, Number + 2]]),
        ["schedule"] = (WriteSql.FindSchedule, [Number]),
        ["first pending"] = (WriteSql.FindFirstPending, ["lane-7"]),
        ["open attempts"] = (WriteSql.FindOpenDeliveries, ["lane-7"]),
        ["unsent of a defect"] = (WriteSql.FindUnsent, [Number, "", "lane-8"]),
        ["busy destinations"] = (NewsSql.Busy, []),
        ["known events"] = (BulkSql.FindEvents, [(byte[][])[Key(Number), Key(Number + 1)]]),
        ["known defects"] = (BulkSql.FindDefects, [(long[])[Number], (string[])["WEB"], (string[])[""]]),
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
        ["oldest events"] = (WriteSql.FindOldestEvents, [0L, 256]),
        ["update deliveries"] = (
            BulkSql.UpdateDeliveries,
            [
                (long[])[Number], (int[])[1], (int[])[1], (int[])[1], (int[])[0], (int[])[0], (string?[])["ok"], (string?[])[null],
                (string?[])[null], (long?[])[1L], (byte[]?[])[null],
            ]),
        ["end attempts"] = (
            BulkSql.EndAttempts,
            [
                (long[])[Number], (int[])[1], (long?[])[1L], (string?[])["delivered"], (string?[])["ok"], (string?[])[null],
                (string?[])[null],
            ]),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var statistics in Stores.Kinds)
                foreach (var statement in Statements.Keys) cases.Add(statistics, statement);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Plan_WithAnyStatistics_ReadsLittleMoreThanItsAnswer(string statistics, string statement)
    {
        var schema = await stores.OpenAsync(statistics);
        var (sql, values) = Statements[statement];
        await using var connection = new NpgsqlConnection(schema.Server.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + new PostgresDialect(schema.Name).Of(sql), connection, transaction);
        foreach (var value in values) command.Parameters.Add(PostgresStatements.ParameterOf(value));

        var text = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        var plan = JsonNode.Parse(text)![0]!["Plan"]!;
        var answer = Math.Max(1, Math.Max(RowsOf(plan), values.OfType<int>().DefaultIfEmpty(1).Max()));
        var read = StepsOf(plan).Max(ReadBy);
        Assert.True(read <= (MaxFactor * answer) + Slack, $"A step reads {read} rows for {answer}:\n{Shorten(text)}");
    }

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
        private const string Fill =
            """
            ALTER TABLE {schema}.event SET (autovacuum_enabled = false);
            ALTER TABLE {schema}.delivery SET (autovacuum_enabled = false);
            ALTER TABLE {schema}.attempt SET (autovacuum_enabled = false);
            ALTER TABLE {schema}.defect SET (autovacuum_enabled = false);
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

        private const string MakePending = "UPDATE {schema}.delivery SET state = 0, ended_at = NULL WHERE id > {first}";
        private const string Analyse = "ANALYZE {schema}.event, {schema}.delivery, {schema}.attempt, {schema}.defect";

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
                var schema = await TemporarySchema.CreateAsync();
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
