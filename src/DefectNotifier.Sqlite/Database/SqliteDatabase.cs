using DefectNotifier.Outbox.Contract;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>The database file and how connections to it are opened.</summary>
/// <param name="path">Its absolute path. When it is a symbolic link, the log and the lock are beside the file that it leads to.</param>
/// <exception cref="OutboxOpenException">It is a symbolic link to a path that does not exist.</exception>
internal sealed class SqliteDatabase(string path)
{
    public const string Moved =
        "the outbox file (Outbox:Path) or its -wal was deleted, replaced or overwritten while the service was running. What can be read is "
        + "still delivered: wait until no deliveries are waiting, stop the service, put the right file back, and start it";

    // Another program may hold the file for a moment (a backup, a sqlite3 shell). Longer than this is an error.
    private const int BusyMilliseconds = 5000;

    // A burst during a slow read can make the log very large; after the next checkpoint it is truncated to this.
    private const int LogBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();

    // The files at the time of Pin; the size is the last one.
    private FileStat? _file;
    private FileStat? _log;
    private bool _isOverwritten;
    private volatile bool _isPinned;

    static SqliteDatabase() => DisableMutexes();

    public string Path { get; } = Resolve(path);

    /// <summary>From now on connections are opened only to the present files.</summary>
    public void Pin()
    {
        (_file, _log) = (FileStat.Of(path), FileStat.Of(LogPath));
        _isPinned = true;
    }

    /// <summary>The connections are about to be closed, and the last one deletes the log.</summary>
    public void Unpin() => _isPinned = IsMoved();

    /// <summary>
    /// True when the path leads to other files than the open ones: later writes are lost when the process ends. Also when the file has
    /// become smaller, which SQLite never does here: it was emptied, or another one was copied over it.
    /// </summary>
    public bool IsMoved()
    {
        if (!_isPinned) return false;
        lock (_lock)
        {
            var file = FileStat.Of(path);
            if (!IsStill(_file, file) || !IsStill(_log, FileStat.Of(LogPath))) return true;
            // SQLite may write the missing end again, but the lost data stays lost.
            _isOverwritten |= file?.Size < _file?.Size;
            _file = file;
            return _isOverwritten;
        }
    }

    /// <summary>A connection that the caller disposes of.</summary>
    /// <exception cref="OutboxUnavailableException">It would lead to another file than the open ones.</exception>
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
            // The first read opens the log.
            Execute(connection, "PRAGMA schema_version");
            if (!IsMoved()) return connection;
        }
        catch (Exception) when (!IsMoved())
        {
            connection.Dispose();
            throw;
        }
        catch (Exception)
        {
            // It can't be opened because it no longer exists.
        }

        connection.Dispose();
        throw new OutboxUnavailableException(Moved);
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

    private string LogPath => Path + "-wal";

    private static bool IsStill(FileStat? pinned, FileStat? now) => pinned is not { } before || now?.IsSameFileAs(before) is true;

    private static string Resolve(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException(
                $"The outbox {path} can't be opened: its symbolic link can't be followed ({error.Message}).", error);
        }
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
