using System.Text;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Sql;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using DefectNotifier.Tests.Outbox;
using DefectNotifier.Tests.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Postgres;

public sealed class PostgresMoveTests : IAsyncLifetime
{
    private readonly TemporaryDatabase _file = new();
    private readonly string _schema = PostgresServer.CreateSchemaName();
    private PostgresServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PostgresOutboxOptions Options => new() { ConnectionString = _server!.ConnectionString(), Schema = _schema };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        _server = await PostgresServer.SharedAsync();
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Run_RichOutbox_TellsTheSameStory()
    {
        string before;
        await using (var outbox = _file.Open())
        {
            await RichOutbox.FillAsync(outbox);
            before = await RichOutbox.ReadAsync(outbox);
        }

        Sql("INSERT INTO probe VALUES (1, 5)");

        var moved = Move();

        Assert.All(moved, table => Assert.True(table.Rows > 0, table.Name));
        await using var target = OpenTarget();
        Assert.Equal(before, await RichOutbox.ReadAsync(target));
        Assert.False(File.Exists(_file.Path));
        Assert.True(File.Exists(_file.Path + ".moved"));
        Assert.False(File.Exists(_file.Path + "-wal"));
        // The attempt that was under way is ended by the node that takes the lane.
        var waiting = Assert.Single(await target.ReadPendingAsync("ops", 10, Token));
        Assert.True(waiting.MayBeRepeat);
    }

    [Fact]
    public async Task Run_LaterNumbers_AreBehindThoseOfTheFile()
    {
        var known = Some.NewEvent("web-qa");
        await using (var outbox = _file.Open())
        {
            await outbox.AppendAsync(known, Token);
            await outbox.AddSilenceAsync(Some.Silence, Some.Moment);
        }

        // The last delivery and the last silence were deleted; their numbers are never used again.
        Sql("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'delivery'; UPDATE sqlite_sequence SET seq = 7 WHERE name = 'silence'");
        Move();
        await using var target = OpenTarget();

        Assert.Equal(AppendStatus.Duplicate, (await target.AppendAsync(known with { Id = "again" }, Token)).Status);
        var next = await target.AppendAsync(Some.NewEvent("web-qa"), Token);
        Assert.Equal(8, (await target.AddSilenceAsync(Some.Silence, Some.Moment))!.Id);
        var page = await target.ReadDeliveriesAsync(new DeliveryQuery { States = Enum.GetValues<DeliveryState>() }, Token);
        Assert.Equal([41, 1], page.Deliveries.Select(one => one.Id));
        Assert.Equal(2, (await target.ReadSummariesAsync(new EventSummaryQuery(), Token)).Events[0].Sequence);
        Assert.Equal(next.EventId, (await target.ReadSummariesAsync(new EventSummaryQuery(), Token)).Events[0].Id);
        // What pruning subtracts is what was counted.
        Assert.Equal(await QueryAsync("SELECT sum(length(body) + length(decision) + 1024)::bigint FROM {0}.event"),
            await target.ReadUsedBytesAsync(Token));
    }

    [Fact]
    public async Task Run_TextThatPostgreSqlRefuses_IsStoredWithReplacements()
    {
        await using (var outbox = _file.Open())
        {
            await outbox.AppendAsync(
                Some.NewEvent("web-qa") with { ProjectCode = "W\0B", Source = "a\uD800b", Body = "x\0y"u8.ToArray() }, Token);
        }

        Move();

        await using var target = OpenTarget();
        var stored = Assert.Single((await target.ReadArchiveAsync(new ArchiveQuery(), Token)).Events);
        Assert.Equal(("a\uFFFDb", "x\0y"), (stored.Source, Encoding.UTF8.GetString(stored.Body)));
        Assert.Equal("W\uFFFDB", (await target.ReadSummariesAsync(new EventSummaryQuery(), Token)).Events[0].ProjectCode);
    }

    [Fact]
    public async Task Run_DryRun_ChangesNothing()
    {
        await FillAsync();

        var moved = Move(isDryRun: true);

        Assert.Equal(3, moved.Single(table => table.Name == "event").Rows);
        Assert.Equal(false, await QueryAsync("SELECT to_regnamespace('{0}') IS NOT NULL"));
        await using var outbox = _file.Open();
        Assert.Equal(3, (await outbox.ReadPendingAsync("web-qa", 10, Token)).Count);
    }

