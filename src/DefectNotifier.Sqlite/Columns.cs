using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>How values stand in columns: times as unix milliseconds, a missing one as null.</summary>
internal static class Columns
{
    public static long? ToColumn(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static long ToColumn(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds, rounded up: a wait is never shorter than it was meant.</summary>
    public static long ToColumn(this TimeSpan span) => (long)Math.Ceiling(span.TotalMilliseconds);

    public static TimeSpan GetSpan(this SqliteDataReader row, int column) => TimeSpan.FromMilliseconds(row.GetInt64(column));

    public static DateTimeOffset GetTime(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? GetTimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetTime(column);

    public static string? GetStringOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? GetInt64OrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
