using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An outbox as the first version of the product left it.</summary>
internal static class OldOutbox
{
    private const string Rows =
        """
        INSERT INTO event (seq, id, dedup, source, name, project_code, subject_id, occurred_at, received_at, body, decision, unrouted)
        VALUES ($number, $id, randomblob(16), '', 'defect.created', 'WEB', $number, $at, $at, $body, $decision, 0);
        INSERT INTO delivery (id, event_seq, destination, route, state, reason, ended_at)
        VALUES ($number, $number, $destination, 0, $delivered, iif($delivered, 'ok', NULL), iif($delivered, $at, NULL));
        INSERT INTO attempt (delivery_id, number, started_at, ended_at, outcome, reason)
        SELECT $number, 1, $at, $at, 'delivered', 'ok' WHERE $delivered;
        """;

    // Long ago, but not so long that it would have been forgotten where a test does not ask for that.
    private static readonly TimeSpan Age = TimeSpan.FromDays(100);

    /// <summary>Writes one with as many events, each with one delivery, to the destinations in turn; all but each so-many-th delivery are done with.</summary>
    /// <returns>What waits in it, with the ids of the events; and an event that was delivered to the first destination.</returns>
    public static (IReadOnlyDictionary<OwedMessage, string> Owed, string DeliveredId) Write(string path, int events, int waitingEach, IReadOnlyList<string> destinations)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        Execute(connection, Schema());
        using var command = connection.CreateCommand();
        command.CommandText = Rows;
        var since = (TimeProvider.System.GetUtcNow() - Age).ToUnixTimeMilliseconds();
        var owed = new Dictionary<OwedMessage, string>();
        var deliveredId = "";
        for (var number = 1; number <= events; number++)
        {
            var id = number.ToString("x32", CultureInfo.InvariantCulture);
            var destination = destinations[number % destinations.Count];
            var isDelivered = number % waitingEach != 0;
            if (!isDelivered) owed[new OwedMessage(destination, number, "created")] = id;
            else if (number % destinations.Count == 0) deliveredId = id;
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$number", number);
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$at", since + number);
            command.Parameters.AddWithValue("$body", Encoding.UTF8.GetBytes(Webhooks.Created(number)));
            command.Parameters.AddWithValue("$decision", $$"""{"verdicts":[{"route":0,"matched":true,"reason":"takes every event"}],"deliveries":[{"destination":"{{destination}}","route":0}]}""");
            command.Parameters.AddWithValue("$destination", destination);
            command.Parameters.AddWithValue("$delivered", isDelivered ? 1 : 0);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        return (owed, deliveredId);
    }

    private static string Schema()
    {
        using var reader = new StreamReader(typeof(OldOutbox).Assembly.GetManifestResourceStream("schema-1.sql")!);
        return reader.ReadToEnd();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
