using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DefectNotifier.Tests.Postgres;

public sealed class SchemaMigrationTests : IAsyncLifetime
{
    // As a node of version 1 registers.
    private const string RegisterOld =
        """
        INSERT INTO {schema}.node (id, name, version, configuration, started_at, ahead, beat, expires_at)
        VALUES (7, 'old', '1', '', 0, 0, 0, clock_timestamp() + interval '5 minutes')
        """;

    private readonly string _schema = PostgresServer.CreateSchemaName();

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (PostgresServer.SkipReason is null) await QueryAsync("DROP SCHEMA IF EXISTS {schema} CASCADE");
    }

    [Fact]
    public async Task Open_TablesOfVersion1WithANodeOfThen_BothNodesWork()
    {
        await CreateFirstAsync();
        await QueryAsync(RegisterOld);

        await using var outbox = await OpenAsync();

        var roster = await outbox.ReadRosterAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["node", "old"], roster.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.Equal((long)PostgresSchema.Version, Convert.ToInt64(await QueryAsync("SELECT max(version) FROM {schema}.schema_version")));
        // The old one registers again, and goes on.
        await QueryAsync("DELETE FROM {schema}.node WHERE id = 7");
        await QueryAsync(RegisterOld);
        Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Open_MayNotMigrateOlderTables_SaysWhatToRun()
    {
        await CreateFirstAsync();

        var error = await Assert.ThrowsAsync<OutboxOpenException>(() => OpenAsync(migrate: false));

        Assert.Contains("outbox schema --from 1", error.Message, StringComparison.Ordinal);
        await QueryAsync(PostgresSchemaScript.Of(1, _schema));
        await (await OpenAsync(migrate: false)).DisposeAsync();
    }

    // A backup reads the tables until its end.
    [Fact]
    public async Task Open_WhileTheTablesAreRead_LetsOtherNodesWriteAndGoesOnAfterwards()
    {
        await using var old = await OpenAsync();
        await QueryAsync("DELETE FROM {schema}.schema_version");
        await QueryAsync("INSERT INTO {schema}.schema_version VALUES (1, 1)");
        await QueryAsync("ALTER TABLE {schema}.node RENAME COLUMN lease TO later");
        await QueryAsync("ALTER TABLE {schema}.node ALTER COLUMN later SET DEFAULT 60000");
        await using var backup = new NpgsqlConnection((await PostgresServer.SharedAsync()).ConnectionString());
        await backup.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await backup.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var read = new NpgsqlCommand($"SELECT count(*) FROM {_schema}.node", backup, transaction))
            await read.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        var opening = Task.Run(() => OpenAsync());
        await Eventually.HoldsAsync(async () => await IsWaitingAsync(), () => "the upgrade waits for the backup");
        Assert.Equal(AppendStatus.Accepted, (await old.AppendAsync(Some.NewEvent("web-qa"), CancellationToken.None)).Status);
        Assert.False(opening.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        await (await opening.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken)).DisposeAsync();
    }

    private async Task<bool> IsWaitingAsync() => (bool)(await QueryAsync(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '{schema}.node'::regclass)"))!;

    private async Task CreateFirstAsync()
    {
        await QueryAsync("CREATE SCHEMA {schema}");
        await QueryAsync(PostgresSchema.Scripts[0]);
        await QueryAsync("CREATE TABLE {schema}.schema_version (version integer PRIMARY KEY, least_program integer NOT NULL)");
        await QueryAsync("INSERT INTO {schema}.schema_version VALUES (1, 1)");
    }

    private async Task<PostgresOutbox> OpenAsync(bool migrate = true) => PostgresOutbox.Open(
        new PostgresOutboxOptions
        {
            ConnectionString = (await PostgresServer.SharedAsync()).ConnectionString(),
            Schema = _schema,
            Node = "node",
            Migrate = migrate,
        },
        new OutboxSignals(),
        new JumpingTime(Some.Moment),
        NullLogger<PostgresOutbox>.Instance);

    private async Task<object?> QueryAsync(string sql) =>
        await (await PostgresServer.SharedAsync()).QueryAsync(sql.Replace("{schema}", _schema, StringComparison.Ordinal));
}
