using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Schema;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite;

/// <summary>
/// Verifies the structure of an outbox's file with SQLite's <c>quick_check</c>, which reads all of it. Nothing in it is changed, and
/// another process may use it meanwhile.
/// </summary>
public static class SqliteOutboxCheck
{
    private const int MaxErrors = 10;

    /// <summary>After how many of its instructions SQLite checks whether the time limit is over.</summary>
    private const int StepsBetweenLooks = 1000;

    /// <param name="path">The database file, which exists.</param>
    /// <param name="limit">The maximum time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>The damage, at most ten errors; empty: none; null: the time limit ended the check.</returns>
    /// <exception cref="OutboxOpenException">It is no outbox of this version; the message says what it is.</exception>
    public static Task<IReadOnlyList<string>?> RunAsync(
        string path, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var timeout = new CancellationTokenSource(limit, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                var errors = Run(new SqliteDatabase(Path.GetFullPath(path)), either.Token);
                cancellationToken.ThrowIfCancellationRequested();
                return errors;
            },
            cancellationToken);

    private static IReadOnlyList<string>? Run(SqliteDatabase database, CancellationToken stop)
    {
        try
        {
            using var connection = database.Connect(SqliteOpenMode.ReadOnly);
            if (!OutboxSchema.IsPresent(connection, database.Path)) return [];
            raw.sqlite3_progress_handler(connection.Handle, StepsBetweenLooks, _ => stop.IsCancellationRequested ? 1 : 0, v: null);
            using var check = new Statement(connection, $"PRAGMA quick_check({MaxErrors})");
            using var row = check.Query([]);
            var lines = new List<string>();
            while (row.Read()) lines.AddRange(row.GetString(0).Split('\n'));
            // "ok", or errors after a line that names the database.
            return [.. lines.Where(line => line != "ok" && !line.StartsWith("***", StringComparison.Ordinal)).Take(MaxErrors)];
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            return null;
        }
        catch (SqliteException error)
        {
            return [error.Message];
        }
    }
}
