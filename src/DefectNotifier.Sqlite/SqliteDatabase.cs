using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite;

/// <summary>The database file and how connections to it are made.</summary>
internal sealed class SqliteDatabase(string path)
{
    // Another program may hold the file for a moment (a backup, a curious sqlite3 shell). Longer than this is reported.
    public const int BusyMilliseconds = 5000;

    // A burst that met a slow reader may blow up the log; after the next checkpoint it is cut back to this.
    private const int LogBytes = 64 * 1024 * 1024;

    static SqliteDatabase() => LeaveLocksOut();

    public string Path { get; } = path;

    /// <summary>Makes or checks the file, brings it to the newest schema and closes the attempts that the last process left open.</summary>
    /// <returns>The session that writes from there on, on the same connection: to close one that is the last empties the log first. And how many attempts were left open.</returns>
    public (WriteSession Session, int Interrupted) Prepare(IReadOnlyList<string> migrations, DateTimeOffset now)
    {
        var connection = Connect(SqliteOpenMode.ReadWriteCreate);
        try
        {
            var version = SchemaMigrations.ReadVersion(connection, Path, migrations.Count);
            Configure(connection);
            SchemaMigrations.Run(connection, version, migrations);
            var interrupted = CloseInterruptedAttempts(connection, now);
            return (new WriteSession(connection), interrupted);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Another session that writes. The file must be there: one that vanished is not silently begun anew.</summary>
    public WriteSession OpenWriteSession()
    {
        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            Configure(connection);
            return new WriteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ReadSession OpenReadSession()
    {
        var connection = Connect(SqliteOpenMode.ReadOnly);
        try
        {
            return new ReadSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The schema's version, read without writing anything.</summary>
    /// <exception cref="OutboxOpenException">It is not our file, or a newer version's.</exception>
    public int ReadVersion()
    {
        using var connection = Connect(SqliteOpenMode.ReadOnly);
        return SchemaMigrations.ReadVersion(connection, Path, SchemaMigrations.All.Count);
    }

    /// <summary>A connection of its own. Who calls disposes of it.</summary>
    internal SqliteConnection Connect(SqliteOpenMode mode)
    {
        // No pooling: a pooled connection would outlive the lock file. What the driver reads it repeats while busy until its own timeout, on top of SQLite's.
        var settings = new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA busy_timeout = {BusyMilliseconds}";
            command.ExecuteNonQuery();
            KeepPlans(connection);
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
        // FULL: a commit is on disk before anybody is told of it. NORMAL would lose the last ones with the power.
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA journal_size_limit = {LogBytes};
            """;
        command.ExecuteNonQuery();
        SyncLog(connection);
    }

    // What the last process wrote but could not sync is on disk before a duplicate of it is confirmed.
    private static void SyncLog(SqliteConnection connection)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            command.ExecuteNonQuery();
        }
        catch (SqliteException error) when (SqliteErrors.IsDiskFull(error))
        {
            // A checkpoint syncs the log before anything else. That the database has no room to grow is no reason not to open it.
        }
    }

    // A connection of ours is used by one thread at a time, so it need not lock itself for each call, nor count what memory it has under another lock. SQLite takes this
    // before anything is opened; where somebody was quicker, it works as it does by itself.
    private static void LeaveLocksOut()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    // Otherwise SQLite compares each value that is bound with the conditions of the partial indexes, and parses the statement anew for it.
    private static void KeepPlans(SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _), connection.Handle);

    private static int CloseInterruptedAttempts(SqliteConnection connection, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction();
        using var mark = new Statement(connection, OutboxSql.MarkInterruptedDeliveries);
        using var close = new Statement(connection, OutboxSql.CloseInterruptedAttempts, "$at", "$outcome", "$reason");
        mark.Run();
        var closed = close.Run(now.ToColumn(), SendOutcome.Ambiguous.Word(), SendReason.Interrupted.Word());
        transaction.Commit();
        return closed;
    }
}
