using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Postgres.Sessions;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Testing.Databases;
using DefectNotifier.Tests.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DefectNotifier.Tests.Postgres;

public sealed class PostgresSessionsTests : SessionStoreContractTests
{
    private readonly string _schema = PostgresServer.CreateSchemaName();
    private readonly List<PostgresOutbox> _nodes = [];

    public PostgresSessionsTests() => Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");

    [Fact]
    public async Task Find_LoginAtAnotherNode_IsFoundAtOnce()
    {
        var (here, there) = (await OpenAsync(), await OpenAsync());
        Assert.Null(await FindAsync(there));

        await here.AddAsync(new Session("hash", "fingerprint", "anna"));

        Assert.Equal("fingerprint", await FindAsync(there));
    }

    [Fact]
    public async Task Remove_AtAnotherNode_EndsItWithinTheTimeThatAFindIsTrusted()
    {
        var (here, there) = (await OpenAsync(), await OpenAsync());
        await here.AddAsync(new Session("hash", "fingerprint", "anna"));
        Assert.NotNull(await FindAsync(here));
        Assert.NotNull(await FindAsync(there));

        await there.RemoveAsync("hash");

        Assert.Null(await FindAsync(there));
        Time.Advance(PostgresSessions.TrustedFor);
        Assert.Null(await FindAsync(here));
    }

    [Fact]
    public async Task Find_UsedAtAnotherNode_StaysValidHere()
    {
        var (here, there) = (await OpenAsync(), await OpenAsync());
        await here.AddAsync(new Session("hash", "fingerprint", "anna"));

        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(there));
        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(1));

        Assert.NotNull(await FindAsync(here));
    }

    [Fact]
    public async Task Add_AfterOthersHaveEnded_KeepsNoneOfThem()
    {
        var sessions = await OpenAsync();
        for (var number = 0; number < 3; number++) await sessions.AddAsync(new Session($"old {number}", "fingerprint", "anna"));

        Time.Advance(ISessionStore.IdleTimeout);
        await sessions.AddAsync(new Session("hash", "fingerprint", "boris"));

        var server = await PostgresServer.SharedAsync();
        Assert.Equal(1L, await server.QueryAsync($"SELECT count(*) FROM {_schema}.session"));
    }

    [Fact]
    public async Task Find_DatabaseIsAway_IsUnavailableAfterTheTrustedTimeAndThenValidAgain()
    {
        await using var server = await PostgresServer.CreateAsync(PostgresServer.Unsynced);
        await using var node = Open(server);
        await node.Sessions.AddAsync(new Session("hash", "fingerprint", "anna"));
        Assert.NotNull(await FindAsync(node.Sessions));

        await server.StopAsync();
        Time.Advance(PostgresSessions.TrustedFor - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await FindAsync(node.Sessions));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => FindAsync(node.Sessions));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => node.Sessions.RemoveAsync("hash"));
        await Assert.ThrowsAsync<OutboxUnavailableException>(
            () => node.Sessions.AddAsync(new Session("another", "fingerprint", "anna")));

        await server.StartAsync();
        Assert.NotNull(await FindAsync(node.Sessions));
    }

    // A full disk, or a lock that another node holds.
    [Fact]
    public async Task Find_UseCanNotBeWritten_IsFoundAndWrittenByALaterRequest()
    {
        var sessions = await OpenAsync();
        await sessions.AddAsync(new Session("hash", "fingerprint", "anna"));
        var server = await PostgresServer.SharedAsync();
        await server.QueryAsync($"ALTER TABLE {_schema}.session ADD CONSTRAINT unwritten CHECK (expires_at < 0) NOT VALID");

        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(5));
        Assert.NotNull(await FindAsync(sessions));
        await server.QueryAsync($"ALTER TABLE {_schema}.session DROP CONSTRAINT unwritten");
        Time.Advance(PostgresSessions.TrustedFor);
        Assert.NotNull(await FindAsync(sessions));

        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(sessions));
    }

    // It would take 0.2 s for each login.
    [Fact]
    public async Task Add_ReadsAllSessions_IsNotCompiledForIt()
    {
        await OpenAsync();
        var server = await PostgresServer.SharedAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var command = new NpgsqlCommand($"SET LOCAL search_path = {_schema}; SELECT {BulkSql.ByKeys}", connection);
        await command.ExecuteNonQueryAsync(Token);

        command.CommandText = "EXPLAIN " + SessionSql.Keep.Replace("$count", "255", StringComparison.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(Token);
        var plan = new List<string>();
        while (await rows.ReadAsync(Token)) plan.Add(rows.GetString(0));

        Assert.DoesNotContain(plan, line => line.StartsWith("JIT", StringComparison.Ordinal));
    }

    protected override async ValueTask<ISessionStore> OpenAsync()
    {
        _nodes.Add(Open(await PostgresServer.SharedAsync()));
        return _nodes[^1].Sessions;
    }

    protected override async ValueTask CloseAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    private static Task<string?> FindAsync(ISessionStore sessions) => sessions.FindAsync("hash", isUse: true, Token);

    private PostgresOutbox Open(PostgresServer server)
    {
        var options = new PostgresOutboxOptions { ConnectionString = server.ConnectionString(), Schema = _schema };
        return PostgresOutbox.Open(options, new OutboxSignals(), Time, NullLogger<PostgresOutbox>.Instance);
    }
}
