using DefectNotifier.Testing.Databases;
using Npgsql;

namespace DefectNotifier.Tests.Databases;

public sealed class PostgresServerTests
{
    public PostgresServerTests() => Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");

    [Fact]
    public async Task CreateDatabase_OnTheSharedServer_IsEmptyAndItsOwn()
    {
        var server = await PostgresServer.SharedAsync();

        await using var first = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await using var second = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await ExecuteAsync(first, "CREATE TABLE event (id int)");

        Assert.Equal(0L, await ScalarAsync(second, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Same(server, await PostgresServer.SharedAsync());
    }

    [Fact]
    public void CreateSchemaName_Twice_Differs() =>
        Assert.NotEqual(PostgresServer.CreateSchemaName(), PostgresServer.CreateSchemaName());

    [Fact]
    public async Task Start_AfterEachWayToEnd_KeepsWhatWasCommittedAtTheSamePort()
    {
        await using var server = await PostgresServer.CreateAsync(new Dictionary<string, string> { ["wal_level"] = "logical" });
        await server.QueryAsync("CREATE TABLE event (id int)");
        var port = server.Port;
        Func<Task>[] ends = [() => server.StopAsync(), () => server.StopAsync(StopMode.Immediate), server.KillAsync];

        foreach (var endAsync in ends)
        {
            await server.QueryAsync("INSERT INTO event VALUES (1)");
            await using var source = NpgsqlDataSource.Create(server.ConnectionString());
            await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var insert = new NpgsqlCommand("INSERT INTO event VALUES (1000)", connection, transaction);
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            await endAsync();
            await Assert.ThrowsAsync<NpgsqlException>(() => server.QueryAsync("SELECT 1"));
            await server.StartAsync();
        }

        await server.RestartAsync();
        await server.WaitUntilReadyAsync();
        Assert.Equal((port, 3L), (server.Port, await server.QueryAsync("SELECT sum(id) FROM event")));
        Assert.Equal("logical", await server.QueryAsync("SHOW wal_level"));
        Assert.Equal("on", await server.QueryAsync("SHOW fsync"));
    }

    [Fact]
    public async Task Standby_SynchronousAndPromoted_HasAllCommitsAndTakesMore()
    {
        await using var primary = await PostgresServer.CreateAsync(PostgresServer.Unsynced);
        await using var standby = await primary.StandbyAsync(isSynchronous: true);
        await primary.QueryAsync("CREATE TABLE event (id int)");
        await primary.QueryAsync("INSERT INTO event VALUES (7)");

        await primary.KillAsync();
        await standby.PromoteAsync();
        await standby.QueryAsync("INSERT INTO event VALUES (8)");

        Assert.Equal(15L, await standby.QueryAsync("SELECT sum(id) FROM event"));
    }

    [Fact]
    public async Task Create_WithAnUnknownOption_FailsWithTheLog()
    {
        var options = new Dictionary<string, string> { ["no_such_option"] = "1" };

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresServer.CreateAsync(options));

        Assert.Contains("unrecognized configuration parameter \"no_such_option\"", fault.Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
