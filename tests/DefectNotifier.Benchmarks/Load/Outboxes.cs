using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Creates outboxes with many events.</summary>
internal static class Outboxes
{
    public static string PathIn(string folder) => Path.Combine(folder, "outbox.db");

    /// <summary>Stores this many new defects for a destination, like the worker.</summary>
    public static async Task FillAsync(string folder, int count, string destination)
    {
        var options = new SqliteOutboxOptions { Path = PathIn(folder) };
        await using var outbox = SqliteOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        foreach (var batch in Enumerable.Range(1, count).Chunk(4096))
        {
            await Task.WhenAll(batch.Select(defect =>
            {
                var body = Encoding.UTF8.GetBytes(Webhooks.Body(defect));
                var newEvent = Some.NewDefectEvent(WebhookParser.Parse(body, "").Event!, destination);
                return outbox.AppendAsync(
                    newEvent with { Body = body, ReceivedAt = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
            }));
        }
    }

    /// <summary>Marks all waiting deliveries as delivered at the first attempt.</summary>
    public static async Task DeliverAllAsync(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={PathIn(folder)};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO attempt (delivery_id, number, started_at, ended_at, outcome, reason)
            SELECT d.id, 1, e.received_at, e.received_at, 'delivered', 'ok'
            FROM delivery AS d JOIN event AS e ON e.seq = d.event_seq WHERE d.state = 0;
            UPDATE delivery
            SET state = 1, attempts = 1, reason = 'ok', ended_at = (SELECT received_at FROM event WHERE seq = event_seq)
            WHERE state = 0;
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        await command.ExecuteNonQueryAsync();
    }
}
