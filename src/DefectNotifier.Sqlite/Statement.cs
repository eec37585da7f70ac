using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite;

/// <summary>
/// A prepared statement that is used again and again on one connection, with its values in the order of the names. What reads rows goes through the driver; what
/// writes speaks to SQLite directly, because the driver makes a reader and a handful of objects for each row that is written.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;
    private readonly string[] _names;
    private readonly int[] _places;

    // Each way is prepared when it is first gone: what reads never writes, and a start uses few of them.
    private sqlite3_stmt? _writing;

    public Statement(SqliteConnection connection, string sql, params ReadOnlySpan<string> names)
    {
        _connection = connection;
        _names = [.. names];
        _places = new int[names.Length];
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var name in names)
            _command.Parameters.Add(new SqliteParameter { ParameterName = name });
    }

    /// <summary>Runs it and answers how many rows it changed.</summary>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Execute(values);
        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>
    /// Runs an INSERT of one row and answers the row's number, or null when it inserted none. RETURNING would say it too, for the price of a temporary table with each row.
    /// </summary>
    public long? RunForRow(params ReadOnlySpan<object?> values) => Run(values) == 0 ? null : raw.sqlite3_last_insert_rowid(_connection.Handle);

    /// <summary>Runs it and answers the first column of the first row, or null without one.</summary>
    public long? RunForNumber(params ReadOnlySpan<object?> values) => Execute(values);

    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return _command.ExecuteReader();
    }

    public void Dispose()
    {
        _writing?.Dispose();
        _command.Dispose();
    }

    // To its end, and with nothing left bound: a body of megabytes must not stay in memory until the next one comes.
    private long? Execute(ReadOnlySpan<object?> values)
    {
        var statement = _writing ??= Prepare();
        try
        {
            for (var i = 0; i < values.Length; i++)
                Check(Bind(statement, _places[i], values[i]));
            long? number = null;
            int end;
            for (end = raw.sqlite3_step(statement); end == raw.SQLITE_ROW; end = raw.sqlite3_step(statement))
                number ??= raw.sqlite3_column_type(statement, 0) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(statement, 0);
            Check(end);
            return number;
        }
        finally
        {
            // Says again what went wrong, if anything did.
            _ = raw.sqlite3_reset(statement);
            _ = raw.sqlite3_clear_bindings(statement);
        }
    }

    private sqlite3_stmt Prepare()
    {
        Check(raw.sqlite3_prepare_v3(_connection.Handle, _command.CommandText, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        for (var i = 0; i < _names.Length; i++)
            _places[i] = raw.sqlite3_bind_parameter_index(statement, _names[i]);
        return statement;
    }

    private static int Bind(sqlite3_stmt statement, int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        int number => raw.sqlite3_bind_int(statement, place, number),
        string text => raw.sqlite3_bind_text(statement, place, text),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} can't be bound.", nameof(value)),
    };

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(code, _connection.Handle);
    }
}
