using System.Reflection;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;
using DefectNotifier.Sqlite.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>The query plans of all statements: none gets slower with the number of delivered events.</summary>
public sealed class OutboxSqlTests : IAsyncDisposable
{
    // Scans that end early or that read only what is still open, each with its reason.
    private static readonly string[] Harmless =
    [
        "SCAN delivery USING COVERING INDEX delivery_pending", // the backlog: reads the pending deliveries that it counts
        "SCAN delivery USING INDEX delivery_pending", // the events that wait: reads the pending deliveries
        "SCAN delivery USING COVERING INDEX delivery_deferred", // the number of deferred deliveries: reads what it counts
        "SCAN delivery USING COVERING INDEX delivery_failed", // the number of dead and held deliveries: reads what it counts
        "SCAN silenced", // one row for each silence that defers deliveries of a destination
        "SCAN enrichment_request USING COVERING INDEX enrichment_request_due", // the number of open requests: reads what it counts
        "SCAN p", // one row for each destination that has a backlog
        "SCAN busy", // the same, with the next delivery of each
        "SCAN now",
        "SCAN attempt USING COVERING INDEX attempt_open", // the attempts in progress: at most a few for each lane
        "SCAN attempt USING INDEX attempt_open",
        "SCAN a USING INDEX attempt_open",
        "SCAN lane", // one row for each lane, all of them wanted
        // The index contains only dead and held deliveries, and LIMIT ends the scan.
        "SCAN delivery USING COVERING INDEX delivery_kept",
        // One row each, from the start of the file.
        "SCAN pragma_page_count VIRTUAL TABLE INDEX 0:",
        "SCAN pragma_freelist_count VIRTUAL TABLE INDEX 0:",
        "SCAN pragma_page_size VIRTUAL TABLE INDEX 0:",
        "SCAN CONSTANT ROW", // no table
    ];

    /// <summary>SQLITE_STMTSTATUS_REPREPARE (https://sqlite.org/c3ref/c_stmtstatus_counter.html).</summary>
    private const int Reprepared = 5;

    private readonly TemporaryDatabase _database = new();

    public static TheoryData<string> Names => [.. Statements.Keys];

    private static Dictionary<string, string> Statements { get; } =
        ((Type[])
            [
                typeof(ReadSql), typeof(DeliverySql), typeof(DigestSql), typeof(SilenceSql), typeof(StatisticsSql), typeof(SummarySql),
                typeof(WriteSql), typeof(SpaceSql),
            ])
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .ToDictionary(constant => constant.Name, constant => (string)constant.GetValue(obj: null)!, StringComparer.Ordinal);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_OfEachStatement_ReadsOnlyWhatItNeeds(string name)
    {
        var plan = Explain(Statements[name]);

        // The newest events are read from the end of the table and LIMIT ends the scan; without a sort, the whole table is not read.
        if (name == nameof(ReadSql.NewestEvents))
            Assert.Equal(["SCAN event"], plan.Where(step => IsScan(step) || step.StartsWith("USE TEMP", StringComparison.Ordinal)));
        else
            Assert.DoesNotContain(plan, step => IsScan(step) && !Harmless.Contains(step));

        static bool IsScan(string step) => step.StartsWith("SCAN", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(ReadSql.Pending), "INDEX delivery_pending (destination=?)")]
    [InlineData(nameof(ReadSql.Requests), "INDEX enrichment_request_due (source=? AND due_at>? AND due_at<?)")]
    [InlineData(nameof(ReadSql.Repeated), "INDEX message_thread_title (destination=? AND title_key=?)")]
    [InlineData(nameof(ReadSql.NextQueue), "INDEX enrichment_request_due (source>?)")]
    [InlineData(nameof(SummarySql.AnyEvents), "INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData(nameof(SummarySql.EventsWithoutRoute), "INDEX event_unrouted (is_unrouted=? AND rowid<?)")]
    [InlineData(nameof(SummarySql.EventsInState), "INDEX delivery_kept (state=? AND event_seq<?)")]
    [InlineData(nameof(SummarySql.EventsOfSubject), "INDEX event_subject (subject_id=?)")]
    [InlineData(nameof(ReadSql.Deliveries), "INDEX delivery_event")]
    [InlineData(nameof(DeliverySql.Kept), "INDEX delivery_kept (state=? AND event_seq<?)")]
    [InlineData(nameof(DeliverySql.Waiting), "INDEX delivery_pending (destination=? AND priority=? AND id<?)")]
    [InlineData(nameof(DeliverySql.Any), "SEARCH d USING INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData(nameof(StatisticsSql.Failed), "COVERING INDEX delivery_failed")]
    [InlineData(nameof(StatisticsSql.NewestFailed), "COVERING INDEX delivery_failed (state=? AND destination=? AND event_seq=?)")]
    [InlineData(nameof(StatisticsSql.UnroutedProjects), "INDEX event_unrouted")]
    [InlineData(nameof(StatisticsSql.Recent), "INTEGER PRIMARY KEY (rowid>?)")]
    [InlineData(nameof(SilenceSql.CurrentSilences), "INDEX silence_end (ends_at>?)")]
    [InlineData(nameof(DeliverySql.OfEvent), "INDEX delivery_event (event_seq=? AND rowid<?)")]
    public void Plan_OfAHotRead_UsesItsIndexInOrder(string name, string expected)
    {
        var plan = Explain(Statements[name]);

        Assert.Contains(plan, step => step.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public void ReadPending_WithOtherValues_IsNotParsedAgain()
    {
        _database.Open();
        using var connection = new SqliteDatabase(_database.Path).Connect(SqliteOpenMode.ReadOnly);
        Assert.Equal(
            raw.SQLITE_OK, raw.sqlite3_prepare_v3(connection.Handle, ReadSql.Pending, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        using (statement)
        {
            foreach (var destination in (string[])["web-qa", "mobile", "web-qa"])
            {
                Assert.Equal(raw.SQLITE_OK, raw.sqlite3_bind_text(statement, 1, destination));
                Assert.Equal(raw.SQLITE_OK, raw.sqlite3_bind_int64(statement, 2, 1_767_603_600_000));
                Assert.Equal(raw.SQLITE_OK, raw.sqlite3_bind_int(statement, 3, 64));
                Assert.Equal(raw.SQLITE_DONE, raw.sqlite3_step(statement));
                Assert.Equal(raw.SQLITE_OK, raw.sqlite3_reset(statement));
            }

            Assert.Equal(0, raw.sqlite3_stmt_status(statement, Reprepared, 0));
        }
    }

    private List<string> Explain(string sql)
    {
        _database.Open();
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        var words = sql.Split([' ', ',', '(', ')', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in words.Where(word => word[0] == '$').Distinct())
            command.Parameters.AddWithValue(name, DBNull.Value);
        using var row = command.ExecuteReader();
        var plan = new List<string>();
        while (row.Read())
            plan.Add(row.GetString(3));
        return plan;
    }
}
