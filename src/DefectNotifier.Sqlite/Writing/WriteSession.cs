using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sqlite.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Writing;

/// <summary>The one connection that writes. Only the writer's thread uses it.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statements _statements;

    public WriteSession(SqliteConnection connection)
    {
        _connection = connection;
        _statements = new Statements(connection);
        Rows = new OutboxRows(_statements);
    }

    /// <summary>The rows, while a transaction is open.</summary>
    public IOutboxTransaction Rows { get; }

    public void Begin()
    {
        Rows.News.Clear();
        _statements.Run("BEGIN IMMEDIATE");
    }

    public void Commit() => _statements.Run("COMMIT");

    /// <summary>Rolls an open transaction back. After some errors (disk full, input/output error) SQLite has already done so.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) _statements.Run("ROLLBACK");
    }

    /// <summary>Moves the log into the database and truncates it.</summary>
    public void Checkpoint() => _statements.Run("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose() => _statements.Dispose();
}
