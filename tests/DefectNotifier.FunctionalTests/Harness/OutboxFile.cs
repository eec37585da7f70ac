using Microsoft.Data.Sqlite;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An outbox as SQLite sees it, beside the worker that uses it.</summary>
internal static class OutboxFile
{
    /// <summary>All deliveries in the order in which they were stored.</summary>
    public static IReadOnlyList<OwedMessage> ReadMessages(string path)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT d.destination, e.subject_id, e.name FROM delivery AS d JOIN event AS e ON e.seq = d.event_seq ORDER BY d.id";
        using var row = command.ExecuteReader();
        var messages = new List<OwedMessage>();
        while (row.Read()) messages.Add(new OwedMessage(row.GetString(0), row.GetInt32(1), row.GetString(2)["defect.".Length..]));
        return messages;
    }

    /// <summary>How many attempts ended with a reason.</summary>
    public static int CountAttempts(string path, string reason) => ReadNumber(path, $"SELECT count(*) FROM attempt WHERE reason = '{reason}'");

    public static int CountAttempts(string path) => ReadNumber(path, "SELECT count(*) FROM attempt");

    private static int ReadNumber(string path, string sql)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar());
    }

    // Not to write: only then does what a killed process left behind stay as it is for the next one.
    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }
}
