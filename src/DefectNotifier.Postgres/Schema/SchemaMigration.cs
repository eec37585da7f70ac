using DefectNotifier.Outbox.Contract;
using Npgsql;

namespace DefectNotifier.Postgres.Schema;

/// <summary>Brings the tables of an outbox to the version of this program, in one transaction that only one node runs at a time.</summary>
internal static class SchemaMigration
{
    /// <summary>Another node may be creating the tables.</summary>
    private const int MaxSeconds = 60;

    /// <summary>How often tables that are read are tried again, for a second each time.</summary>
    private const int MaxTries = 30;

    /// <summary>While it waits for a table, it holds the lock of the outbox, and all nodes wait for it.</summary>
    public const string LimitWait = "SET LOCAL lock_timeout = '1s';";

    /// <param name="connection">The connection.</param>
    /// <param name="schema">The schema's name.</param>
    /// <param name="mayChange">False: nothing is changed, only checked.</param>
    /// <param name="where">What to call the outbox in an error.</param>
    /// <exception cref="OutboxOpenException">
    /// The tables are of a newer program, are missing and may not be created, or can't be changed because they are read.
    /// </exception>
    public static void Run(NpgsqlConnection connection, string schema, bool mayChange, string where)
    {
        for (var tries = 1; ; tries++)
        {
            using var transaction = connection.BeginTransaction();
            try
            {
                RunWithin(connection, schema, mayChange, where);
                transaction.Commit();
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // The nodes that have waited for the lock of the outbox have it before the next try.
                transaction.Rollback();
                if (tries < MaxTries) continue;
                throw new OutboxOpenException(
                    $"The tables of the outbox {where} can't be changed while another connection reads them, such as a backup. Start "
                    + "this version when it has ended.",
                    error);
            }
        }
    }

    /// <summary>The same within the open transaction of the connection, which has the lock of the outbox from then on.</summary>
    /// <inheritdoc cref="Run"/>
    public static void RunWithin(NpgsqlConnection connection, string schema, bool mayChange, string where)
    {
        Execute(connection, $"SELECT pg_advisory_xact_lock({PostgresSchema.LockClass}, hashtext('{schema}'))");
        var version = ReadVersion(connection, schema);
        if (version.Least > PostgresSchema.Version)
        {
            throw new OutboxOpenException(
                $"The outbox {where} was changed by a newer DefectNotifier (schema {version.Present}, this one knows "
                + $"{PostgresSchema.Version}). Run that version.");
        }

        if (version.Present >= PostgresSchema.Version) return;
        if (!mayChange)
        {
            throw new OutboxOpenException(
                version.Present == 0
                    ? $"The outbox {where} does not exist yet. A service with Outbox:Migrate true creates it when it starts; otherwise run "
                      + "the SQL that 'outbox schema' prints."
                    : $"The outbox {where} has schema {version.Present}, and this program needs {PostgresSchema.Version}. A service with "
                      + "Outbox:Migrate true changes it when it starts; otherwise run the SQL that 'outbox schema --from "
                      + $"{version.Present}' prints.");
        }

        // To create a schema needs a permission of its own, also if it exists.
        if (!Exists(connection, $"to_regnamespace('{schema}')")) Execute(connection, $"CREATE SCHEMA {schema}");
        Execute(connection, LimitWait);
        Execute(connection, SqlFrom(version.Present, schema));
    }

    /// <summary>The SQL that brings the tables of a version to that of this program; 0: there are none. The schema exists.</summary>
    public static string SqlFrom(int version, string schema)
    {
        var scripts = PostgresSchema.Scripts.Skip(version).Select(script => script.Replace("{schema}", schema, StringComparison.Ordinal));
        return string.Join("\n\n", [
            $"""
            CREATE TABLE IF NOT EXISTS {schema}.schema_version (
                version       integer PRIMARY KEY,
                -- A program that knows only lower versions stops.
                least_program integer NOT NULL
            );
            """,
            .. scripts,
            $"INSERT INTO {schema}.schema_version (version, least_program) VALUES ({PostgresSchema.Version}, 1);",
        ]);
    }

    /// <summary>The version of the tables, 0 when there are none, and the oldest program that may use them.</summary>
    public static (int Present, int Least) ReadVersion(NpgsqlConnection connection, string schema)
    {
        if (!Exists(connection, $"to_regclass('{schema}.schema_version')")) return (0, 0);
        using var command = new NpgsqlCommand(
            $"SELECT coalesce(max(version), 0), coalesce(max(least_program), 0) FROM {schema}.schema_version", connection);
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt32(1));
    }

    private static bool Exists(NpgsqlConnection connection, string name)
    {
        using var command = new NpgsqlCommand($"SELECT {name} IS NOT NULL", connection);
        return command.ExecuteScalar() is true;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = MaxSeconds };
        command.ExecuteNonQuery();
    }
}
