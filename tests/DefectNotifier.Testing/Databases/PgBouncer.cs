using Npgsql;

namespace DefectNotifier.Testing.Databases;

/// <summary>
/// PgBouncer in front of a server, pooling by transaction, with its other settings at their defaults. It is killed and its folder deleted
/// when it is disposed or this process ends in any way.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    // /usr/sbin is not on every user's PATH.
    private static readonly string? Program = DatabaseProgram.Find("pgbouncer", "/usr/sbin");

    private readonly ServerFolder _folder;
    private readonly ServerProcess _process;
    private readonly PostgresServer _server;

    private PgBouncer(ServerFolder folder, PostgresServer server)
    {
        _folder = folder;
        _server = server;
        _process = new ServerProcess(folder, Program!, Configure, () => server.AnswersAtAsync(ConnectionString()));
    }

    /// <summary>Why there is no PgBouncer here; null: there is one, and PostgreSQL.</summary>
    public static string? SkipReason => PostgresServer.SkipReason
        ?? (Program is null ? "PgBouncer is not installed: there is no pgbouncer on PATH or in /usr/sbin." : null);

    public int Port => _process.Port;

    public static async Task<PgBouncer> CreateAsync(PostgresServer server)
    {
        if (SkipReason is not null) throw new InvalidOperationException(SkipReason);
        var bouncer = new PgBouncer(await ServerFolder.CreateAsync("pgbouncer-"), server);
        try
        {
            await bouncer.StartAsync();
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it after it was stopped or killed, at the same port, and waits until it serves clients.</summary>
    public Task StartAsync() => _process.StartAsync();

    /// <summary>Waits until a client gets through to the server.</summary>
    public Task WaitUntilReadyAsync() => _process.WaitUntilReadyAsync();

    /// <summary>Disconnects all clients.</summary>
    public Task StopAsync() => _process.StopAsync("TERM");

    public Task KillAsync() => _process.KillAsync();

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>The connection string of the server's database through PgBouncer.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString(database)) { Port = Port }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private string[] Configure(int port)
    {
        var server = new NpgsqlConnectionStringBuilder(_server.ConnectionString());
        var (settings, users) = (_folder.File("pgbouncer.ini"), _folder.File("users.txt"));
        File.WriteAllText(users, $"\"{server.Username}\" \"\"\n");
        File.WriteAllText(settings, $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir = {_folder.Path}
            auth_type = trust
            auth_file = {users}
            pool_mode = transaction
            """);
        return [settings];
    }
}
