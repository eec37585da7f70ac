using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Writing;
using DefectNotifier.Sqlite.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Writing;

/// <summary>The one connection that writes.</summary>
internal sealed class SqliteWriteSession : WriteSession
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;

    public SqliteWriteSession(SqliteConnection connection)
    {
        _connection = connection;
        _statements = new SqliteStatements(connection);
        Rows = new OutboxRows(_statements);
    }

    public override IOutboxTransaction Rows { get; }

    // No claim is ever lost while a process has the file.
    public override void Begin(IReadOnlyList<WriteOperation> batch)
    {
        Rows.News.Clear();
        _statements.Run("BEGIN IMMEDIATE");
    }

    public override void Commit() => _statements.Run("COMMIT");

    /// <summary>After some errors (disk full, input/output error) SQLite has already rolled back.</summary>
    public override void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) _statements.Run("ROLLBACK");
    }

    /// <summary>Moves the log into the database and truncates it.</summary>
    public override void End() => _statements.Run("PRAGMA wal_checkpoint(TRUNCATE)");

    public override void Dispose() => _statements.Dispose();
}
