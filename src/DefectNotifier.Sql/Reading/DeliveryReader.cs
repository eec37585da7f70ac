using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>
/// Reads lists of deliveries. The SQL chooses the best index and the order; the other conditions are checked row by row, because
/// one statement for each combination of conditions would be hundreds.
/// </summary>
internal static class DeliveryReader
{
    /// <summary>The number of rows that are read at once.</summary>
    public const int Chunk = 256;

    /// <param name="session">The connection.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="end">Ends the page.</param>
    public static DeliveryPage Read(ReadSession session, DeliveryQuery query, PageEnd end)
    {
        var limit = Math.Clamp(query.Limit, 1, DeliveryQuery.MaxLimit);
        var found = new List<ListedDelivery>();
        var (before, rows) = (query.BeforeId ?? long.MaxValue, Chunk);
        while (rows == Chunk)
        {
            rows = 0;
            using var row = Query(session.Statements, query, before);
            while (row.Read())
            {
                var delivery = Delivery(row);
                (before, rows) = (delivery.Id, rows + 1);
                if (delivery.ReceivedAt < query.Since) return new DeliveryPage(found, Next: null);
                // One more than requested: there is another page, and it starts with this one.
                if (end.IsReached() || found.Count == limit) return new DeliveryPage(found, delivery.Id + 1);
                if (query.Covers(delivery)) found.Add(delivery with { Title = ReadTitle(session, delivery) });
            }
        }

        return new DeliveryPage(found, Next: null);
    }

    public static byte[]? ReadMessage(ReadSession session, long deliveryId)
    {
        using var row = session.Statements.Query(DeliverySql.Message, deliveryId);
        return row.Read() ? row.GetBytes(0) : null;
    }

    private static string? ReadTitle(ReadSession session, ListedDelivery of)
    {
        string source;
        byte[] body;
        using (var row = session.Statements.Query(DeliverySql.EventOf, of.EventId))
        {
            if (!row.Read()) return null;
            (source, body) = (row.GetString(0), row.GetBytes(1));
        }

        return SummaryReader.ReadHeadline(session, source, of.EventName, of.ProjectCode, of.SubjectId, body).Title;
    }

    // The values are bound in the order in which the SQL names them.
    private static Rows Query(Statements statements, DeliveryQuery query, long before)
    {
        if (query.Id is { } id) return statements.Query(DeliverySql.One, id < before ? id : -1);
        if (query.EventId is { } eventId) return statements.Query(DeliverySql.OfEvent, eventId, before, Chunk);
        if (query.States.All(state => state >= DeliveryState.Dead))
        {
            int[] states = [.. query.States.Distinct().Select(state => (int)state), -1, -1, -1, -1, -1];
            return statements.Query(DeliverySql.Kept, states[0], before, states[1], states[2], states[3], states[4], Chunk);
        }

        if (query is { States: [DeliveryState.Pending], Destination: { } destination })
            return statements.Query(DeliverySql.Waiting, destination, before, Chunk);
        return statements.Query(DeliverySql.Any, before, Chunk);
    }

    private static ListedDelivery Delivery(Rows row) => new(
        Id: row.GetInt64(0),
        EventId: row.GetString(1),
        EventName: row.GetString(2),
        ProjectCode: row.GetStringOrNull(3),
        SubjectId: row.GetInt64OrNull(4),
        Destination: row.GetString(5),
        State: (DeliveryState)row.GetInt32(6),
        Reason: SendReasons.Parse(row.GetStringOrNull(7)),
        Detail: row.GetStringOrNull(8),
        Attempts: row.GetInt32(9),
        MayBeRepeat: row.GetBoolean(10),
        IsMessageStored: row.GetBoolean(11),
        ReceivedAt: row.GetTime(12),
        EndedAt: row.GetTimeOrNull(13))
    {
        DueAt = row.GetTimeOrNull(15),
        SilenceId = row.GetInt64(16) is > 0 and var silence ? silence : null,
        DigestId = row.GetInt64OrNull(17),
    };
}
