using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Sql;
using DefectNotifier.Sql.Database;
using Npgsql;
using NpgsqlTypes;

namespace DefectNotifier.Postgres.Moving;

/// <summary>Copies tables of another outbox into the open transaction of a connection, row by row.</summary>
internal sealed class TableCopy(NpgsqlConnection connection, string schema, OutboxTables from, CancellationToken stop)
{
    /// <summary>How long the server may take for what it has received, and to begin its answer about a whole table.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    /// <summary>Copies a table in place of what the target has in it, and compares both.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="OutboxOpenException">The copy differs.</exception>
    public long Copy(StoredTable table)
    {
        var columns = ReadColumns(table);
        Execute($"DELETE FROM {schema}.{table.Name}");
        var source = Send(table, columns);
        if (source.IsSameAs(ReadBack(table, columns))) return source.Rows;
        throw new OutboxOpenException(
            $"The rows of the table {table.Name} are not the same after they were copied. Nothing was moved. Check the file with "
            + "'outbox check', and the target for triggers.");
    }

    public void Execute(string sql, params ReadOnlySpan<long> numbers)
    {
        using var command = NewCommand(sql);
        foreach (var number in numbers) command.Parameters.Add(PostgresStatements.ParameterOf(number));
        command.ExecuteNonQuery();
    }

    private RowDigest Send(StoredTable table, IReadOnlyList<Column> columns)
    {
        var names = NamesOf(columns);
        var digest = new RowDigest();
        using var rows = from.Statements.Query($"SELECT {names} FROM {table.Name} ORDER BY {table.Key}");
        using var importer = connection.BeginBinaryImport($"COPY {schema}.{table.Name} ({names}) FROM STDIN (FORMAT binary)");
        importer.Timeout = Timeout;
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            importer.StartRow();
            for (var i = 0; i < columns.Count; i++)
            {
                var value = ValueOf(rows, i, columns[i].Type);
                digest.Add(value);
                Write(importer, value, columns[i].Type);
            }

            digest.EndRow();
        }

        importer.Complete();
        return digest;
    }

    private RowDigest ReadBack(StoredTable table, IReadOnlyList<Column> columns)
    {
        var digest = new RowDigest();
        using var command = NewCommand($"SELECT {NamesOf(columns)} FROM {schema}.{table.Name}");
        using var rows = new PostgresRows(command.ExecuteReader());
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Count; i++) digest.Add(ValueOf(rows, i, columns[i].Type));
            digest.EndRow();
        }

        return digest;
    }

    private List<Column> ReadColumns(StoredTable table)
    {
        using var command = NewCommand(
            $"""
            SELECT a.attname::text, format_type(a.atttypid, NULL)
            FROM pg_attribute AS a
            WHERE a.attrelid = '{schema}.{table.Name}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """);
        using var row = command.ExecuteReader();
        var columns = new List<Column>();
        while (row.Read())
        {
            columns.Add(new Column(row.GetString(0), row.GetString(1) switch
            {
                "integer" => NpgsqlDbType.Integer,
                "bigint" => NpgsqlDbType.Bigint,
                "text" => NpgsqlDbType.Text,
                "bytea" => NpgsqlDbType.Bytea,
                var other => throw new InvalidOperationException($"A column of {table.Name} has the type {other}."),
            }));
        }

        return columns;
    }

    private NpgsqlCommand NewCommand(string sql) => new(sql, connection) { CommandTimeout = (int)Timeout.TotalSeconds };

    private static string NamesOf(IReadOnlyList<Column> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static object? ValueOf(Rows row, int column, NpgsqlDbType type) =>
        row.IsNull(column) ? null : type switch
        {
            NpgsqlDbType.Text => PostgresStatements.Storable(row.GetString(column)),
            NpgsqlDbType.Bytea => row.GetBytes(column),
            _ => row.GetInt64(column),
        };

    private static void Write(NpgsqlBinaryImporter importer, object? value, NpgsqlDbType type)
    {
        if (value is null) importer.WriteNull();
        else if (value is string text) importer.Write(text, type);
        else if (value is byte[] bytes) importer.Write(bytes, type);
        else if (type == NpgsqlDbType.Integer) importer.Write((int)(long)value, type);
        else importer.Write((long)value, type);
    }

    private readonly record struct Column(string Name, NpgsqlDbType Type);
}
