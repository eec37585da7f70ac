using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Routing;

namespace DefectNotifier.Postgres.Writing;

/// <summary>
/// Rows that a transaction has written but not sent yet. They are sent together, one statement for each kind, because a statement for each
/// row would cost most of the time of a commit.
/// </summary>
internal sealed class PendingRows
{
    private readonly List<(long Number, NewEvent Event, string Decision)> _events = [];
    private readonly List<NewDelivery> _deliveries = [];
    private readonly Dictionary<long, DeliveryRow> _updates = [];
    private readonly Dictionary<(long DeliveryId, int Number), NewAttempt> _attempts = [];
    private readonly Dictionary<(long DeliveryId, int Number), AttemptEnd> _ends = [];
    private readonly Dictionary<DefectKey, NewDefect> _defects = [];
    private readonly Dictionary<DefectKey, ChangedDefect> _changes = [];
    private readonly List<long> _deleted = [];

    public void Add(long number, NewEvent newEvent, string decision) => _events.Add((number, newEvent, decision));

    public void Add(NewDelivery delivery) => _deliveries.Add(delivery);

    public void Update(DeliveryRow row) => _updates[row.Id] = row;

    public void Add(long deliveryId, int number, DateTimeOffset at, SendStep step) =>
        _attempts.Add((deliveryId, number), new NewAttempt(at, step, End: null));

    public void End(long deliveryId, int number, AttemptEnd end)
    {
        if (_attempts.TryGetValue((deliveryId, number), out var added)) _attempts[(deliveryId, number)] = added with { End = end };
        else _ends[(deliveryId, number)] = end;
    }

    public void Add(DefectKey key, NewDefect defect) => _defects.Add(key, defect);

    public void Change(DefectKey key, ChangedDefect defect)
    {
        if (_defects.TryGetValue(key, out var added))
        {
            _defects[key] = new NewDefect(added.Id, defect.Row, defect.Announced, defect.Json, defect.Opening ?? added.Opening);
            return;
        }

        var opening = defect.Opening ?? _changes.GetValueOrDefault(key)?.Opening;
        _changes[key] = defect with { Opening = opening };
    }

    /// <summary>Deletes an event with everything that belongs to it.</summary>
    public void Delete(long eventNumber) => _deleted.Add(eventNumber);

    public void Clear()
    {
        _deleted.Clear();
        _events.Clear();
        _deliveries.Clear();
        _updates.Clear();
        _attempts.Clear();
        _ends.Clear();
        _defects.Clear();
        _changes.Clear();
    }

    /// <summary>Gives all rows to the connection, in the order in which they depend on each other.</summary>
    public void MoveTo(PostgresStatements statements)
    {
        if (_events.Count > 0) SendEvents(statements);
        if (_deliveries.Count > 0) SendDeliveries(statements);
        if (_defects.Count > 0) SendDefects(statements);
        if (_changes.Count > 0) SendChanges(statements);
        if (_attempts.Count > 0) SendAttempts(statements);
        if (_ends.Count > 0) SendEnds(statements);
        if (_updates.Count > 0) SendUpdates(statements);
        if (_deleted.Count > 0) SendDeletions(statements);
        Clear();
    }

    private void SendEvents(PostgresStatements statements) => statements.Run(
        BulkSql.InsertEvents,
        Column(_events, one => one.Number),
        Column(_events, one => one.Event.Id),
        Column(_events, one => one.Event.DedupKey.ToArray()),
        Column(_events, one => one.Event.Source),
        Column(_events, one => one.Event.Name),
        Column(_events, one => one.Event.ProjectCode),
        Column(_events, one => one.Event.SubjectId),
        Column(_events, one => TimeOf(one.Event.OccurredAt)),
        Column(_events, one => TimeOf(one.Event.ReceivedAt)),
        Column(_events, one => Flag(one.Event.Decision.IsUnrouted)),
        Column(_events, one => one.Event.TraceParent),
        Column(_events, one => one.Decision),
        Column(_events, one => one.Event.Body.ToArray()));

    private void SendDeliveries(PostgresStatements statements) => statements.Run(
        BulkSql.InsertDeliveries,
        Column(_deliveries, one => one.Id),
        Column(_deliveries, one => one.EventNumber),
        Column(_deliveries, one => one.Planned.Destination),
        Column(_deliveries, one => one.Planned.Route),
        Column(_deliveries, one => one.Planned.TemplateSet),
        Column(_deliveries, one => (int)one.Planned.Kind),
        Column(_deliveries, one => (int)one.Planned.MessageMode),
        Column(_deliveries, one => (int)one.Planned.Broadcast),
        Column(_deliveries, one => SpanOf(one.Planned.MaxAge)),
        Column(_deliveries, one => one.Planned.Fallback),
        Column(_deliveries, one => TimeOf(one.AnnounceAt)),
        Column(_deliveries, one => (int)one.Start.State),
        Column(_deliveries, one => one.Start.Reason?.Word()),
        Column(_deliveries, one => (int)one.Planned.Priority),
        Column(_deliveries, one => Flag(one.Planned.MayDigest)),
        Column(_deliveries, one => TimeOf(one.Start.DueAt)),
        Column(_deliveries, one => one.Start.SilenceId),
        Column(_deliveries, one => TimeOf(one.Start.EndedAt)),
        Column(_deliveries, one => SpanOf(one.Planned.RepeatWithin)));

