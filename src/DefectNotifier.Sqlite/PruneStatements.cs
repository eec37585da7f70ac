using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>The prepared statements of the one connection that writes, as far as they forget.</summary>
internal sealed class PruneStatements(SqliteConnection connection) : IDisposable
{
    private readonly Statement _oldest = new(connection, OutboxSql.ReadOldestEvents, "$after", "$limit");
    private readonly Statement _end = new(connection, OutboxSql.ReadEnd, "$event");
    private readonly Statement _attempts = new(connection, OutboxSql.DeleteAttempts, "$event");
    private readonly Statement _messages = new(connection, OutboxSql.DeleteMessages, "$event");
    private readonly Statement _deliveries = new(connection, OutboxSql.DeleteDeliveries, "$event");
    private readonly Statement _event = new(connection, OutboxSql.DeleteEvent, "$event");

    /// <summary>The next events of a walk: number, arrival, bytes of the body.</summary>
    public IReadOnlyList<(long Seq, DateTimeOffset ReceivedAt, long Bytes)> ReadOldest(long after, int limit)
    {
        var events = new List<(long, DateTimeOffset, long)>();
        using var row = _oldest.Query(after, limit);
        while (row.Read())
            events.Add((row.GetInt64(0), row.GetTime(1), row.GetInt64(2)));
        return events;
    }

    public PruneCandidate ReadEnd(long seq, DateTimeOffset receivedAt)
    {
        using var row = _end.Query(seq);
        row.Read();
        var endedAt = row.GetTimeOrNull(2) ?? receivedAt;
        return new PruneCandidate(row.GetInt64OrNull(0) == 1, row.GetInt64OrNull(1) == 1, endedAt);
    }

    public void Delete(long seq)
    {
        _attempts.Run(seq);
        _messages.Run(seq);
        _deliveries.Run(seq);
        _event.Run(seq);
    }

    public void Dispose()
    {
        _oldest.Dispose();
        _end.Dispose();
        _attempts.Dispose();
        _messages.Dispose();
        _deliveries.Dispose();
        _event.Dispose();
    }
}
