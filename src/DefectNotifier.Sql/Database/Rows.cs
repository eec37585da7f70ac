using System.Text;

namespace DefectNotifier.Sql.Database;

/// <summary>The rows of a statement, one after the other. Times are unix milliseconds, durations milliseconds, booleans 0 or 1.</summary>
internal abstract class Rows : IDisposable
{
    /// <summary>Goes to the next row; false: there is none.</summary>
    public abstract bool Read();

    public abstract bool IsNull(int column);

    public abstract long GetInt64(int column);

    /// <summary>Bytes, or a text as UTF-8. Valid until the next row.</summary>
    public abstract ReadOnlySpan<byte> GetSpan(int column);

    public int GetInt32(int column) => (int)GetInt64(column);

    public long? GetInt64OrNull(int column) => IsNull(column) ? null : GetInt64(column);

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    public virtual string GetString(int column) => Encoding.UTF8.GetString(GetSpan(column));

    public string? GetStringOrNull(int column) => IsNull(column) ? null : GetString(column);

    public virtual byte[] GetBytes(int column) => GetSpan(column).ToArray();

    public Guid? GetGuidOrNull(int column) => IsNull(column) ? null : new Guid(GetSpan(column));

    public DateTimeOffset GetTime(int column) => DateTimeOffset.FromUnixTimeMilliseconds(GetInt64(column));

    public DateTimeOffset? GetTimeOrNull(int column) => IsNull(column) ? null : GetTime(column);

    public TimeSpan GetDuration(int column) => TimeSpan.FromMilliseconds(GetInt64(column));

    public TimeSpan? GetDurationOrNull(int column) => IsNull(column) ? null : GetDuration(column);

    public abstract void Dispose();
}
