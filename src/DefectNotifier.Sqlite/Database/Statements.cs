using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>
/// The prepared statements of one connection, by their SQL; each is prepared when it is used first. Used by one thread at a time.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> values) => Get(sql).Run(values);

    /// <summary>Runs an INSERT of one row and returns the row's number; null when it inserted none.</summary>
    public long? Insert(string sql, params ReadOnlySpan<object?> values) =>
        Get(sql).Run(values) == 0 ? null : raw.sqlite3_last_insert_rowid(connection.Handle);

    /// <summary>Runs it. Dispose of the rows before the same statement runs again.</summary>
    public Rows Query(string sql, params ReadOnlySpan<object?> values) => Get(sql).Query(values);

    /// <summary>The first column of the only row.</summary>
    public long ReadNumber(string sql)
    {
        using var row = Query(sql);
        return row.Read() ? row.GetInt64(0) : throw new InvalidOperationException("The statement has no row.");
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        connection.Dispose();
    }

    private Statement Get(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        return _statements[sql] = new Statement(connection, sql);
    }
}
