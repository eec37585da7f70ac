using DefectNotifier.Testing.Databases;
using Npgsql;

namespace DefectNotifier.Tests.Databases;

public sealed class PgBouncerTests
{
    public PgBouncerTests() => Assert.SkipWhen(PgBouncer.SkipReason is not null, PgBouncer.SkipReason ?? "");

    [Fact]
    public async Task Connections_OneAfterTheOther_ShareAConnectionToTheServer()
    {
        await using var bouncer = await PgBouncer.CreateAsync(await PostgresServer.SharedAsync());
        await using var first = await OpenAsync(bouncer);
        await using var second = await OpenAsync(bouncer);

        Assert.Equal(await ProcessIdAsync(first), await ProcessIdAsync(second));
    }

    [Fact]
    public async Task Kill_ThenStart_ServesAtTheSamePort()
    {
        await using var bouncer = await PgBouncer.CreateAsync(await PostgresServer.SharedAsync());
        var port = bouncer.Port;

        await bouncer.KillAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => OpenAsync(bouncer));
        await bouncer.StartAsync();
        await bouncer.RestartAsync();
        await bouncer.WaitUntilReadyAsync();

        Assert.Equal(port, bouncer.Port);
    }

    private static async Task<NpgsqlConnection> OpenAsync(PgBouncer bouncer)
    {
        var settings = new NpgsqlConnectionStringBuilder(bouncer.ConnectionString()) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task<object?> ProcessIdAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
