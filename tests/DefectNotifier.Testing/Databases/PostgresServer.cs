using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace DefectNotifier.Testing.Databases;

/// <summary>How PostgreSQL is asked to stop.</summary>
public enum StopMode
{
    /// <summary>Transactions are rolled back, clients disconnected, and everything is written.</summary>
    Fast,

    /// <summary>Like a crash: the next start recovers from the write-ahead log.</summary>
    Immediate,
}

/// <summary>
/// A PostgreSQL cluster of its own, in a temporary folder, on a free port of 127.0.0.1, without passwords. Text is sorted as in English and
/// not by bytes, as in most installations. The server is killed and the folder deleted when it is disposed or this process ends in any way.
/// </summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private const int OldestVersion = 15;

    private static readonly string? Programs = FindPrograms();

    // Each data source of a test keeps connections of its own. A killed server leaves shared memory in its folder, not in /dev/shm.
    private static readonly string[] Defaults = ["max_connections = 300", "dynamic_shared_memory_type = mmap"];

    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => CreateAsync(Unsynced));

    private static int _names;

    private readonly ServerFolder _folder;
    private readonly ServerProcess _process;

    private PostgresServer(ServerFolder folder)
    {
        _folder = folder;
        _process = new ServerProcess(
            folder,
            Path.Combine(Programs!, "postgres"),
            port => ["-D", Data, "-h", "127.0.0.1", "-p", $"{port}", "-k", folder.Path],
            () => AnswersAtAsync(ConnectionString()));
    }

    /// <summary>Why there is no PostgreSQL here; null: there is one.</summary>
    public static string? SkipReason { get; } = FindSkipReason();

    /// <summary>Options for a server that does not sync to disk: faster, and safe as long as the machine does not crash.</summary>
    public static IReadOnlyDictionary<string, string> Unsynced { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["fsync"] = "off", ["full_page_writes"] = "off" };

    public int Port => _process.Port;

    /// <inheritdoc cref="ServerProcess.Log"/>
    public string Log => _process.Log;

    private string Data => _folder.File("data");

    /// <summary>
    /// The server of all tests of this process that change nothing but their own database or schema. It is started once and is
    /// <see cref="Unsynced"/>.
    /// </summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="options">Settings of postgresql.conf, such as fsync (on by default) or wal_level.</param>
    public static async Task<PostgresServer> CreateAsync(IReadOnlyDictionary<string, string>? options = null)
    {
        if (SkipReason is not null) throw new InvalidOperationException(SkipReason);
        var server = new PostgresServer(await ServerFolder.CreateAsync("postgres-"));
        try
        {
            await server.RunAsync(
                "initdb",
                ["--pgdata", server.Data, "--username", User, "--auth", "trust", "--no-sync"],
                ["--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en-US"]);
            var settings = (options ?? new Dictionary<string, string>(StringComparer.Ordinal))
                .Select(option => $"{option.Key} = {Quoted(option.Value)}");
            await File.AppendAllLinesAsync(Path.Combine(server.Data, "postgresql.conf"), Defaults.Concat(settings));
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A name that no other schema or database of this process has. Making a schema is faster than making a database.</summary>
    public static string CreateSchemaName() => $"test_{Interlocked.Increment(ref _names)}";

    /// <summary>Starts the server after it was stopped or killed, at the same port, and waits until it serves clients.</summary>
    public Task StartAsync() => _process.StartAsync();

    public Task WaitUntilReadyAsync() => _process.WaitUntilReadyAsync();

    public Task StopAsync(StopMode mode = StopMode.Fast) => _process.StopAsync(mode == StopMode.Fast ? "INT" : "QUIT");

    /// <summary>SIGKILL of the server; its other processes end by themselves.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async Task RestartAsync(StopMode mode = StopMode.Fast)
    {
        await StopAsync(mode);
        await StartAsync();
    }

    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = User, Database = database }.ConnectionString;

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = CreateSchemaName();
        await QueryAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs one statement, outside of a transaction and of a connection pool.</summary>
    /// <returns>The first column of the first row; null: no row.</returns>
    public Task<object?> QueryAsync(string sql, string database = "postgres") => QueryAtAsync(ConnectionString(database), sql);

    /// <summary>Makes a standby that receives all changes of this server and answers reading queries.</summary>
    /// <param name="isSynchronous">True: from now on each commit on this server waits until this standby has it on disk.</param>
    public async Task<PostgresServer> StandbyAsync(bool isSynchronous = false)
    {
        var name = $"standby_{Interlocked.Increment(ref _names)}";
        var standby = new PostgresServer(await ServerFolder.CreateAsync("postgres-"));
        try
        {
            // The slot keeps what a standby that is down has not received.
            await RunAsync(
                "pg_basebackup",
                ["--pgdata", standby.Data, "--write-recovery-conf", "--create-slot", "--slot", name, "--checkpoint", "fast", "--no-sync"],
                ["--dbname", $"host=127.0.0.1 port={Port} user={User} application_name={name}"]);
            await standby.StartAsync();
            await WaitForStandbyAsync(name, "state = 'streaming'");
            if (!isSynchronous) return standby;
            await ConfigureAsync("synchronous_standby_names", name);
            await WaitForStandbyAsync(name, "sync_state = 'sync'");
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes this standby a server of its own, which waits for no standby.</summary>
    public async Task PromoteAsync()
    {
        await QueryAsync("SELECT pg_promote()");
        await ConfigureAsync("synchronous_standby_names", "");
    }

    /// <summary>True when the connection string leads to this server, directly or through PgBouncer.</summary>
    internal async Task<bool> AnswersAtAsync(string connectionString)
    {
        try
        {
            return await QueryAtAsync(connectionString, "SELECT current_setting('data_directory')") is string data && data == Data;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private static string? FindPrograms()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var newestFirst = installed.OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0);
        // Debian's /usr/bin has only the clients' programs.
        return Path.GetDirectoryName(DatabaseProgram.Find("initdb", newestFirst.Select(folder => Path.Combine(folder, "bin"))));
    }

    private static string? FindSkipReason()
    {
        if (DatabaseProgram.SkipReason is { } reason) return reason;
        if (Programs is null) return "PostgreSQL is not installed: there is no initdb on PATH or in /usr/lib/postgresql/*/bin.";
        var start = new ProcessStartInfo(Path.Combine(Programs, "postgres"), ["--version"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var program = Process.Start(start)!;
        var version = program.StandardOutput.ReadToEnd().Trim();
        program.WaitForExit();
        return Version().Match(version) is { Success: true } found && int.Parse(found.Value) >= OldestVersion
            ? null
            : $"PostgreSQL {OldestVersion} or newer is needed, and {Programs} has {version}.";
    }

    private static async Task<object?> QueryAtAsync(string connectionString, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private Task RunAsync(string program, params IEnumerable<IEnumerable<string>> arguments) =>
        DatabaseProgram.RunAsync(_folder.Path, Path.Combine(Programs!, program), arguments.SelectMany(argument => argument));

    private async Task ConfigureAsync(string setting, string value)
    {
        await QueryAsync($"ALTER SYSTEM SET {setting} = {Quoted(value)}");
        await QueryAsync("SELECT pg_reload_conf()");
        await Eventually.HoldsAsync(
            async () => await QueryAsync($"SELECT current_setting({Quoted(setting)})") is string current && current == value,
            () => $"{setting} is not {value}.");
    }

    private Task WaitForStandbyAsync(string name, string condition) => Eventually.HoldsAsync(
        async () => await QueryAsync($"SELECT true FROM pg_stat_replication WHERE application_name = '{name}' AND {condition}") is true,
        () => $"{name} is not connected with {condition}.");


    [GeneratedRegex(@"\d+")]
    private static partial Regex Version();
}
