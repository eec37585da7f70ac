using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DefectNotifier.Tests.Postgres;

public sealed class PostgresOutboxCheckTests : IAsyncLifetime
{
    private readonly string _schema = PostgresServer.CreateSchemaName();
    private PostgresServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        _server = await PostgresServer.SharedAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task RunAsync_NoTablesYet_IsANoteAndCreatesNothing()
    {
        var check = await RunAsync();

        Assert.False(check.HasErrors);
        Assert.False(check.CanBeRead);
        Assert.Equal(["Note Outbox:Migrate"], Named(check));
        Assert.Equal(false, await QueryAsync("SELECT to_regnamespace('{0}') IS NOT NULL"));
    }

    [Fact]
    public async Task RunAsync_OutboxInUse_CanBeRead()
    {
        await using var node = Open(Options());

        var check = await RunAsync();

        Assert.True(check.CanBeRead);
        Assert.Empty(Named(check));
    }

    [Fact]
    public async Task RunAsync_LoginWithoutRights_SaysWhichAreMissing()
    {
        var login = $"user_{_schema}";
        await QueryAsync($"CREATE ROLE {login} LOGIN");
        var options = Options(values => values.Username = login);

        Assert.Equal(["Error Outbox:Migrate"], Named(await RunAsync(options)));

        await QueryAsync(PostgresSchemaScript.Of(0, _schema));
        Assert.Collection(
            (await RunAsync(options)).Findings.Where(finding => finding.Severity == OutboxSeverity.Error),
            finding => Assert.Contains("can't use the schema", finding.Message, StringComparison.Ordinal),
            finding => Assert.Contains("lacks rights on tables", finding.Message, StringComparison.Ordinal));

        await QueryAsync($"GRANT USAGE ON SCHEMA {{0}} TO {login}; GRANT SELECT ON ALL TABLES IN SCHEMA {{0}} TO {login}");
        Assert.Contains("lacks rights on tables", Message(await RunAsync(options)), StringComparison.Ordinal);

        // What 'outbox schema' prints is enough for a service that may change no table.
        await QueryAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{0}} TO {login}");
        Assert.Empty(Named(await RunAsync(options)));
        await using var node = Open(options);
        Assert.Equal(AppendStatus.Accepted, (await node.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
    }

    [Fact]
    public async Task RunAsync_SchemaOfAnAdministrator_CanBeFilledByTheLogin()
    {
        var login = $"user_{_schema}";
        await QueryAsync($"CREATE ROLE {login} LOGIN; CREATE SCHEMA {{0}} AUTHORIZATION {login}");
        var options = Options(values => values.Username = login);

        Assert.Equal(["Note Outbox:Migrate"], Named(await RunAsync(options)));

        await using (Open(options)) { }
        Assert.Empty(Named(await RunAsync(options)));
    }

    [Fact]
    public async Task RunAsync_OtherClock_IsAnError()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow().AddMinutes(6));

