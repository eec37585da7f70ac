using Microsoft.Data.Sqlite;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Reads an outbox with SQLite while a worker may be using it.</summary>
internal static class OutboxFile
{
    /// <summary>All deliveries in the order in which they were stored.</summary>
    public static IReadOnlyList<MessageKey> ReadMessages(string path)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT d.destination, e.subject_id, e.name FROM delivery AS d JOIN event AS e ON e.seq = d.event_seq ORDER BY d.id";
        using var row = command.ExecuteReader();
        var messages = new List<MessageKey>();
        while (row.Read()) messages.Add(new MessageKey(row.GetString(0), row.GetInt32(1), row.GetString(2)["defect.".Length..]));
        return messages;
    }

    /// <summary>How many attempts ended with this reason; null: how many there are.</summary>
    public static int CountAttempts(string path, string? reason = null)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM attempt WHERE $reason IS NULL OR reason = $reason";
        command.Parameters.AddWithValue("$reason", reason ?? (object)DBNull.Value);
        return Convert.ToInt32(command.ExecuteScalar());
    }

    // Read-only: what a killed process left behind stays as it is for the next one.
    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }
}
