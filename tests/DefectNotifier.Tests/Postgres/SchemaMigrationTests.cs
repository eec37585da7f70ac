using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;

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
