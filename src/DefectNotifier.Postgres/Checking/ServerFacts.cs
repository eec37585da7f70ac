using Npgsql;

namespace DefectNotifier.Postgres.Checking;

/// <summary>What a check asks a server for.</summary>
internal sealed record ServerFacts
{
    public required string Encoding { get; init; }

    public required bool HasIcu { get; init; }

    /// <summary>Whether it is a standby, or the transactions of the login only read.</summary>
    public required bool IsReadOnly { get; init; }

    public required bool HasSchema { get; init; }

    /// <summary>Whether the login may create the schema.</summary>
    public required bool MayCreateSchema { get; init; }

    public required bool MayUseSchema { get; init; }

    /// <summary>Whether the login may create tables in the schema.</summary>
    public required bool MayCreateTables { get; init; }

    /// <summary>Whether the login may change the present tables.</summary>
    public required bool OwnsTables { get; init; }

    /// <summary>Whether the login can read and write the existing tables, and read <c>schema_version</c>.</summary>
    public required bool MayWrite { get; init; }

    public required long Standbys { get; init; }

    public required string SynchronousStandbys { get; init; }

    public required string SynchronousCommit { get; init; }

    public required bool Syncs { get; init; }

    /// <summary>The version of the tables, and the oldest that a program must know to use them; 0: there are none.</summary>
    public (int Present, int Least) Tables { get; init; }

    /// <summary>How far the clock of this machine is ahead of the server's, at least.</summary>
    public TimeSpan Ahead { get; init; }

    public static ServerFacts Read(NpgsqlConnection connection, string schema)
    {
        using var command = new NpgsqlCommand(Sql.Replace("{schema}", schema, StringComparison.Ordinal), connection);
        using var row = command.ExecuteReader();
        row.Read();
        return new ServerFacts
        {
            Encoding = row.GetString(0),
            HasIcu = row.GetBoolean(1),
            IsReadOnly = row.GetBoolean(2),
            HasSchema = row.GetBoolean(3),
            MayCreateSchema = row.GetBoolean(4),
            MayUseSchema = row.GetBoolean(5),
            MayCreateTables = row.GetBoolean(6),
            OwnsTables = row.GetBoolean(7),
            MayWrite = row.GetBoolean(8),
            Standbys = row.GetInt64(9),
            SynchronousStandbys = row.GetString(10),
            SynchronousCommit = row.GetString(11),
            Syncs = row.GetBoolean(12),
        };
    }

    // A login without special rights can count the replication connections but can't see their state. Backups and logical replication do
    // not count as standbys.
    private const string Sql =
        """
        SELECT current_setting('server_encoding'),
            EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i' AND collname LIKE '%-x-icu'),
            current_setting('transaction_read_only') = 'on',
            n.oid IS NOT NULL,
            has_database_privilege(current_database(), 'CREATE'),
            coalesce(has_schema_privilege(n.oid, 'USAGE'), false),
            coalesce(has_schema_privilege(n.oid, 'CREATE'), false),
            t.are_owned,
            t.may_write,
            (SELECT count(*) FROM pg_stat_replication AS r
                WHERE coalesce(r.state, '') <> 'backup' AND NOT EXISTS (
                    SELECT FROM pg_replication_slots AS s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')),
            current_setting('synchronous_standby_names'),
            current_setting('synchronous_commit'),
            current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
        FROM (SELECT to_regnamespace('{schema}') AS oid) AS n
        CROSS JOIN LATERAL (
            SELECT coalesce(bool_and(v OR pg_has_role(c.relowner, 'USAGE')), true) AS are_owned,
                coalesce(bool_and(has_table_privilege(c.oid, 'SELECT') AND (v OR has_table_privilege(c.oid, 'INSERT')
                    AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))), true) AS may_write
            FROM pg_class AS c CROSS JOIN LATERAL (SELECT c.relname = 'schema_version') AS is_version (v)
            WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p')) AS t
        """;
}
