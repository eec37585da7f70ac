using System.Text;
using DefectNotifier.Sql.Database;
using Npgsql;
using NpgsqlTypes;

namespace DefectNotifier.Postgres.Database;

/// <summary>
/// The statements of one connection. Those without a result are kept and sent with the next query, or with <see cref="Flush"/>, so that
/// they cost no round trip of their own.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="dialect">Writes the texts.</param>
/// <param name="limit">How long the server may take; null: as long as the connection allows.</param>
internal sealed class PostgresStatements(NpgsqlConnection connection, PostgresDialect dialect, TimeSpan? limit = null) : Statements
{
    private readonly List<NpgsqlBatchCommand> _kept = [];
    private PostgresRows? _open;
    private bool? _hasOwnSession;

    public NpgsqlConnection Connection => connection;

    // Prepared statements are state of the server's session. A pooler shares one among clients, and reports a process number of its own.
    private bool HasOwnSession => _hasOwnSession ??= ReadProcess() == connection.ProcessID;

    public override void Run(string sql, params ReadOnlySpan<object?> values) => _kept.Add(CommandOf(dialect.Of(sql), values));

    public override long? Insert(string sql, params ReadOnlySpan<object?> values) =>
        throw new NotSupportedException("Numbers are given by the transaction.");

    public override Rows Query(string sql, params ReadOnlySpan<object?> values)
    {
        _kept.Add(CommandOf(dialect.Of(sql), values));
        return _open = new PostgresRows(Execute());
    }

    /// <summary>Sends what is kept.</summary>
    /// <param name="isRepeated">See <see cref="Execute"/>.</param>
    public void Flush(bool isRepeated = false)
    {
        if (_kept.Count > 0) Execute(isRepeated).Dispose();
    }

    /// <summary>Sends what is kept; the reader is at the first statement that has rows.</summary>
    /// <param name="isRepeated">True: the same texts come again and again, so the server prepares them, where it can.</param>
    public NpgsqlDataReader Execute(bool isRepeated = false)
    {
        // A connection has one open reader: a query within the rows of another one reads those to their end first.
        _open?.ReadToEnd();
        _open = null;
        using var batch = new NpgsqlBatch(connection);
        if (limit is { } most) batch.Timeout = (int)Math.Ceiling(most.TotalSeconds);
        foreach (var command in _kept) batch.BatchCommands.Add(command);
        _kept.Clear();
        if (isRepeated && HasOwnSession) batch.Prepare();
        return batch.ExecuteReader();
    }

    /// <summary>Forgets what is kept.</summary>
    public void Forget() => _kept.Clear();

    public override T AtOnce<T>(Func<T> read)
    {
        Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        var result = read();
        Run("COMMIT");
        Flush();
        return result;
    }

    public override void Dispose() => connection.Dispose();

    /// <summary>A value as it is sent.</summary>
    public static NpgsqlParameter ParameterOf(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        long number => new NpgsqlParameter<long>(null!, number) { NpgsqlDbType = NpgsqlDbType.Bigint },
        int number => new NpgsqlParameter<int>(null!, number) { NpgsqlDbType = NpgsqlDbType.Integer },
        bool flag => new NpgsqlParameter<int>(null!, flag ? 1 : 0) { NpgsqlDbType = NpgsqlDbType.Integer },
        DateTimeOffset time => ParameterOf(time.ToUnixTimeMilliseconds()),
        TimeSpan span => ParameterOf(MillisecondsOf(span)),
        string text => new NpgsqlParameter<string>(null!, Storable(text)) { NpgsqlDbType = NpgsqlDbType.Text },
        byte[] bytes => new NpgsqlParameter<byte[]>(null!, bytes) { NpgsqlDbType = NpgsqlDbType.Bytea },
        ReadOnlyMemory<byte> bytes => new NpgsqlParameter<ReadOnlyMemory<byte>>(null!, bytes) { NpgsqlDbType = NpgsqlDbType.Bytea },
        Guid id => ParameterOf(id.ToByteArray()),
        long[] numbers => new NpgsqlParameter<long[]>(null!, numbers) { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        long?[] numbers => new NpgsqlParameter<long?[]>(null!, numbers) { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        int[] numbers => new NpgsqlParameter<int[]>(null!, numbers) { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
        string?[] texts => new NpgsqlParameter<string?[]>(null!, Array.ConvertAll(texts, text => text is null ? null : Storable(text)))
        { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        byte[]?[] values => new NpgsqlParameter<byte[]?[]>(null!, values) { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} can't be bound.", nameof(value)),
    };

    /// <summary>Rounded up, so that a wait is never shorter than intended.</summary>
    public static long MillisecondsOf(TimeSpan span) => (long)Math.Ceiling(span.TotalMilliseconds);

    /// <summary>PostgreSQL stores no NUL and no lone surrogate: U+FFFD stands in their place.</summary>
    public static string Storable(string text)
    {
        if (text.AsSpan().IndexOf('\0') < 0 && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        // The encoder replaces lone surrogates.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD')));
    }

    private int ReadProcess()
    {
        using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)command.ExecuteScalar()!;
    }

    private static NpgsqlBatchCommand CommandOf(string sql, ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(ParameterOf(value));
        return command;
    }
}

/// <summary>The rows of a query, read as they arrive.</summary>
internal sealed class PostgresRows(NpgsqlDataReader reader) : Rows
{
    // The rest of the rows, once another query was made meanwhile; the first one is the present row.
    private Queue<object[]>? _rest;
    private bool _isStarted;

    public override bool Read()
    {
        if (_rest is null) return _isStarted = reader.Read();
        if (_isStarted) _rest.TryDequeue(out _);
        _isStarted = _rest.Count > 0;
        return _isStarted;
    }

    public override bool IsNull(int column) => ValueOf(column) is DBNull;

    public override long GetInt64(int column) => ValueOf(column) switch
    {
        long number => number,
        int number => number,
        bool flag => flag ? 1 : 0,
        DBNull => 0,
        var other => throw new InvalidCastException($"Column {column} is a {other.GetType().Name}."),
    };

    public override ReadOnlySpan<byte> GetSpan(int column) => GetBytes(column);

    public override byte[] GetBytes(int column) => ValueOf(column) switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => [],
    };

    public override string GetString(int column) => (string)ValueOf(column);

    /// <summary>Reads the rest, so that the connection can be used for another query.</summary>
    public void ReadToEnd()
    {
        if (_rest is not null || reader.IsClosed) return;
        var rest = new Queue<object[]>();
        if (_isStarted) rest.Enqueue(Values());
        while (reader.Read()) rest.Enqueue(Values());
        reader.Dispose();
        _rest = rest;
    }

    public override void Dispose() => reader.Dispose();

    private object ValueOf(int column) => _rest is null ? reader.GetValue(column) : _rest.Peek()[column];

    private object[] Values()
    {
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        return values;
    }
}
