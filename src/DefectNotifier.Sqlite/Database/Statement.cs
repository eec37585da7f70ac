using System.Text;
using DefectNotifier.Sql.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite.Database;

/// <summary>
/// A prepared statement that is used again and again on one connection. Values are bound in the order in which the SQL first names them.
/// Calls SQLite without the driver, which allocates several objects for each run.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;
    private readonly SqliteRows _rows;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        _rows = new SqliteRows(this, _statement);
    }

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Run(ReadOnlySpan<object?> values)
    {
        using (var rows = Query(values)) while (rows.Read()) { }
        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>Runs it. Dispose of the rows before it runs again.</summary>
    public Rows Query(ReadOnlySpan<object?> values)
    {
        if (raw.sqlite3_bind_parameter_count(_statement) != values.Length)
            throw new ArgumentException($"The statement has {raw.sqlite3_bind_parameter_count(_statement)} parameters.", nameof(values));
        try
        {
            for (var i = 0; i < values.Length; i++) Check(Bind(_statement, i + 1, values[i]));
            return _rows;
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    public void Dispose() => _statement.Dispose();

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(code, _connection.Handle);
    }

    private static int Bind(sqlite3_stmt statement, int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        int number => raw.sqlite3_bind_int(statement, place, number),
        bool flag => raw.sqlite3_bind_int(statement, place, flag ? 1 : 0),
        DateTimeOffset time => raw.sqlite3_bind_int64(statement, place, time.ToUnixTimeMilliseconds()),
        // Rounded up, so that a wait is never shorter than intended.
        TimeSpan span => raw.sqlite3_bind_int64(statement, place, (long)Math.Ceiling(span.TotalMilliseconds)),
        // The string overload ends at a NUL character, the other one stores an empty text as NULL.
        string { Length: 0 } => raw.sqlite3_bind_text(statement, place, ""),
        string text => raw.sqlite3_bind_text(statement, place, Encoding.UTF8.GetBytes(text)),
        byte[] bytes => Bind(statement, place, bytes.AsSpan()),
        ReadOnlyMemory<byte> bytes => Bind(statement, place, bytes.Span),
        Guid id => Bind(statement, place, id.ToByteArray().AsSpan()),
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} can't be bound.", nameof(value)),
    };

    private static int Bind(sqlite3_stmt statement, int place, ReadOnlySpan<byte> bytes) =>
        bytes.Length == 0 ? raw.sqlite3_bind_zeroblob(statement, place, 0) : raw.sqlite3_bind_blob(statement, place, bytes);
}

/// <summary>The rows of a <see cref="Statement"/>; one object for all its runs.</summary>
internal sealed class SqliteRows(Statement owner, sqlite3_stmt statement) : Rows
{
    public override bool Read()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        owner.Check(code);
        return false;
    }

    public override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public override long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public override ReadOnlySpan<byte> GetSpan(int column) => raw.sqlite3_column_blob(statement, column);

    // Nothing stays bound: a body of megabytes must not stay in memory until the next one comes. Reset returns the error of the step again;
    // it was thrown already.
    public override void Dispose()
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }
}
