using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// Brings a database to the schema of this program. The schema's version is SQLite's <c>user_version</c>: the number of migrations that have run.
/// A migration that has been released is never changed; another one is added.
/// </summary>
internal static class SchemaMigrations
{
    /// <summary>"DfNt": tells our file from another program's database.</summary>
    public const int ApplicationId = 0x44664E74;

    public static IReadOnlyList<string> All { get; } = [FirstSchema.Sql, SecondSchema.Sql, ThirdSchema.Sql, FourthSchema.Sql, FifthSchema.Sql, SixthSchema.Sql, SeventhSchema.Sql, EighthSchema.Sql];

    /// <summary>The stored version; refuses what this program must not touch, before anything was written.</summary>
    public static int ReadVersion(SqliteConnection connection, string path, int newest)
    {
        var version = ReadNumber(connection, "PRAGMA user_version");
        var applicationId = ReadNumber(connection, "PRAGMA application_id");
        var tables = ReadNumber(connection, "SELECT count(*) FROM sqlite_schema");
        if (applicationId != ApplicationId && (tables > 0 || version != 0))
            throw new OutboxOpenException($"The file {path} is a SQLite database of another program. Set Outbox:Path to another file.");
        if (version > newest)
        {
            throw new OutboxOpenException(
                $"The outbox {path} was written by a newer DefectNotifier (schema {version}, this one knows {newest}). Run that version, or set Outbox:Path to another file.");
        }

        return version;
    }

    /// <summary>Runs what is missing, each migration in a transaction of its own, so that one that fails leaves the version before it.</summary>
    public static void Run(SqliteConnection connection, int version, IReadOnlyList<string> migrations)
    {
        // A table that others refer to can only be built anew while nobody checks (https://sqlite.org/lang_altertable.html, section 7).
        // Not synced one by one: whoever is cut off here begins again from the version before, and the first commit after them syncs them all.
        Execute(connection, transaction: null, "PRAGMA foreign_keys = OFF; PRAGMA synchronous = NORMAL");
        for (; version < migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, transaction, migrations[version]);
            Execute(connection, transaction, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}");
            transaction.Commit();
        }

        Execute(connection, transaction: null, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
    }

    private static int ReadNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar());
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
