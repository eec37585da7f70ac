using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Moving;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql;
using Npgsql;

namespace DefectNotifier.Postgres;

/// <summary>A table and how many rows of it were moved.</summary>
public sealed record MovedTable(string Name, long Rows);

/// <summary>
/// Moves an outbox of another engine into an empty one in PostgreSQL, with all numbers kept, in one transaction: either everything is there
/// afterwards or nothing.
/// </summary>
public static class PostgresMove
{
    // The tables that say that an outbox was used. What a node writes about itself in others is replaced.
    private const string IsUsed =
        "SELECT EXISTS (SELECT FROM {schema}.event) OR EXISTS (SELECT FROM {schema}.delivery) OR EXISTS (SELECT FROM {schema}.defect) "
        + "OR EXISTS (SELECT FROM {schema}.silence)";

    private const string LiveNodes = "SELECT string_agg(name, ', ') FROM {schema}.node WHERE expires_at > clock_timestamp()";

    // A server may limit what takes long; such a limit is for others. The file is renamed once the commit is on disk.
    private const string Unlimited =
        $"""
        SELECT set_config(s.name, '0', true) FROM pg_settings AS s
        WHERE s.name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout');
        SELECT {BulkSql.SyncCommit}
        """;

    private static readonly string SaveCounters =
        $$"""
        UPDATE {schema}.counter SET event = greatest(event, $1), delivery = greatest(delivery, $2), silence = greatest(silence, $3),
            defect = greatest(defect, $4), bytes = (SELECT coalesce(sum({{BulkSql.BytesOfEvent}}), 0)::bigint FROM {schema}.event AS e)
        WHERE id = 1
        """;

    /// <summary>Copies everything, compares both sides and commits. Blocks while it does so.</summary>
    /// <param name="from">The outbox to be moved.</param>
    /// <param name="to">Where to.</param>
    /// <param name="isDryRun">True: nothing is committed.</param>
    /// <param name="stop">Stops it; nothing is committed then.</param>
    /// <exception cref="OutboxOpenException">It is not possible; the message says why. Nothing was moved.</exception>
    public static IReadOnlyList<MovedTable> Run(OutboxTables from, PostgresOutboxOptions to, bool isDryRun, CancellationToken stop)
    {
        using var database = new PostgresDatabase(to.ConnectionString, to.Schema);
        try
        {
            using var connection = database.Connect();
            using var transaction = connection.BeginTransaction();
            var copy = new TableCopy(connection, to.Schema, from, stop);
            copy.Execute(Unlimited);
            SchemaMigration.RunWithin(connection, to.Schema, to.Migrate, database.Name);
            RequireUnused(connection, database, from);
            var moved = OutboxTables.All.Select(table => new MovedTable(table.Name, copy.Copy(table))).ToList();
            copy.Execute(
                InSchema(SaveCounters, database),
                from.ReadLastNumber("event"),
                from.ReadLastNumber("delivery"),
                from.ReadLastNumber("silence"),
                from.ReadLastNumber("defect"));
            if (!isDryRun) Commit(transaction, database, from);
            return moved;
        }
        catch (Exception error) when (from.Errors.IsOfStore(error))
        {
            throw new OutboxOpenException(
                $"The outbox {from.Name} can't be read: {from.Errors.Describe(error)}. Nothing was moved.", error);
        }
        catch (Exception error) when (PostgresErrors.Instance.IsOfStore(error))
        {
            var place = error is PostgresException { TableName: { } table } ? $" (table {table})" : "";
            throw new OutboxOpenException(
                $"The outbox {database.Name} can't be written: {PostgresErrors.Instance.Describe(error)}{place}. Nothing was moved.",
                error);
        }
    }

    private static void RequireUnused(NpgsqlConnection connection, PostgresDatabase database, OutboxTables from)
    {
        if (Read(connection, InSchema(LiveNodes, database)) is string nodes)
            throw new OutboxOpenException($"The outbox {database.Name} is in use by {nodes}. Stop all services that use it.");
        if (Read(connection, InSchema(IsUsed, database)) is not true) return;
        throw new OutboxOpenException(
            $"The outbox {database.Name} is not empty; outbox move needs an empty one. Set Outbox:Schema to another name, or, "
            + $"when an earlier move was interrupted after its commit, rename the file {from.Name}.");
    }

    private static void Commit(NpgsqlTransaction transaction, PostgresDatabase database, OutboxTables from)
    {
        try
        {
            transaction.Commit();
        }
        catch (Exception error) when (PostgresErrors.Instance.IsInDoubt(error))
        {
            throw new OutboxOpenException(
                $"The connection to {database.Name} was lost during the commit ({PostgresErrors.Instance.Describe(error)}), so it is not "
                + $"known whether the outbox {from.Name} was moved. Start the move again: if it was, the database is not empty.",
                error);
        }
    }

    private static string InSchema(string sql, PostgresDatabase database) =>
        sql.Replace("{schema}", database.Schema, StringComparison.Ordinal);

    private static object? Read(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