    [Fact]
    public async Task Run_TargetWasProbedByANode_IsEmptyEnough()
    {
        await FillAsync();
        await using (var node = OpenTarget())
        {
            await node.ProbeAsync(Token);
            await node.SaveLaneAsync(new LaneState("web-qa") { Failures = 3 });
            await node.SaveClockAsync(Some.Moment.AddDays(9));
        }

        Move();

        await using var target = OpenTarget();
        Assert.Empty(await target.ReadLanesAsync(Token));
        Assert.True(await target.ReadClockAsync(Token) < Some.Moment.AddDays(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_TargetHoldsSomething_IsRefused(bool isEvent)
    {
        await FillAsync();
        await using (var node = OpenTarget())
        {
            if (isEvent) await node.AppendAsync(Some.NewEvent(), Token);
            else await node.AddSilenceAsync(Some.Silence, Some.Moment);
        }

        Refuses("is not empty");
    }

    [Fact]
    public async Task Run_NodeIsAlive_IsRefused()
    {
        await FillAsync();
        await using var node = OpenTarget();

        Refuses($"is in use by {Options.Node}");
    }

    [Fact]
    public async Task Run_TargetChangesRows_IsRefused()
    {
        await FillAsync();
        await CreateTriggerAsync("event", "NEW.name := 'other'; RETURN NEW;");

        Refuses("The rows of the table event are not the same");
    }

    [Fact]
    public async Task Run_ConnectionEndsInTheMiddle_MovesNothing()
    {
        await FillAsync();
        await CreateTriggerAsync("attempt", "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW;");

        Refuses("Nothing was moved");
        Assert.Equal(0L, await QueryAsync("SELECT count(*) FROM {0}.event"));
    }

    [Fact]
    public async Task Run_Stopped_MovesNothing()
    {
        await FillAsync();
        using var tables = SqliteOutboxFile.Open(_file.Path, _file.Time);

        Assert.ThrowsAny<OperationCanceledException>(
            () => PostgresMove.Run(tables, Options, isDryRun: false, new CancellationToken(canceled: true)));

        Assert.Equal(false, await QueryAsync("SELECT to_regnamespace('{0}') IS NOT NULL"));
    }

    [Fact]
    public async Task Run_TablesMayNotBeCreated_SaysWhatToRun()
    {
        await FillAsync();
        using var tables = SqliteOutboxFile.Open(_file.Path, _file.Time);
        var options = new PostgresOutboxOptions { ConnectionString = _server!.ConnectionString(), Schema = _schema, Migrate = false };

        var error = Assert.Throws<OutboxOpenException>(() => PostgresMove.Run(tables, options, isDryRun: false, Token));

        Assert.Contains("'outbox schema'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_OfBothEngines_HaveTheSameColumns()
    {
        await FillAsync();
        await QueryAsync(PostgresSchemaScript.Of(0, _schema));
        using var connection = _file.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT group_concat(m.name || '.' || c.name, ' ' ORDER BY m.name, c.name)
            FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            """;

        var names = string.Join(", ", OutboxTables.All.Select(table => $"'{table.Name}'"));
        Assert.Equal(
            (string)command.ExecuteScalar()!,
            await QueryAsync(
                $$"""
                SELECT string_agg(c.relname || '.' || a.attname, ' ' ORDER BY c.relname COLLATE "C", a.attname COLLATE "C")
                FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                WHERE c.relnamespace = '{0}'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND c.relname IN ({{names}})
                """));
    }

    private async Task FillAsync()
    {
        await using var outbox = _file.Open();
        for (var i = 0; i < 3; i++) await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        await outbox.StartAttemptAsync((await outbox.ReadPendingAsync("web-qa", 1, Token))[0], Some.Moment);
    }

    private IReadOnlyList<MovedTable> Move(bool isDryRun = false)
    {
        using var tables = SqliteOutboxFile.Open(_file.Path, _file.Time);
        var moved = PostgresMove.Run(tables, Options, isDryRun, Token);
        if (!isDryRun) tables.Rename();
        return moved;
    }

    // The file can still be used.
    private void Refuses(string reason)
    {
        Assert.Contains(reason, Assert.Throws<OutboxOpenException>(() => Move()).Message, StringComparison.Ordinal);
        _file.Open();
    }

    private PostgresOutbox OpenTarget() =>
        PostgresOutbox.Open(Options, new OutboxSignals(), new JumpingTime(Some.Moment), NullLogger<PostgresOutbox>.Instance);

    private void Sql(string sql)
    {
        using var connection = _file.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private Task<object?> QueryAsync(string sql) => _server!.QueryAsync(sql.Replace("{0}", _schema, StringComparison.Ordinal));

    private async Task CreateTriggerAsync(string table, string body)
    {
        await QueryAsync(PostgresSchemaScript.Of(0, _schema));
        await QueryAsync($"CREATE FUNCTION {{0}}.change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$");
        await QueryAsync($"CREATE TRIGGER change BEFORE INSERT ON {{0}}.{table} FOR EACH ROW EXECUTE FUNCTION {{0}}.change()");
    }
}
