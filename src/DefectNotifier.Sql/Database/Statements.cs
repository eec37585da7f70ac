namespace DefectNotifier.Sql.Database;

/// <summary>
/// The statements of one connection, used by one thread at a time. Texts name their parameters <c>$name</c>; values are bound in the order
/// in which a text first names them.
/// </summary>
internal abstract class Statements : IDisposable
{
    /// <summary>Runs a statement without a result. It may be sent together with later ones, but is run before them.</summary>
    public abstract void Run(string sql, params ReadOnlySpan<object?> values);

    /// <summary>Runs an INSERT of one row and returns the row's number; null when it inserted none.</summary>
    public abstract long? Insert(string sql, params ReadOnlySpan<object?> values);

    /// <summary>Runs it. Dispose of the rows before the same statement runs again.</summary>
    public abstract Rows Query(string sql, params ReadOnlySpan<object?> values);

    /// <summary>Runs several reads on one snapshot.</summary>
    public abstract T AtOnce<T>(Func<T> read);

    /// <summary>The first column of the only row.</summary>
    public long ReadNumber(string sql)
    {
        using var row = Query(sql);
        return row.Read() ? row.GetInt64(0) : throw new InvalidOperationException("The statement has no row.");
    }

    public abstract void Dispose();
}
