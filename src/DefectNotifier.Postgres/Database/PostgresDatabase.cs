using DefectNotifier.Outbox.Contract;
using Npgsql;

namespace DefectNotifier.Postgres.Database;

/// <summary>The database and how connections to it are opened.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    /// <summary>Enough for the writer, the readers and the background work, and for some that are being replaced.</summary>
    private const int MaxConnections = 16;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A statement that takes longer has lost its server, or waits for something that does not end by itself.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How often a connection that only waits is tried.</summary>
    private const int KeepAliveSeconds = 5;

    /// <summary>
    /// How long a server counts as one that accepts no writes without being asked again. A promoted standby must be found soon.
    /// </summary>
    private const int HostRecheckSeconds = 1;

    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">The address with the login.</param>
    /// <param name="schema">The schema of the tables.</param>
    /// <param name="isForListening">True: its connections are used once, to wait for notifications.</param>
    /// <exception cref="OutboxOpenException">The address is invalid.</exception>
    public PostgresDatabase(string connectionString, string schema, bool isForListening = false)
    {
        var (address, problem) = PostgresAddress.Read(connectionString);
        var setting = isForListening ? "Outbox:ListenConnectionString" : "Outbox:ConnectionString";
        if (address is null) throw new OutboxOpenException($"{setting} {problem}.");
        var values = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            ApplicationName = "DefectNotifier",
            Enlist = false,
            IncludeErrorDetail = false,
            // A pooler refuses what resets a session, and nothing here leaves anything in one.
            NoResetOnClose = true,
            MaxPoolSize = MaxConnections,
            Timeout = (int)ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)CommandTimeout.TotalSeconds,
            CancellationTimeout = -1,
            HostRecheckSeconds = HostRecheckSeconds,
            TcpKeepAlive = true,
        };
        var isOneOfSeveral = values.Host!.Contains(',', StringComparison.Ordinal);
        if (isForListening)
        {
            // Of a pool, another one would get a connection that still listens. With several hosts Npgsql needs a pool.
            values.Pooling = isOneOfSeveral;
            values.KeepAlive = KeepAliveSeconds;
        }

        Schema = schema;
        Dialect = new PostgresDialect(schema);
        Name = address.NameIn(schema);
        var builder = new NpgsqlSlimDataSourceBuilder(values.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        // Of several servers, the one that accepts writes: after a failover it is another one.
        _source = isOneOfSeveral
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
            : builder.Build();
    }

    public string Schema { get; }

    public PostgresDialect Dialect { get; }

    /// <summary>The channel of the notifications.</summary>
    public string Channel => Schema;

    /// <summary>What to call the outbox in a message; without user and password.</summary>
    public string Name { get; }

    /// <summary>A connection that the caller disposes of.</summary>
    public NpgsqlConnection Connect() => _source.OpenConnection();

    /// <inheritdoc cref="Connect"/>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await _source.OpenConnectionAsync(cancellationToken);

    /// <param name="limit">How long the server may take for each statement; null: the general limit.</param>
    public PostgresStatements NewStatements(TimeSpan? limit = null) => new(Connect(), Dialect, limit);

    public void Dispose() => _source.Dispose();
}
