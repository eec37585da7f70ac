using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>The database file and how connections to it are opened.</summary>
internal sealed class SqliteDatabase(string path)
{
    // Another program may hold the file for a moment (a backup, a sqlite3 shell). Longer than this is an error.
    private const int BusyMilliseconds = 5000;

    // A burst during a slow read can make the log very large; after the next checkpoint it is truncated to this.
    private const int LogBytes = 64 * 1024 * 1024;

    static SqliteDatabase() => DisableMutexes();

    public string Path { get; } = path;

    /// <summary>A connection that the caller disposes of.</summary>
    public SqliteConnection Connect(SqliteOpenMode mode)
    {
        // No pooling: a pooled connection would outlive the lock file. The driver repeats what is busy until its own timeout, after
        // SQLite's.
        var settings = new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}");
            KeepPlans(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that writes. The file must exist: a deleted file is not silently created again.</summary>
    public SqliteConnection ConnectToWrite()
    {
        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            Configure(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static void Configure(SqliteConnection connection)
    {
        // FULL: a commit is on disk before its caller continues. NORMAL would lose the last ones in a power failure.
        Execute(connection, $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA journal_size_limit = {LogBytes};
            """);
        SyncLog(connection);
    }

    // What the last process wrote but could not sync is on disk before a duplicate of it is confirmed.
    private static void SyncLog(SqliteConnection connection)
    {
        try
        {
            Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException error) when (SqliteErrors.IsDiskFull(error))
        {
            // A checkpoint syncs the log first. Open the database even if the disk is full.
        }
    }

    // Each connection is used by one thread at a time, so SQLite need not lock it for each call, nor count its memory under another lock.
    // Takes effect only before anything is opened.
    private static void DisableMutexes()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    // Otherwise SQLite compares each bound value with the conditions of the partial indexes, and parses the statement again for it.
    private static void KeepPlans(SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _), connection.Handle);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
