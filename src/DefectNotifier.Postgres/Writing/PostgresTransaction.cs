using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Database;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Postgres.Writing;

/// <summary>
/// The rows of the open transaction. What its operations need is read ahead, and what they write is sent at the end, because each round
/// trip keeps the lock of the outbox longer. What was read stays right: only the holder of the lock writes.
/// </summary>
internal sealed class PostgresTransaction(PostgresStatements statements, PendingRows pending, ReadAhead known)
    : OutboxRows(new OrderedStatements(statements, pending))
{
    /// <summary>The connection, with everything sent that the rules have written so far.</summary>
    public PostgresStatements Statements
    {
        get
        {
            pending.MoveTo(statements);
            return statements;
        }
    }

    public override (string EventId, int Deliveries)? FindEvent(ReadOnlyMemory<byte> dedupKey) =>
        known.Events.TryGetValue(KeyOf(dedupKey), out var found) ? found : base.FindEvent(dedupKey);

    public override long? InsertEvent(NewEvent newEvent)
    {
        if (FindEvent(newEvent.DedupKey) is not null) return null;
        var number = ++known.Counters.Event;
        var decision = JsonSerializer.Serialize(newEvent.Decision, StoredJson.Default.RoutingDecision);
        pending.Add(number, newEvent, decision);
        known.Counters.AddedBytes += newEvent.Body.Length + decision.Length + BulkSql.BytesPerEvent;
        known.Events[KeyOf(newEvent.DedupKey)] = (newEvent.Id, 0);
        known.LastEvent = (number, KeyOf(newEvent.DedupKey));
        return number;
    }

    public override long InsertDelivery(long eventNumber, PlannedDelivery planned, DeliveryStart start, DateTimeOffset? announceAt)
    {
        var id = ++known.Counters.Delivery;
        pending.Add(new NewDelivery(id, eventNumber, planned, start, announceAt));
        // A duplicate in the same transaction reports the number of deliveries.
        if (known.LastEvent is { } last && last.Number == eventNumber && known.Events[last.Key] is { } counted)
            known.Events[last.Key] = (counted.EventId, counted.Deliveries + 1);
        return id;
    }

    public override DeliveryRow? FindDelivery(long deliveryId)
    {
        if (known.Deliveries.TryGetValue(deliveryId, out var found)) return found;
        var row = base.FindDelivery(deliveryId);
        if (row is not null) known.Deliveries[deliveryId] = row;
        return row;
    }

    public override void UpdateDelivery(DeliveryRow row)
    {
        var before = FindDelivery(row.Id);
        pending.Update(row);
        if (before is null) return;
        known.Deliveries[row.Id] =
            row with { IsMessageStored = before.IsMessageStored, LastAttempt = before.LastAttempt, OpenStep = before.OpenStep };
    }

    public override void InsertAttempt(long deliveryId, int number, DateTimeOffset startedAt, SendStep step)
    {
        pending.Add(deliveryId, number, startedAt, step);
        if (known.Deliveries.GetValueOrDefault(deliveryId) is { } row)
            known.Deliveries[deliveryId] = row with { LastAttempt = number, OpenStep = step };
    }

    public override void EndAttempt(long deliveryId, int number, AttemptEnd end)
    {
        pending.End(deliveryId, number, end);
        if (known.Deliveries.GetValueOrDefault(deliveryId) is { } row && row.LastAttempt == number)
            known.Deliveries[deliveryId] = row with { OpenStep = null };
    }

    public override void SaveMessage(long deliveryId, ReadOnlyMemory<byte> json)
    {
        base.SaveMessage(deliveryId, json);
        known.Deliveries.Remove(deliveryId);
    }

    public override void SaveSchedule(DeliverySchedule schedule)
    {
        base.SaveSchedule(schedule);
        known.Deliveries.Remove(schedule.Id);
    }

    public override IReadOnlyList<Silence> FindSilences(DateTimeOffset endsAfter)
    {
        if (known.Silences is not { } all || endsAfter < known.SilencesAfter) return base.FindSilences(endsAfter);
        // In milliseconds, as the column is compared.
        var after = endsAfter.ToUnixTimeMilliseconds();
        return [.. all.Where(silence => silence.EndsAt.ToUnixTimeMilliseconds() > after)];
    }

    public override long InsertSilence(Silence silence)
    {
        var id = ++known.Counters.Silence;
        statements.Run(BulkSql.InsertSilence, id, silence.EndsAt, Json(silence));
        known.Silences = null;
        return id;
    }

    public override void SaveSilence(Silence silence)
    {
        base.SaveSilence(silence);
        known.Silences = known.Silences is { } all ? [.. all.Select(one => one.Id == silence.Id ? silence : one)] : null;
    }

    public override void DeleteSilences(DateTimeOffset endedBefore)
    {
        base.DeleteSilences(endedBefore);
        known.Silences = null;
    }

    public override DefectRow? FindDefect(DefectKey key)
    {
        if (known.Defects.TryGetValue(key, out var found)) return found;
        return known.Defects[key] = base.FindDefect(key);
    }

    public override void InsertDefect(DefectKey key, DefectRow row)
    {
        known.Defects[key] = row;
        var opening = row.Defect.Opening.Body.ToArray();
        pending.Add(key, new NewDefect(++known.Counters.Defect, row, Json(row.Announced), Json(row.Defect), opening));
    }

    public override void UpdateDefect(DefectKey key, DefectRow row, bool isOpeningNew)
    {
        known.Defects[key] = row;
        var opening = isOpeningNew ? row.Defect.Opening.Body.ToArray() : null;
        pending.Change(key, new ChangedDefect(row, Json(row.Announced), Json(row.Defect), opening));
    }

    public override void DeleteDefect(DefectKey key)
    {
        base.DeleteDefect(key);
        known.Defects.Remove(key);
    }

    /// <summary>Reads the states of their deliveries ahead.</summary>
    public override IReadOnlyList<OldEvent> FindOldestEvents(long after, int limit)
    {
        var events = base.FindOldestEvents(after, limit);
        foreach (var old in events) known.States[old.Number] = [];
        using var row = Statements.Query(BulkSql.FindDeliveryStates, (object)events.Select(old => old.Number).ToArray());
        while (row.Read()) known.States[row.GetInt64(0)].Add(((DeliveryState)row.GetInt32(1), row.GetTimeOrNull(2)));
        return events;
    }

    public override IReadOnlyList<(DeliveryState State, DateTimeOffset? EndedAt)> FindDeliveryStates(long eventNumber) =>
        known.States.TryGetValue(eventNumber, out var found) ? found : base.FindDeliveryStates(eventNumber);

    public override void DeleteEvent(long eventNumber)
    {
        pending.Delete(eventNumber);
        known.Deliveries.Clear();
        known.Events.Clear();
    }

    /// <summary>Deliveries that were read ahead.</summary>
    public void Learn(Rows row, IReadOnlyList<long> asked)
    {
        foreach (var id in asked) known.Deliveries[id] = null;
        while (row.Read()) Learn(DeliveryAt(row));

        void Learn(DeliveryRow found) => known.Deliveries[found.Id] = found;
    }

    /// <summary>Which of the events are stored already.</summary>
    public void Learn(Rows row, IReadOnlyList<NewEvent> asked)
    {
        foreach (var one in asked) known.Events[KeyOf(one.DedupKey)] = null;
        while (row.Read()) known.Events[KeyOf(row.GetBytes(0))] = (row.GetString(1), row.GetInt32(2));
    }

    /// <summary>Defects that were read ahead.</summary>
    public void Learn(Rows row, IReadOnlyList<DefectKey> asked)
    {
        foreach (var key in asked) known.Defects[key] = null;
        while (row.Read()) known.Defects[asked[row.GetInt32(0) - 1]] = DefectAt(row, 1);
    }

    private static string KeyOf(ReadOnlyMemory<byte> dedupKey) => Convert.ToBase64String(dedupKey.Span);

    /// <summary>
    /// Sends pending rows before a statement that may read or change them. Some tables have no such rows; their statements leave the
    /// pending ones together.
    /// </summary>
    private sealed class OrderedStatements(PostgresStatements statements, PendingRows pending) : Statements
    {
        private static readonly HashSet<string> Independent =
        [
            WriteSql.SaveThread, WriteSql.SaveLane, WriteSql.SaveRateLimit, WriteSql.SaveRequest, WriteSql.DeleteRequest,
            WriteSql.FindRequest, WriteSql.SaveName, WriteSql.FindName, WriteSql.SaveSilence, WriteSql.SaveClock, WriteSql.Probe,
            SilenceSql.Silence, SilenceSql.CurrentSilences, ReadSql.Lane, ReadSql.Thread,
        ];

        public override void Run(string sql, params ReadOnlySpan<object?> values)
        {
            Order(sql);
            statements.Run(sql, values);
        }

        public override long? Insert(string sql, params ReadOnlySpan<object?> values) => statements.Insert(sql, values);

        public override Rows Query(string sql, params ReadOnlySpan<object?> values)
        {
            Order(sql);
            return statements.Query(sql, values);
        }

        public override T AtOnce<T>(Func<T> read) => read();

        public override void Dispose()
        {
            // The session closes the connection.
        }

        private void Order(string sql)
        {
            if (!Independent.Contains(sql)) pending.MoveTo(statements);
        }
    }
}
