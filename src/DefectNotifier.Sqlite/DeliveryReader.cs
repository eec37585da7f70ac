using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// Reads lists of deliveries. SQL chooses the shortest way to them and their order; which of them are meant, and when it is enough, is decided row by row:
/// one statement for every combination of conditions would be hundreds.
/// </summary>
internal sealed class DeliveryReader(SqliteConnection connection) : IDisposable
{
    private readonly Statement _one = new(connection, AdminSql.ReadOne, "$id");
    private readonly Statement _ofEvent = new(connection, AdminSql.ReadOfEvent, "$event", "$before");
    private readonly Statement _kept = new(connection, AdminSql.ReadKept, "$first", "$second", "$third", "$before");
    private readonly Statement _waiting = new(connection, AdminSql.ReadWaiting, "$destination", "$before");
    private readonly Statement _any = new(connection, AdminSql.ReadAny, "$before");
    private readonly Statement _message = new(connection, AdminSql.ReadMessage, "$id");

    /// <param name="query">What is asked for.</param>
    /// <param name="mostRows">So many are looked at.</param>
    public DeliveryPage Read(DeliveryQuery query, int mostRows)
    {
        var limit = Math.Clamp(query.Limit, 1, DeliveryQuery.MaxLimit);
        var found = new List<ListedDelivery>();
        using var row = Query(query);
        for (var looked = 0; row.Read(); looked++)
        {
            var delivery = Delivery(row);
            if (delivery.ReceivedAt < query.Since) break;
            // One more than was wanted: there is another page, and it begins with this one.
            if (found.Count == limit || looked == mostRows) return new DeliveryPage(found, delivery.Id + 1);
            if (query.Covers(delivery)) found.Add(delivery);
        }

        return new DeliveryPage(found, Next: null);
    }

    public byte[]? ReadMessage(long deliveryId)
    {
        using var row = _message.Query(deliveryId);
        return row.Read() ? row.GetFieldValue<byte[]>(0) : null;
    }

    public void Dispose()
    {
        _one.Dispose();
        _ofEvent.Dispose();
        _kept.Dispose();
        _waiting.Dispose();
        _any.Dispose();
        _message.Dispose();
    }

    private SqliteDataReader Query(DeliveryQuery query)
    {
        var before = query.BeforeId ?? long.MaxValue;
        if (query.Id is { } id) return id < before ? _one.Query(id) : _one.Query(-1);
        if (query.EventId is { } eventId) return _ofEvent.Query(eventId, before);
        if (query.States.All(state => state >= DeliveryState.Dead)) return _kept.Query(Kept(query, 0), Kept(query, 1), Kept(query, 2), before);
        if (query is { States: [DeliveryState.Pending], Destination: { } destination }) return _waiting.Query(destination, before);
        return _any.Query(before);
    }

    private static int Kept(DeliveryQuery query, int place) => query.States.Distinct().Select(state => (int)state).Append(-1).Append(-1).Append(-1).ElementAt(place);

    private static ListedDelivery Delivery(SqliteDataReader row) => new(
        Id: row.GetInt64(0),
        EventId: row.GetString(1),
        EventName: row.GetString(2),
        ProjectCode: row.GetStringOrNull(3),
        SubjectId: row.GetInt64OrNull(4),
        Destination: row.GetString(5),
        State: ((DeliveryState)row.GetInt32(6)).Word(),
        Reason: row.GetStringOrNull(7),
        Detail: row.GetStringOrNull(8),
        Attempts: row.GetInt32(9),
        MayBeRepeat: row.GetBoolean(10),
        IsMessageKept: row.GetBoolean(11),
        ReceivedAt: row.GetTime(12),
        EndedAt: row.GetTimeOrNull(13));
}
