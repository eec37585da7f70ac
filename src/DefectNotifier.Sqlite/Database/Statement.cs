using System.Text;
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

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
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
        var rows = new Rows(this, _statement);
        try
        {
            for (var i = 0; i < values.Length; i++) Check(Bind(_statement, i + 1, values[i]));
            return rows;
        }
        catch
        {
            rows.Dispose();
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

/// <summary>The rows of a <see cref="Statement"/>, one after the other.</summary>
internal readonly struct Rows(Statement owner, sqlite3_stmt statement) : IDisposable
{
    /// <summary>Goes to the next row; false: there is none.</summary>
    public bool Read()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        owner.Check(code);
        return false;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public int GetInt32(int column) => raw.sqlite3_column_int(statement, column);

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public long? GetInt64OrNull(int column) => IsNull(column) ? null : GetInt64(column);

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    public string GetString(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));

    public string? GetStringOrNull(int column) => IsNull(column) ? null : GetString(column);

    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public Guid? GetGuidOrNull(int column) => IsNull(column) ? null : new Guid(GetSpan(column));

    /// <summary>Valid until the next row.</summary>
    public ReadOnlySpan<byte> GetSpan(int column) => raw.sqlite3_column_blob(statement, column);

    public DateTimeOffset GetTime(int column) => DateTimeOffset.FromUnixTimeMilliseconds(GetInt64(column));

    public DateTimeOffset? GetTimeOrNull(int column) => IsNull(column) ? null : GetTime(column);

    public TimeSpan GetDuration(int column) => TimeSpan.FromMilliseconds(GetInt64(column));

    public TimeSpan? GetDurationOrNull(int column) => IsNull(column) ? null : GetDuration(column);

    // Nothing stays bound: a body of megabytes must not stay in memory until the next one comes. Reset returns the error of the step again;
    // it was thrown already.
    public void Dispose()
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }
}
