using DefectNotifier.Sqlite;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SchemaMigrationsTests : IDisposable
{
    private static readonly string[] Two = ["CREATE TABLE one (a INTEGER) STRICT", "CREATE TABLE two (b INTEGER) STRICT"];

    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=False");

    public SchemaMigrationsTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Run_NewDatabase_RunsAllAndCountsThem()
    {
        SchemaMigrations.Run(_connection, 0, Two);

        Assert.Equal(["one", "two"], Tables());
        Assert.Equal(2, SchemaMigrations.ReadVersion(_connection, "outbox.db", newest: 2));
    }

    [Fact]
    public void Run_OlderDatabase_RunsWhatIsMissing()
    {
        SchemaMigrations.Run(_connection, 0, Two[..1]);

        SchemaMigrations.Run(_connection, SchemaMigrations.ReadVersion(_connection, "outbox.db", newest: 2), Two);

        Assert.Equal(["one", "two"], Tables());
    }

    [Fact]
    public void Run_SecondOneBreaks_LeavesTheFirst()
    {
        string[] broken = [Two[0], "CREATE TABLE half (a INTEGER); CREATE TABLE one (a INTEGER)"];

        Assert.Throws<SqliteException>(() => SchemaMigrations.Run(_connection, 0, broken));

        Assert.Equal(["one"], Tables());
        Assert.Equal(1, SchemaMigrations.ReadVersion(_connection, "outbox.db", newest: 2));
    }

    [Fact]
    public void Run_FirstSchemaWithData_KeepsEverythingAndItsReferences()
    {
        SchemaMigrations.Run(_connection, 0, [FirstSchema.Sql]);
        Execute(
            """
            INSERT INTO event VALUES (1, 'e1', x'01', 'qase', 'defect.created', 'WEB', 42, NULL, 1000, x'7B7D', '{"verdicts":[],"deliveries":[]}', NULL, 0);
            INSERT INTO delivery (id, event_seq, destination, route, state, attempts, reason, ended_at) VALUES (7, 1, 'web-qa', 0, 2, 3, 'expired', 2000), (9, 1, 'mobile', 0, 0, 0, NULL, NULL);
            INSERT INTO attempt VALUES (7, 1, 1500, 2000, 'refused', 'invalid-message', 'no_text');
            """);

        SchemaMigrations.Run(_connection, 1, SchemaMigrations.All);

        Assert.Equal("7 1 web-qa 0 2 3 expired 2000 1|9 1 mobile 0 0 0   1", Ask(
            "SELECT group_concat(id || ' ' || event_seq || ' ' || destination || ' ' || route || ' ' || state || ' ' || attempts || ' ' || ifnull(reason, '') || ' ' || ifnull(ended_at, '') || ' ' || tries_from, '|') FROM delivery"));
        Assert.Equal(1L, Ask("SELECT count(*) FROM attempt JOIN delivery ON delivery.id = attempt.delivery_id"));
        Assert.Null(Ask("SELECT 1 FROM pragma_foreign_key_check"));
        Assert.Equal(1L, Ask("PRAGMA foreign_keys"));
        // An id is never given twice.
        Execute("INSERT INTO delivery (event_seq, destination, route) VALUES (1, 'billing', 0)");
        Assert.Equal(10L, Ask("SELECT max(id) FROM delivery"));
    }

    [Fact]
    public void Run_SecondSchemaWithAttempts_KeepsThemWithoutAVersion()
    {
        SchemaMigrations.Run(_connection, 0, [FirstSchema.Sql, SecondSchema.Sql]);
        Execute(
            """
            INSERT INTO event VALUES (1, 'e1', x'01', 'qase', 'defect.created', 'WEB', 42, NULL, 1000, x'7B7D', '{"verdicts":[],"deliveries":[]}', NULL, 0);
            INSERT INTO delivery (id, event_seq, destination, route) VALUES (7, 1, 'web-qa', 0);
            INSERT INTO attempt VALUES (7, 1, 1500, 2000, 'wait', 'rate-limited', NULL);
            """);

        SchemaMigrations.Run(_connection, 2, SchemaMigrations.All);

        Assert.Equal("7 1 1500 2000 wait rate-limited none", Ask(
            "SELECT delivery_id || ' ' || number || ' ' || started_at || ' ' || ended_at || ' ' || outcome || ' ' || reason || ' ' || ifnull(version, 'none') FROM attempt"));
        Execute("INSERT INTO attempt VALUES (7, 2, 2500, NULL, NULL, NULL, NULL, 'f00d', 'reply')");
    }

    [Fact]
    public void Run_FourthSchemaWithADefect_KeepsItAndWantsNothing()
    {
        SchemaMigrations.Run(_connection, 0, [FirstSchema.Sql, SecondSchema.Sql, ThirdSchema.Sql, FourthSchema.Sql]);
        Execute("INSERT INTO defect VALUES (3, 'qase', 'WEB', 42, 0, 1000, x'7B7D', x'7B7D')");

        SchemaMigrations.Run(_connection, 4, SchemaMigrations.All);

        Assert.Equal("3 qase WEB 42", Ask("SELECT id || ' ' || source || ' ' || project_code || ' ' || number FROM defect"));
        Assert.Equal(0L, Ask("SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM person)"));
    }

    [Fact]
    public void Run_SixthSchemaWithAnEvent_ItsDecisionIsStillRead()
    {
        SchemaMigrations.Run(_connection, 0, [.. SchemaMigrations.All.Take(6)]);
        Execute("INSERT INTO event (seq, id, dedup, source, name, received_at, body, decision, unrouted) VALUES (5, 'old', x'01', 'qase', 'defect.created', 1000, x'7B7D', '{\"old\":1}', 0)");

        SchemaMigrations.Run(_connection, 6, SchemaMigrations.All);

        using var command = _connection.CreateCommand();
        command.CommandText = OutboxSql.ReadEvent;
        command.Parameters.AddWithValue("$id", "old");
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        Assert.Equal("""{"old":1}""", row.GetString(8));
    }

    [Fact]
    public void Run_SeventhSchemaWithEvents_RemembersWhichHaveOldKeys()
    {
        SchemaMigrations.Run(_connection, 0, [.. SchemaMigrations.All.Take(7)]);
        Execute("INSERT INTO event (seq, id, dedup, source, name, received_at, body, decision, unrouted) VALUES (5, 'old', x'01', 'qase', 'defect.created', 1000, x'7B7D', '', 0)");

        SchemaMigrations.Run(_connection, 7, SchemaMigrations.All);

        Assert.Equal(5L, Ask("SELECT until_seq FROM hash_key"));
        Assert.Equal(1L, Ask(OutboxSql.FindEventWithHash));
        Execute("DELETE FROM event");
        Assert.Null(Ask(OutboxSql.FindEventWithHash));
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object? Ask(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private List<string> Tables()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema ORDER BY name";
        using var row = command.ExecuteReader();
        var names = new List<string>();
        while (row.Read())
            names.Add(row.GetString(0));
        return names;
    }
}
