using DefectNotifier.Outbox.Contract;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>SQLite's result codes (https://sqlite.org/rescode.html) in words, without any path.</summary>
internal static class SqliteErrors
{
    public const string Damaged = "database damaged (see 'outbox check')";

    public static string Describe(Exception error) =>
        IsDiskFull(error) ? "disk full"
        : error is SqliteException sqlite ? Describe(sqlite.SqliteErrorCode)
        : error is OutboxUnavailableException ? error.Message
        : "internal error";

    /// <summary>True when the disk is full; that the index of the log (<c>-shm</c>) can't grow has a code of its own.</summary>
    public static bool IsDiskFull(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
            or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_SHMSIZE };

    /// <summary>True when the file is damaged.</summary>
    public static bool IsDamage(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    /// <summary>True when the connection can still be used after its transaction was rolled back.</summary>
    public static bool LeavesConnectionUsable(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_BUSY };

    private static string Describe(int code) => code switch
    {
        raw.SQLITE_IOERR => "disk input/output error",
        raw.SQLITE_READONLY => "read-only",
        raw.SQLITE_CORRUPT => Damaged,
        raw.SQLITE_NOTADB => "not a SQLite database",
        raw.SQLITE_CANTOPEN => "file can't be opened",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "locked by another program",
        raw.SQLITE_PERM or raw.SQLITE_AUTH => "permission denied",
        raw.SQLITE_NOMEM => "out of memory",
        raw.SQLITE_TOOBIG => "too large",
        raw.SQLITE_CONSTRAINT => "conflicts with what is stored",
        _ => $"SQLite error {code}",
    };
}
