using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>
/// Reads lists of events. As in <see cref="DeliveryReader"/>, the SQL chooses the best index and the order; the other conditions are
/// checked row by row, the cheapest first.
/// </summary>
internal static class SummaryReader
{
    /// <summary>The maximum size of the bodies that are parsed for one page; parsing them takes about 100 ms.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    /// <summary>The number of rows that are read at once.</summary>
    private const int Chunk = 64;

    /// <param name="session">The connection.</param>
    /// <param name="query">The conditions.</param>
    /// <param name="end">Ends the page.</param>
    public static EventSummaryPage Read(ReadSession session, EventSummaryQuery query, PageEnd end)
    {
        var limit = Math.Clamp(query.Limit, 1, EventSummaryQuery.MaxLimit);
        var found = new List<EventSummary>();
        var bytes = 0L;
        var (before, rows) = (query.Before ?? long.MaxValue, Chunk);
        while (rows == Chunk)
        {
            rows = 0;
            using var row = Query(session.Statements, query, before);
            while (row.Read())
            {
                var summary = Summary(row);
                (before, rows) = (summary.Sequence, rows + 1);
                if (summary.ReceivedAt < query.Since || summary.Sequence <= query.After) return new EventSummaryPage(found, Next: null);
                // One more than requested: there is another page, and it starts with this one.
                if (end.IsReached() || found.Count == limit || bytes > MaxBytes) return new EventSummaryPage(found, summary.Sequence + 1);
                if (!query.CoversEvent(summary)) continue;
                summary = summary with { Deliveries = ReadDeliveries(session.Statements, summary.Sequence) };
                if (!query.CoversDeliveries(summary)) continue;
                var body = row.GetBytes(8);
                bytes += body.Length;
                var headline = ReadHeadline(session, summary.Source, summary.Name, summary.ProjectCode, summary.SubjectId, body);
                summary = summary with { Title = headline.Title, Severity = headline.Severity, Actor = headline.Actor };
                if (query.CoversTitle(summary)) found.Add(summary);
            }
        }

        return new EventSummaryPage(found, Next: null);
    }

    public static EventHeadline ReadHeadline(
        ReadSession session, string source, string name, string? projectCode, long? subjectId, ReadOnlyMemory<byte> body) =>
        EventHeadline.Of(
            body,
            source,
            () => ReadDefect(session, source, name, projectCode, subjectId),
            id => EnrichmentReader.ReadNames(session, source, [id]).GetValueOrDefault(id));

    /// <summary>What is stored of the defect of an event; null: nothing, or the event is not about one.</summary>
    public static Defect? ReadDefect(ReadSession session, string source, string name, string? projectCode, long? subjectId) =>
        DefectKey.Of(source, name, projectCode, subjectId) is { } key ? ReadState(session.Statements, key) : null;

    /// <summary>What is stored of a defect, without the body of its opening event; null: nothing.</summary>
    public static Defect? ReadState(Statements statements, DefectKey key)
    {
        using var row = statements.Query(ReadSql.DefectState, key.Id, key.ProjectCode, key.Source);
        return row.Read() ? JsonSerializer.Deserialize(row.GetSpan(0), StoredJson.Default.Defect) : null;
    }

    // The values are bound in the order in which the SQL names them.
    private static Rows Query(Statements statements, EventSummaryQuery query, long before) =>
        query switch
        {
            // Every id that starts with the prefix is before the prefix and U+FFFF.
            { IdPrefix: { } prefix } => statements.Query(SummarySql.EventsById, prefix, prefix + '\uFFFF', before, Chunk),
            { SubjectId: { } subject } => statements.Query(SummarySql.EventsOfSubject, subject, before, Chunk),
            { UnroutedOnly: true } => statements.Query(SummarySql.EventsWithoutRoute, before, Chunk),
            { State: DeliveryState.Pending } => statements.Query(SummarySql.EventsWaiting, before, Chunk),
            { State: >= DeliveryState.Dead and { } state } => statements.Query(SummarySql.EventsInState, (int)state, before, Chunk),
            _ => statements.Query(SummarySql.AnyEvents, before, Chunk),
        };

    private static EventSummary Summary(Rows row) => new(
        Sequence: row.GetInt64(0),
        Id: row.GetString(1),
        Source: row.GetString(2),
        Name: row.GetString(3),
        ProjectCode: row.GetStringOrNull(4),
        SubjectId: row.GetInt64OrNull(5),
        ReceivedAt: row.GetTime(6),
        IsUnrouted: row.GetBoolean(7),
        Deliveries: []);

    private static List<DeliverySummary> ReadDeliveries(Statements statements, long sequence)
    {
        var deliveries = new List<DeliverySummary>();
        using var row = statements.Query(SummarySql.DeliveriesOfEvent, sequence);
        while (row.Read())
        {
            deliveries.Add(new DeliverySummary(
                row.GetInt64(0),
                row.GetString(1),
                (DeliveryState)row.GetInt32(2),
                SendReasons.Parse(row.GetStringOrNull(3)),
                row.GetTimeOrNull(4),
                row.GetTimeOrNull(5)));
        }

        return deliveries;
    }
}