        Assert.Equal(["Note Outbox:Migrate", "Error Outbox:ConnectionString"], Named(await RunAsync(time: time)));
    }

    [Fact]
    public async Task RunAsync_Pooler_NotificationsDoNotArriveExceptByTheirOwnAddress()
    {
        Assert.SkipWhen(PgBouncer.SkipReason is not null, PgBouncer.SkipReason ?? "");
        await using var pooler = await PgBouncer.CreateAsync(_server!);
        var options = new PostgresOutboxOptions { ConnectionString = pooler.ConnectionString(), Schema = _schema };
        var direct = new PostgresOutboxOptions
        {
            ConnectionString = pooler.ConnectionString(),
            ListenConnectionString = _server!.ConnectionString(),
            Schema = _schema,
        };

        Assert.Equal(["Note Outbox:Migrate", "Note Outbox:ListenConnectionString"], Named(await RunAsync(options)));
        Assert.Equal(["Note Outbox:Migrate"], Named(await RunAsync(direct)));
    }

    [Fact]
    public async Task RunAsync_ListenAddressFails_IsAWarningWithoutTheSecret()
    {
        var options = new PostgresOutboxOptions
        {
            ConnectionString = _server!.ConnectionString(),
            ListenConnectionString = "Host=127.0.0.1;Port=9;Database=postgres;Username=u;Password=secret-word",
            Schema = _schema,
        };

        var check = await RunAsync(options);

        Assert.Equal(["Note Outbox:Migrate", "Warning Outbox:ListenConnectionString"], Named(check));
        Assert.DoesNotContain("secret-word", string.Concat(check.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Standbys_AreAWarningUnlessSynchronous()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var standby = await server.StandbyAsync();
        var options = new PostgresOutboxOptions { ConnectionString = server.ConnectionString(), Schema = _schema };

        Assert.Contains("asynchronous", string.Concat((await RunAsync(options)).Findings), StringComparison.Ordinal);
        Assert.Equal(["Error Outbox:ConnectionString", "Error Outbox:Migrate"], Named(await RunAsync(
            new PostgresOutboxOptions { ConnectionString = standby.ConnectionString(), Schema = _schema, Migrate = false })));

        await server.QueryAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await server.QueryAsync("SELECT pg_reload_conf()");
        await Eventually.HoldsAsync(
            async () => (await RunAsync(options)).Findings.All(finding => finding.Severity == OutboxSeverity.Note),
            () => "It is still a warning.");
    }

    [Fact]
    public async Task RunAsync_NoServer_SaysWhere()
    {
        var options = new PostgresOutboxOptions { ConnectionString = "Host=127.0.0.1;Port=9;Database=defects;Password=secret-word" };

        var error = await Assert.ThrowsAsync<OutboxOpenException>(() => RunAsync(options));

        Assert.Contains("127.0.0.1:9/defects, schema defect_notifier", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_ServerDoesNotSyncCommits_IsSyncedAllTheSame()
    {
        var database = new NpgsqlConnectionStringBuilder(await _server!.CreateDatabaseAsync());
        await _server.QueryAsync($"ALTER DATABASE {database.Database} SET synchronous_commit = off");
        var options = new PostgresOutboxOptions { ConnectionString = database.ConnectionString, Schema = "defects" };
        Assert.Contains("synchronous_commit is off", string.Concat((await RunAsync(options)).Findings), StringComparison.Ordinal);
        await using var node = Open(options);
        await _server.QueryAsync(
            """
            CREATE TABLE seen (value text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
            CREATE TRIGGER see BEFORE INSERT ON defects.event FOR EACH ROW EXECUTE FUNCTION see()
            """,
            database.Database!);

        await node.AppendAsync(Some.NewEvent(), Token);

        Assert.Equal("on", await _server.QueryAsync("SELECT value FROM seen", database.Database!));
    }

    // The shared server does not sync, which is a finding of its own.
    private static IEnumerable<string> Named(OutboxCheck check) =>
        check.Findings.Where(finding => !finding.Message.Contains("fsync", StringComparison.Ordinal))
            .Select(finding => $"{finding.Severity} {finding.Setting}");

    private static string Message(OutboxCheck check) =>
        Assert.Single(check.Findings, finding => finding.Severity == OutboxSeverity.Error).Message;

    private static PostgresOutbox Open(PostgresOutboxOptions options) =>
        PostgresOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance);

    private Task<OutboxCheck> RunAsync(PostgresOutboxOptions? options = null, TimeProvider? time = null) =>
        PostgresOutboxCheck.RunAsync(options ?? Options(), time ?? TimeProvider.System, Token);

    private PostgresOutboxOptions Options(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var values = new NpgsqlConnectionStringBuilder(_server!.ConnectionString());
        change?.Invoke(values);
        return new PostgresOutboxOptions { ConnectionString = values.ConnectionString, Schema = _schema };
    }

    private Task<object?> QueryAsync(string sql) => _server!.QueryAsync(sql.Replace("{0}", _schema, StringComparison.Ordinal));
}
