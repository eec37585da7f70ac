using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sql.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>SQLite's result codes (https://sqlite.org/rescode.html) in words, without any path.</summary>
internal sealed class SqliteErrors : SqlErrors
{
    public static readonly SqliteErrors Instance = new();

    public override string Describe(Exception error) =>
        IsDiskFull(error) ? "disk full"
        : error is SqliteException sqlite ? Describe(sqlite.SqliteErrorCode)
        : error is OutboxUnavailableException ? error.Message
        : "internal error";

    /// <summary>True when the disk is full; that the index of the log (<c>-shm</c>) can't grow has a code of its own.</summary>
    public static bool IsDiskFull(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
            or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_SHMSIZE };

    public override bool IsOfStore(Exception error) => error is SqliteException;

    public override bool IsDamage(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    public override bool LeavesConnectionUsable(Exception error) =>
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
