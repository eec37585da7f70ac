using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>Reads stored events: with everything that happened to them, or with their bodies.</summary>
internal static class EventReader
{
    private const int MaxArchiveBytes = 4 * 1024 * 1024;

    // Events are stored in the order in which they were accepted; when the clock was set back, that is not quite the order of their times.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    public static IReadOnlyList<StoredEvent> Read(ReadSession session, EventQuery query)
    {
        var events = new List<StoredEvent>();
        var limit = Math.Clamp(query.Limit, 1, EventQuery.MaxLimit);
        using var row = query.Id is { } id
            ? session.Statements.Query(ReadSql.Event, id)
            : session.Statements.Query(ReadSql.NewestEvents, limit);
        while (row.Read()) events.Add(EventAt(session, row));
        return events;
    }

    public static ArchivePage ReadArchive(ReadSession session, ArchiveQuery query)
    {
        var (events, limit) = (new List<ArchivedEvent>(), Math.Clamp(query.Limit, 1, ArchiveQuery.MaxLimit));
        var (rows, bytes, last) = (0, 0L, 0L);
        using var row = session.Statements.Query(ReadSql.Archive, query.Before ?? long.MaxValue, limit);
        while (bytes < MaxArchiveBytes && row.Read())
        {
            var receivedAt = row.GetTime(3);
            if (receivedAt < query.Since - ClockSlack) return new ArchivePage(events, Next: null);
            (rows, last) = (rows + 1, row.GetInt64(0));
            if (receivedAt < query.Since) continue;
            var decision = JsonSerializer.Deserialize(row.GetSpan(4), StoredJson.Default.RoutingDecision)!;
            var body = row.GetBytes(5);
            bytes += body.Length;
            events.Add(new ArchivedEvent(row.GetString(1), row.GetString(2), receivedAt, decision, body));
        }

        return new ArchivePage(events, rows == limit || bytes >= MaxArchiveBytes ? last : null);
    }

    private static StoredEvent EventAt(ReadSession session, Rows row)
    {
        var stored = new StoredEvent(
            Id: row.GetString(1),
            Source: row.GetString(2),
            Name: row.GetString(3),
            ProjectCode: row.GetStringOrNull(4),
            SubjectId: row.GetInt64OrNull(5),
            OccurredAt: row.GetTimeOrNull(6),
            ReceivedAt: row.GetTime(7),
            Decision: JsonSerializer.Deserialize(row.GetSpan(8), StoredJson.Default.RoutingDecision)!,
            Deliveries: ReadDeliveries(session.Statements, row.GetInt64(0)));
        var headline = SummaryReader.ReadHeadline(
            session, stored.Source, stored.Name, stored.ProjectCode, stored.SubjectId, row.GetBytes(9));
        return stored with
        {
            Title = headline.Title,
            Severity = headline.Severity,
            Actor = headline.Actor,
            DefectStatus = SummaryReader.ReadDefect(session, stored.Source, stored.Name, stored.ProjectCode, stored.SubjectId)?.Status,
        };
    }

    private static List<StoredDelivery> ReadDeliveries(Statements statements, long eventSeq)
    {
        var deliveries = new List<StoredDelivery>();
        using var row = statements.Query(ReadSql.Deliveries, eventSeq);
        while (row.Read())
        {
            var id = row.GetInt64(0);
            deliveries.Add(new StoredDelivery(
                id,
                Destination: row.GetString(1),
                State: (DeliveryState)row.GetInt32(2),
                Reason: SendReasons.Parse(row.GetStringOrNull(3)),
                Detail: row.GetStringOrNull(4),
                Reference: row.GetStringOrNull(5),
                EndedAt: row.GetTimeOrNull(6),
                History: ReadAttempts(statements, id))
            {
                Actions = ReadActions(statements, id),
                IsMessageStored = row.GetBoolean(7),
                DueAt = row.GetTimeOrNull(8),
                Silence = row.GetInt64(9) is > 0 and var silence ? SilenceReader.Find(statements, silence) : null,
                Digest = row.GetInt64OrNull(10) is { } digest ? DigestAt(row, digest) : null,
            });
        }

        return deliveries;
    }

    private static StoredDigest DigestAt(Rows row, long id) => new(
        id,
        (DeliveryState?)row.GetInt64OrNull(11),
        SendReasons.Parse(row.GetStringOrNull(12)),
        row.GetTimeOrNull(13),
        row.GetStringOrNull(14));

    private static List<StoredAttempt> ReadAttempts(Statements statements, long deliveryId)
    {
        var attempts = new List<StoredAttempt>();
        using var row = statements.Query(ReadSql.Attempts, deliveryId);
        while (row.Read())
        {
            // A word of a later version is not lost: the row of an attempt that has ended is never written again.
            attempts.Add(new StoredAttempt(
                Number: row.GetInt32(0),
                StartedAt: row.GetTime(1),
                EndedAt: row.GetTimeOrNull(2),
                Outcome: SendOutcomes.Parse(row.GetStringOrNull(3)),
                Reason: SendReasons.Parse(row.GetStringOrNull(4)),
                Detail: row.GetStringOrNull(5))
            { Version = row.GetStringOrNull(6), Step = SendSteps.Parse(row.GetStringOrNull(7)) });
        }

        return attempts;
    }

    private static List<StoredAction> ReadActions(Statements statements, long deliveryId)
    {
        var actions = new List<StoredAction>();
        using var row = statements.Query(ReadSql.Actions, deliveryId);
        while (row.Read())
            actions.Add(new StoredAction(row.GetTime(0), OperatorActions.Parse(row.GetString(1)), By: row.GetStringOrNull(2)));
        return actions;
    }
}
