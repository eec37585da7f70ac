using System.Net.Sockets;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Npgsql;

namespace DefectNotifier.Tests.Databases;

public sealed class DatabaseProxyTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private DatabaseProxy _proxy = null!;
    private NpgsqlDataSource _source = null!;
    private string _table = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        _server = await PostgresServer.SharedAsync();
        _proxy = new DatabaseProxy(_server.Port);
        _source = NpgsqlDataSource.Create(_proxy.ConnectionString(_server.ConnectionString()));
        _table = PostgresServer.CreateSchemaName();
        await _server.QueryAsync($"CREATE TABLE {_table} (id int)");
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Pass_AMessageLargerThanABuffer_ArrivesUnchanged()
    {
        await using var command = _source.CreateCommand("SELECT $1");
        var bytes = new byte[1_000_000];
        Random.Shared.NextBytes(bytes);
        command.Parameters.Add(new NpgsqlParameter { Value = bytes });

        Assert.Equal(bytes, await command.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task Swallow_UntilPass_HoldsAQueryBack()
    {
        await using var connection = await _source.OpenConnectionAsync(Token);

        _proxy.Swallow();
        var insert = ExecuteAsync(connection, $"INSERT INTO {_table} VALUES (1)");
        // A second connection is accepted and gets no response either.
        using var other = new TcpClient();
        await other.ConnectAsync("127.0.0.1", _proxy.Port, Token);
        Assert.False(insert.IsCompleted);
        Assert.Equal(0L, await CountAsync());

        _proxy.Pass();
        await insert;
        Assert.Equal(1L, await CountAsync());
    }

    [Fact]
    public async Task Reset_OfAllConnections_BreaksThemAndRefusesNewOnesUntilPass()
    {
        await using var connection = await _source.OpenConnectionAsync(Token);
        using var raw = new TcpClient();
        await raw.ConnectAsync("127.0.0.1", _proxy.Port, Token);
        _proxy.Swallow();
        var waiting = ExecuteAsync(connection, "SELECT 1");

        _proxy.Reset();

        await Assert.ThrowsAsync<NpgsqlException>(() => waiting);
        var reset = await Assert.ThrowsAsync<SocketException>(async () => await raw.Client.ReceiveAsync(new byte[1], Token));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        using var refused = new TcpClient();
        var fault = await Assert.ThrowsAsync<SocketException>(async () => await refused.ConnectAsync("127.0.0.1", _proxy.Port, Token));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);

        _proxy.Pass();
        await using var again = await _source.OpenConnectionAsync(Token);
        await ExecuteAsync(again, "SELECT 1");
    }

    [Fact]
    public async Task Delay_OfAQuery_DelaysTheRequestAndTheResponse()
    {
        await using var connection = await _source.OpenConnectionAsync(Token);
        var delay = TimeSpan.FromMilliseconds(100);
        _proxy.Delay(delay);

        var started = TimeProvider.System.GetTimestamp();
        await ExecuteAsync(connection, "SELECT 1");

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= 2 * delay);
    }

    [Fact]
    public async Task CutAfterCommit_TheSecondOne_IsCommittedAndTheClientDoesNotLearnIt()
    {
        _proxy.CutAfterCommit(2);
        await InsertAsync(1);

        var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => InsertAsync(2));

        Assert.IsNotType<PostgresException>(fault);
        Assert.Equal((1, 2L), (_proxy.Cuts, await CountAsync()));
        await InsertAsync(3);
        Assert.Equal((1, 3L), (_proxy.Cuts, await CountAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CutAfterCommit_InABatch_FindsTheParsedAndThePreparedStatement(bool isPrepared)
    {
        await using var connection = await _source.OpenConnectionAsync(Token);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("BEGIN"), new($"INSERT INTO {_table} VALUES (1)"), new("commit") },
        };
        if (isPrepared)
        {
            await batch.PrepareAsync(Token);
            await batch.ExecuteNonQueryAsync(Token);
        }

        _proxy.CutAfterCommit(1);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => batch.ExecuteNonQueryAsync(Token));

        Assert.Equal((1, isPrepared ? 2L : 1L), (_proxy.Cuts, await CountAsync()));
    }

    [Fact]
    public async Task CutAfterCommit_AValueWithThatText_Passes()
    {
        _proxy.CutAfterCommit(1);
        await using var connection = await _source.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand("SELECT $1 || '; COMMIT'", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = "COMMIT" });

        Assert.Equal("COMMIT; COMMIT", await command.ExecuteScalarAsync(Token));
        Assert.Equal(0, _proxy.Cuts);
    }

    [Fact]
    public async Task ServerPort_Changed_IsThatOfTheNextConnections()
    {
        _proxy.ServerPort = FreePort.Next();
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await _source.OpenConnectionAsync(Token));

        _proxy.ServerPort = _server.Port;
        await InsertAsync(1);

        Assert.Equal(1L, await CountAsync());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task InsertAsync(int id)
    {
        await using var connection = await _source.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await ExecuteAsync(connection, $"INSERT INTO {_table} VALUES ({id})");
        await transaction.CommitAsync(Token);
    }

    private Task<object?> CountAsync() => _server.QueryAsync($"SELECT count(*) FROM {_table}");
}
