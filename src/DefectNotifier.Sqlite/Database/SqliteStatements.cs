using DefectNotifier.Sql.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>The prepared statements of one connection, by their SQL; each is prepared when it is used first.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : Statements
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public override void Run(string sql, params ReadOnlySpan<object?> values) => Get(sql).Run(values);

    public override long? Insert(string sql, params ReadOnlySpan<object?> values) =>
        Get(sql).Run(values) == 0 ? null : raw.sqlite3_last_insert_rowid(connection.Handle);

    public override Rows Query(string sql, params ReadOnlySpan<object?> values) => Get(sql).Query(values);

    public override T AtOnce<T>(Func<T> read)
    {
        Run("BEGIN");
        var result = read();
        Run("COMMIT");
        return result;
    }

    public override void Dispose()
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
