using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Storage;

/// <summary>One connection that reads, with its prepared statements; used by one reader at a time, and not again after it threw.</summary>
internal sealed class ReadSession(SqliteConnection connection) : IDisposable
{
    private readonly Statement _pending = new(connection, OutboxSql.ReadPending, "$destination", "$limit");
    private readonly Statement _lane = new(connection, OutboxSql.ReadLane, "$destination");
    private readonly Statement _backlog = new(connection, OutboxSql.ReadBacklog);
    private readonly Statement _begin = new(connection, "BEGIN");
    private readonly Statement _end = new(connection, "COMMIT");
    private readonly EventReader _events = new(connection);
    private readonly DeliveryReader _deliveries = new(connection);

    public IReadOnlyList<PendingDelivery> ReadPending(string destination, int limit, int pageBytes)
    {
        var page = new List<PendingDelivery>();
        var bytes = 0L;
        using var row = _pending.Query(destination, limit);
        while (row.Read())
        {
            var delivery = Pending(row, destination);
            bytes += delivery.Body.Length;
            if (page.Count > 0 && bytes > pageBytes) break;
            page.Add(delivery);
        }

        return page;
    }

    public LaneState ReadLane(string destination)
    {
        using var row = _lane.Query(destination);
        if (!row.Read()) return new LaneState(destination);
        return new LaneState(destination)
        {
            NotBefore = row.GetTimeOrNull(0),
            HoldReason = row.GetStringOrNull(1),
            HoldCount = row.GetInt32(2),
            PaceFullAt = row.GetTimeOrNull(3),
            Failures = row.GetInt32(4),
            ParkedReason = row.GetStringOrNull(5),
            ParkedSettings = row.GetStringOrNull(6),
        };
    }

    public IReadOnlyList<Backlog> ReadBacklog()
    {
        var backlog = new List<Backlog>();
        using var row = _backlog.Query();
        while (row.Read())
            backlog.Add(new Backlog(row.GetString(0), row.GetInt64(1), row.GetTime(2)));
        return backlog;
    }

    public IReadOnlyList<StoredEvent> ReadEvents(EventQuery query)
    {
        // One transaction: an event, its deliveries and their attempts are from the same moment.
        _begin.Run();
        var events = _events.Read(query);
        _end.Run();
        return events;
    }

    public DeliveryPage ReadDeliveries(DeliveryQuery query, int mostRows) => _deliveries.Read(query, mostRows);

    public byte[]? ReadMessage(long deliveryId) => _deliveries.ReadMessage(deliveryId);

    public void Dispose()
    {
        _pending.Dispose();
        _lane.Dispose();
        _backlog.Dispose();
        _begin.Dispose();
        _end.Dispose();
        _events.Dispose();
        _deliveries.Dispose();
        connection.Dispose();
    }

    // Not with "? :", which makes an empty message of a missing one.
    private static ReadOnlyMemory<byte>? Rendered(SqliteDataReader row)
    {
        if (row.IsDBNull(13)) return null;
        return row.GetFieldValue<byte[]>(13);
    }

    private static PendingDelivery Pending(SqliteDataReader row, string destination) => new()
    {
        Id = row.GetInt64(0),
        EventId = row.GetString(1),
        Destination = destination,
        TemplateSet = row.GetStringOrNull(2),
        Attempts = row.GetInt32(3),
        MayBeRepeat = row.GetBoolean(4),
        ReceivedAt = row.GetTime(5),
        Source = row.GetString(6),
        TraceParent = row.GetStringOrNull(7),
        Body = row.GetFieldValue<byte[]>(8),
        FirstAttemptAt = row.GetTimeOrNull(9),
        Route = row.GetInt32(10),
        MaxAge = row.GetInt64OrNull(11) is { } age ? TimeSpan.FromMilliseconds(age) : null,
        Fallback = row.GetStringOrNull(12),
        Rendered = Rendered(row),
    };
}