    private void SendUpdates(PostgresStatements statements)
    {
        var rows = _updates.Values;
        statements.Run(
            BulkSql.UpdateDeliveries,
            Column(rows, row => row.Id),
            Column(rows, row => (int)row.State),
            Column(rows, row => row.DoubtFrom),
            Column(rows, row => row.AgeFrom),
            Column(rows, row => Flag(row.MayBeRepeat)),
            Column(rows, row => Flag(row.AsRendered)),
            Column(rows, row => row.Reason?.Word()),
            Column(rows, row => row.Detail),
            Column(rows, row => row.Reference),
            Column(rows, row => TimeOf(row.EndedAt)),
            Column(rows, row => row.LastOutcome?.ToByteArray()));
    }

    private void SendAttempts(PostgresStatements statements) => statements.Run(
        BulkSql.InsertAttempts,
        Column(_attempts, one => one.Key.DeliveryId),
        Column(_attempts, one => one.Key.Number),
        Column(_attempts, one => TimeOf(one.Value.At)),
        Column(_attempts, one => one.Value.Step.Word()),
        Column(_attempts, one => TimeOf(one.Value.End?.At)),
        Column(_attempts, one => one.Value.End?.Outcome.Word()),
        Column(_attempts, one => one.Value.End?.Reason.Word()),
        Column(_attempts, one => one.Value.End?.Detail),
        Column(_attempts, one => one.Value.End?.Version));

    private void SendEnds(PostgresStatements statements) => statements.Run(
        BulkSql.EndAttempts,
        Column(_ends, one => one.Key.DeliveryId),
        Column(_ends, one => one.Key.Number),
        Column(_ends, one => TimeOf(one.Value.At)),
        Column(_ends, one => one.Value.Outcome.Word()),
        Column(_ends, one => one.Value.Reason.Word()),
        Column(_ends, one => one.Value.Detail),
        Column(_ends, one => one.Value.Version));

    private void SendDefects(PostgresStatements statements) => statements.Run(
        BulkSql.InsertDefects,
        Column(_defects, one => one.Value.Id),
        Column(_defects, one => one.Key.Source),
        Column(_defects, one => one.Key.ProjectCode),
        Column(_defects, one => one.Key.Id),
        Column(_defects, one => Flag(one.Value.Row.Defect.IsClosed)),
        Column(_defects, one => TimeOf(one.Value.Row.TouchedAt)),
        Column(_defects, one => one.Value.Announced),
        Column(_defects, one => one.Value.Json),
        Column(_defects, one => one.Value.Opening));

    private void SendChanges(PostgresStatements statements) => statements.Run(
        BulkSql.UpdateDefects,
        Column(_changes, one => one.Key.Source),
        Column(_changes, one => one.Key.ProjectCode),
        Column(_changes, one => one.Key.Id),
        Column(_changes, one => Flag(one.Value.Row.Defect.IsClosed)),
        Column(_changes, one => TimeOf(one.Value.Row.TouchedAt)),
        Column(_changes, one => one.Value.Announced),
        Column(_changes, one => one.Value.Json),
        Column(_changes, one => one.Value.Opening));

    private void SendDeletions(PostgresStatements statements)
    {
        var numbers = _deleted.ToArray();
        statements.Run(BulkSql.SubtractBytes, (object)numbers);
        foreach (var sql in BulkSql.DeleteEvents) statements.Run(sql, (object)numbers);
    }

    private static TValue[] Column<TRow, TValue>(IReadOnlyCollection<TRow> rows, Func<TRow, TValue> value)
    {
        var (column, at) = (new TValue[rows.Count], 0);
        foreach (var row in rows) column[at++] = value(row);
        return column;
    }

    private static int Flag(bool value) => value ? 1 : 0;

    private static long TimeOf(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static long? TimeOf(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static long? SpanOf(TimeSpan? span) => span is { } value ? PostgresStatements.MillisecondsOf(value) : null;
}

/// <summary>A delivery that was added.</summary>
internal sealed record NewDelivery(
    long Id, long EventNumber, PlannedDelivery Planned, DeliveryStart Start, DateTimeOffset? AnnounceAt);

/// <summary>An attempt that was begun, and perhaps ended, in this transaction.</summary>
internal sealed record NewAttempt(DateTimeOffset At, SendStep Step, AttemptEnd? End);

/// <summary>A defect that was added.</summary>
internal sealed record NewDefect(long Id, DefectRow Row, string? Announced, byte[] Json, byte[] Opening);

/// <summary>A defect that was changed.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Announced">Where it was announced, as JSON.</param>
/// <param name="Json">Its state.</param>
/// <param name="Opening">The body of its new opening event; null: unchanged.</param>
internal sealed record ChangedDefect(DefectRow Row, string? Announced, byte[] Json, byte[]? Opening);
