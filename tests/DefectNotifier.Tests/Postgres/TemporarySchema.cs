using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Tests.Postgres;

/// <summary>An outbox in a schema of its own on the shared server. Dispose closes all nodes that were opened.</summary>
internal sealed class TemporarySchema : IAsyncDisposable
{
    private const string Empty =
        """
        DO $$ DECLARE one text; BEGIN
            FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' AND tablename NOT IN ('counter', 'schema_version')
            LOOP EXECUTE format('DELETE FROM {schema}.%I', one); END LOOP;
            UPDATE {schema}.counter SET event = 0, delivery = 0, silence = 0, defect = 0, bytes = 0;
        END $$
        """;

    // Deleting a few rows takes a thirtieth of the time of TRUNCATE or of creating the tables: both make files.
    private static readonly ConcurrentBag<string> Emptied = [];

    private readonly List<PostgresOutbox> _opened = [];

    private readonly bool _isNew;

    private TemporarySchema(PostgresServer server, bool isNew)
    {
        (Server, _isNew) = (server, isNew);
        Name = !isNew && Emptied.TryTake(out var name) ? name : PostgresServer.CreateSchemaName();
    }

    public PostgresServer Server { get; }

    public string Name { get; }

    /// <summary>The address at which the next nodes open the outbox; null: that of the server.</summary>
    public string? Address { get; set; }

    /// <summary>The clock of the machine on which the next nodes run.</summary>
    public TimeProvider NodeTime { get; set; } = TimeProvider.System;

    /// <summary>The digest of the configuration of the next nodes.</summary>
    public string Configuration { get; set; } = "1a2b3c4d";

    /// <summary>What the nodes log.</summary>
    public LogLines<PostgresOutbox> Log { get; } = new();

    public JumpingTime Time { get; } = new(Some.Moment);

    /// <summary>Skips the test where there is no PostgreSQL.</summary>
    /// <param name="isNew">True: its tables were never used, so the server has no statistics of them and they have no dead rows.</param>
    public static async Task<TemporarySchema> CreateAsync(bool isNew = false)
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        return new TemporarySchema(await PostgresServer.SharedAsync(), isNew);
    }

    /// <summary>Opens the outbox as a node.</summary>
    public PostgresOutbox Open(IOutboxNews? news = null, string node = "node", int pageBytes = 1024 * 1024, TimeSpan? lease = null)
    {
        var outbox = PostgresOutbox.Open(OptionsOf(node, pageBytes, lease), news ?? new OutboxSignals(), Time, Log);
        _opened.Add(outbox);
        return outbox;
    }

    public PostgresOutboxOptions OptionsOf(string node = "node", int pageBytes = 1024 * 1024, TimeSpan? lease = null)
    {
        var configuration = Configuration;
        return new PostgresOutboxOptions
        {
            ConnectionString = Address ?? Server.ConnectionString(),
            Schema = Name,
            Node = node,
            Configuration = () => configuration,
            NodeTime = NodeTime,
            PageBytes = pageBytes,
            Lease = lease ?? TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>The first column of the first row.</summary>
    public Task<object?> QueryAsync(string sql) => Server.QueryAsync(sql.Replace("{schema}", Name, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        foreach (var outbox in _opened) await outbox.DisposeAsync();
        if (_opened.Count == 0) return;
        await QueryAsync(_isNew ? "DROP SCHEMA {schema} CASCADE" : Empty);
        if (!_isNew) Emptied.Add(Name);
    }
}
