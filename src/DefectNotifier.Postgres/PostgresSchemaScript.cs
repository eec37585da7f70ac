using DefectNotifier.Postgres.Schema;

namespace DefectNotifier.Postgres;

/// <summary>The SQL of the tables, for a database administrator who runs it in place of the service.</summary>
public static class PostgresSchemaScript
{
    /// <summary>The version that it leads to.</summary>
    public static int Version => PostgresSchema.Version;

    /// <param name="from">The version of the present tables; 0: there are none.</param>
    /// <param name="schema">The name of their schema.</param>
    public static string Of(int from, string schema) =>
        $"""
        -- The outbox of DefectNotifier: from schema {from} to {Version}.
        BEGIN;
        -- Nodes that run wait as long as this waits for a table. When it fails, run it again.
        {SchemaMigration.LimitWait}

        CREATE SCHEMA IF NOT EXISTS {schema};

        {SchemaMigration.SqlFrom(from, schema)}

        COMMIT;

        -- When the service has another login than the one that runs this:
        -- GRANT USAGE ON SCHEMA {schema} TO your_login;
        -- GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO your_login;
        """;
}
