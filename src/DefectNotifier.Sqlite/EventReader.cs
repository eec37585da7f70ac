using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>Reads stored events with everything that happened to them.</summary>
internal sealed class EventReader(SqliteConnection connection) : IDisposable
{
    private const int MaxEvents = 500;

    private readonly Statement _newest = new(connection, OutboxSql.ReadNewestEvents, "$limit");
    private readonly Statement _unrouted = new(connection, OutboxSql.ReadUnroutedEvents, "$limit");
    private readonly Statement _dead = new(connection, OutboxSql.ReadDeadEvents, "$limit");
    private readonly Statement _one = new(connection, OutboxSql.ReadEvent, "$id");
    private readonly Statement _deliveries = new(connection, OutboxSql.ReadDeliveries, "$event");
    private readonly Statement _attempts = new(connection, OutboxSql.ReadAttempts, "$delivery");
    private readonly Statement _words = new(connection, OutboxSql.ReadOperatorWords, "$delivery");

    public IReadOnlyList<StoredEvent> Read(EventQuery query)
    {
        var events = new List<StoredEvent>();
        var limit = Math.Clamp(query.Limit, 1, MaxEvents);
        using var row = query switch
        {
            { Id: { } id } => _one.Query(id),
            { UnroutedOnly: true } => _unrouted.Query(limit),
            { DeadOnly: true } => _dead.Query(limit),
            _ => _newest.Query(limit),
        };
        while (row.Read())
        {
            if (query.UnroutedOnly && !row.GetBoolean(9)) continue;
            events.Add(Event(row));
        }

        return events;
    }

    public void Dispose()
    {
        _newest.Dispose();
        _unrouted.Dispose();
        _dead.Dispose();
        _one.Dispose();
        _deliveries.Dispose();
        _attempts.Dispose();
        _words.Dispose();
    }

    private StoredEvent Event(SqliteDataReader row) => new(
        Id: row.GetString(1),
        Source: row.GetString(2),
        Name: row.GetString(3),
        ProjectCode: row.GetStringOrNull(4),
        SubjectId: row.GetInt64OrNull(5),
        OccurredAt: row.GetTimeOrNull(6),
        ReceivedAt: row.GetTime(7),
        Decision: JsonSerializer.Deserialize(row.GetString(8), StoredJson.Default.RoutingDecision)!,
        Deliveries: Deliveries(row.GetInt64(0)));

    private List<StoredDelivery> Deliveries(long eventSeq)
    {
        var deliveries = new List<StoredDelivery>();
        using var row = _deliveries.Query(eventSeq);
        while (row.Read())
        {
            var id = row.GetInt64(0);
            deliveries.Add(new StoredDelivery(
                id,
                Destination: row.GetString(1),
                State: ((DeliveryState)row.GetInt32(2)).Word(),
                Attempts: row.GetInt32(3),
                Reason: row.GetStringOrNull(4),
                Detail: row.GetStringOrNull(5),
                Reference: row.GetStringOrNull(6),
                EndedAt: row.GetTimeOrNull(7),
                History: Attempts(id))
            {
                Actions = Actions(id),
                IsMessageKept = row.GetBoolean(8),
            });
        }

        return deliveries;
    }

    private List<StoredAttempt> Attempts(long deliveryId)
    {
        var attempts = new List<StoredAttempt>();
        using var row = _attempts.Query(deliveryId);
        while (row.Read())
        {
            attempts.Add(new StoredAttempt(
                Number: row.GetInt32(0),
                StartedAt: row.GetTime(1),
                EndedAt: row.GetTimeOrNull(2),
                Outcome: row.GetStringOrNull(3),
                Reason: row.GetStringOrNull(4),
                Detail: row.GetStringOrNull(5))
            { Version = row.GetStringOrNull(6), Step = row.GetStringOrNull(7) });
        }

        return attempts;
    }

    private List<StoredAction> Actions(long deliveryId)
    {
        var actions = new List<StoredAction>();
        using var row = _words.Query(deliveryId);
        while (row.Read())
            actions.Add(new StoredAction(row.GetTime(0), row.GetString(1)));
        return actions;
    }
}
