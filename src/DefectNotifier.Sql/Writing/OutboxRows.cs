using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Database;
using DefectNotifier.Sql.Reading;

namespace DefectNotifier.Sql.Writing;

/// <summary>The rows of the open transaction. Values are bound in the order in which the SQL names them.</summary>
internal class OutboxRows(Statements statements) : IOutboxTransaction
{
    public CommitNews News { get; } = new();

    public virtual (string EventId, int Deliveries)? FindEvent(ReadOnlyMemory<byte> dedupKey)
    {
        using var row = statements.Query(WriteSql.FindEvent, dedupKey);
        return row.Read() ? (row.GetString(0), row.GetInt32(1)) : null;
    }

    public virtual long? InsertEvent(NewEvent newEvent) => statements.Insert(
        WriteSql.InsertEvent,
        newEvent.Id,
        newEvent.DedupKey,
        newEvent.Source,
        newEvent.Name,
        newEvent.ProjectCode,
        newEvent.SubjectId,
        newEvent.OccurredAt,
        newEvent.ReceivedAt,
        newEvent.Decision.IsUnrouted,
        newEvent.TraceParent,
        JsonSerializer.Serialize(newEvent.Decision, StoredJson.Default.RoutingDecision),
        newEvent.Body);

    public virtual long InsertDelivery(long eventNumber, PlannedDelivery planned, DeliveryStart start, DateTimeOffset? announceAt) =>
        statements.Insert(
            WriteSql.InsertDelivery,
            eventNumber,
            planned.Destination,
            planned.Route,
            planned.TemplateSet,
            (int)planned.Kind,
            (int)planned.MessageMode,
            (int)planned.Broadcast,
            planned.MaxAge,
            planned.Fallback,
            announceAt,
            (int)start.State,
            start.Reason?.Word(),
            (int)planned.Priority,
            planned.MayDigest,
            start.DueAt,
            start.SilenceId,
            start.EndedAt,
            planned.RepeatWithin)!.Value;

    public virtual DeliveryRow? FindDelivery(long deliveryId)
    {
        using var row = statements.Query(WriteSql.FindDelivery, deliveryId);
        return row.Read() ? DeliveryAt(row) : null;
    }

    public virtual void UpdateDelivery(DeliveryRow row) => statements.Run(
        WriteSql.UpdateDelivery,
        (int)row.State,
        row.DoubtFrom,
        row.AgeFrom,
        row.MayBeRepeat,
        row.AsRendered,
        row.Reason?.Word(),
        row.Detail,
        row.Reference,
        row.EndedAt,
        row.LastOutcome,
        row.Id);

    public DeliverySubject? FindSubject(long deliveryId)
    {
        using var row = statements.Query(WriteSql.FindSubject, deliveryId);
        if (!row.Read()) return null;
        var key = DefectKey.Of(row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetInt64OrNull(3));
        return new DeliverySubject(
            key,
            (DeliveryKind)row.GetInt32(4),
            row.GetInt64(5),
            row.GetTime(6),
            (MessageMode)row.GetInt32(7),
            row.GetString(1),
            row.GetStringOrNull(2));
    }

    public void ClearAnnouncements(string destination, string fallback, DateTimeOffset until) =>
        statements.Run(WriteSql.ClearAnnouncements, until, destination, fallback);

    public virtual void SaveMessage(long deliveryId, ReadOnlyMemory<byte> json) => statements.Run(WriteSql.SaveMessage, deliveryId, json);

    public void InsertOperatorAction(long deliveryId, StoredAction action) =>
        statements.Run(WriteSql.InsertOperatorAction, deliveryId, action.At, action.What.Word(), action.By);

    public virtual void InsertAttempt(long deliveryId, int number, DateTimeOffset startedAt, SendStep step) =>
        statements.Run(WriteSql.InsertAttempt, deliveryId, number, startedAt, step.Word());

    public virtual void EndAttempt(long deliveryId, int number, AttemptEnd end) => statements.Run(
        WriteSql.EndAttempt, end.At, end.Outcome.Word(), end.Reason.Word(), end.Detail, end.Version, deliveryId, number);

    public IReadOnlyList<long> FindOpenDeliveries(string destination) =>
        ReadAll(WriteSql.FindOpenDeliveries, [destination], row => row.GetInt64(0));

    public long? FindFirstPending(string destination)
    {
        using var row = statements.Query(WriteSql.FindFirstPending, destination);
        return row.Read() ? row.GetInt64(0) : null;
    }

    public DeliverySchedule? FindSchedule(long deliveryId)
    {
        using var row = statements.Query(WriteSql.FindSchedule, deliveryId);
        return row.Read() ? ScheduleAt(row) : null;
    }

    public virtual void SaveSchedule(DeliverySchedule schedule) => statements.Run(
        WriteSql.SaveSchedule,
        (int)schedule.State,
        schedule.Reason?.Word(),
        schedule.EndedAt,
        (int)schedule.Priority,
        schedule.MayDigest,
        schedule.DueAt,
        schedule.SilenceId,
        schedule.DigestId,
        schedule.DigestNumber,
        schedule.Fallback,
        schedule.AnnounceAt,
        schedule.Id);

    public IReadOnlyList<DeliverySchedule> FindUnsent(DefectKey key, string destination) =>
        [.. ReadAll(
            WriteSql.FindUnsent,
            [key.Id, key.Source, destination],
            row => (Key: DefectKey.Of(key.Source, row.GetString(13), row.GetStringOrNull(14), key.Id), Schedule: ScheduleAt(row)))
            .Where(found => found.Key == key).Select(found => found.Schedule)];

    public IReadOnlyList<(long SilenceId, DateTimeOffset FirstDueAt)> FindDeferrals(string destination) =>
        DigestReader.ReadDeferrals(statements, destination);

    public IReadOnlyList<long> FindDeferred(string destination, long silenceId, DateTimeOffset until, int limit) =>
        ReadAll(WriteSql.FindDeferred, [destination, silenceId, until, limit], row => row.GetInt64(0));

    public IReadOnlyList<long> FindDigested(long digestId, int after, int limit) =>
        ReadAll(WriteSql.FindDigested, [digestId, after, limit], row => row.GetInt64(0));

    public IReadOnlyList<long> FindScheduled(string destination) =>
        ReadAll(WriteSql.FindScheduled, [destination], row => row.GetInt64(0));

    public Digest? FindDigest(long digestId) => DigestReader.Find(statements, DigestSql.Digest, digestId);

    public Digest? FindLatestDigest(string destination, DigestCause cause, bool isUrgent) =>
        DigestReader.FindLatest(statements, destination, cause, isUrgent);

    public void SaveDigest(Digest digest) => statements.Run(
        WriteSql.SaveDigest,
        digest.Id,
        digest.Destination,
        (int)digest.Cause,
        digest.IsUrgent,
        JsonSerializer.Serialize(digest, StoredJson.Default.Digest));

    public virtual IReadOnlyList<Silence> FindSilences(DateTimeOffset endsAfter) => SilenceReader.Read(statements, endsAfter);

    public Silence? FindSilence(long id) => SilenceReader.Find(statements, id);

    public virtual long InsertSilence(Silence silence) => statements.Insert(WriteSql.InsertSilence, silence.EndsAt, Json(silence))!.Value;

    public virtual void SaveSilence(Silence silence) => statements.Run(WriteSql.SaveSilence, silence.EndsAt, Json(silence), silence.Id);

    public virtual void DeleteSilences(DateTimeOffset endedBefore) => statements.Run(WriteSql.DeleteSilences, endedBefore);

    public LaneState? FindLane(string destination)
    {
        using var row = statements.Query(ReadSql.Lane, destination);
        return row.Read() ? ReadSession.LaneAt(row) with { Destination = destination } : null;
    }

    public void SaveLane(LaneState lane) => statements.Run(
        WriteSql.SaveLane,
        lane.Destination,
        lane.NotBefore,
        lane.WaitSince,
        lane.WaitReason?.Word(),
        lane.WaitCount,
        lane.Failures,
        lane.FailingSince,
        lane.ParkedReason?.Word(),
        lane.ParkedAt,
        lane.ParkedSettings);

    public void SaveRateLimit(RateLimitState state) =>
        statements.Run(WriteSql.SaveRateLimit, state.Key, state.Revision, state.SavedAt, state.ClosedFor, state.Deficit);

    public virtual DefectRow? FindDefect(DefectKey key)
    {
        using var row = statements.Query(WriteSql.FindDefect, key.Id, key.ProjectCode, key.Source);
        return row.Read() ? DefectAt(row, 0) : null;
    }

    public virtual void InsertDefect(DefectKey key, DefectRow row) => statements.Run(
        WriteSql.InsertDefect,
        key.Source,
        key.ProjectCode,
        key.Id,
        row.Defect.IsClosed,
        row.TouchedAt,
        Json(row.Announced),
        Json(row.Defect),
        row.Defect.Opening.Body);

    public virtual void UpdateDefect(DefectKey key, DefectRow row, bool isOpeningNew) => statements.Run(
        WriteSql.UpdateDefect,
        row.Defect.IsClosed,
        row.TouchedAt,
        Json(row.Announced),
        Json(row.Defect),
        isOpeningNew ? row.Defect.Opening.Body : default(ReadOnlyMemory<byte>?),
        key.Id,
        key.ProjectCode,
        key.Source);

    public IReadOnlyList<(DefectKey Key, Defect Defect)> FindLatestDefects(int limit) => ReadAll(
        WriteSql.FindLatestDefects,
        [limit],
        row => (KeyAt(row, 0), DefectOf(row.GetSpan(3))));

    public IReadOnlyList<StoredDefect> FindOldestDefects(long after, int limit) => ReadAll(
        WriteSql.FindOldestDefects,
        [after, limit],
        row => new StoredDefect(row.GetInt64(0), KeyAt(row, 1), row.GetBoolean(4), row.GetTime(5)));

    public virtual void DeleteDefect(DefectKey key) => statements.Run(WriteSql.DeleteDefect, key.Id, key.ProjectCode, key.Source);

    public MessageThread? FindThread(string destination, DefectKey key) => ReadSession.ReadThread(statements, destination, key);

    public virtual void SaveThread(string destination, MessageThread thread) => statements.Run(
        WriteSql.SaveThread,
        thread.Defect.Id,
        thread.Defect.ProjectCode,
        thread.Defect.Source,
        destination,
        thread.Place,
        thread.RootMessage,
        thread.PostedBy,
        thread.DigestId,
        thread.Shown,
        thread.TemplateSet,
        thread.Locked?.Word(),
        thread.IsUnthreaded,
        thread.IsUnbroadcast,
        thread.TitleKey,
        thread.ReceivedAt,
        thread.Repeats,
        thread.CountedBy,
        thread.RepeatOf);

    public MessageThread? FindRepeated(string destination, string titleKey) =>
        ReadSession.ReadRepeated(statements, destination, titleKey);

    public virtual IReadOnlyList<(string Destination, MessageMode Mode)> FindPostedMessages(DefectKey key) =>
        ReadAll(
            WriteSql.FindPostedMessages,
            [key.Id, key.ProjectCode, key.Source],
            row => (row.GetString(0), (MessageMode)row.GetInt32(1)));

    public virtual void DeleteThreads(DefectKey key) => statements.Run(WriteSql.DeleteThreads, key.Id, key.ProjectCode, key.Source);

    public IReadOnlyList<UnderwayDelivery> FindUnderway() => ReadAll(
        WriteSql.FindUnderway,
        [],
        row => new UnderwayDelivery(
            DefectKey.Of(row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetInt64OrNull(3)),
            row.GetString(4),
            (MessageMode)row.GetInt32(5),
            row.GetBoolean(6) ? SendSteps.Parse(row.GetStringOrNull(7)) : null));

    public RequestRow? FindRequest(EnrichmentRequest request)
    {
        var (number, kind, project) = EnrichmentReader.KeyOf(request);
        using var row = statements.Query(WriteSql.FindRequest, number, kind, project, request.Source);
        return row.Read() ? new RequestRow(row.GetInt32(0), row.GetTimeOrNull(1), row.GetTimeOrNull(2)) : null;
    }

    public void SaveRequest(EnrichmentRequest request, RequestRow row)
    {
        var (number, kind, project) = EnrichmentReader.KeyOf(request);
        statements.Run(WriteSql.SaveRequest, number, kind, project, request.Source, row.Tries, row.DueAt, row.OverAt);
    }

    public void DeleteRequest(EnrichmentRequest request)
    {
        var (number, kind, project) = EnrichmentReader.KeyOf(request);
        statements.Run(WriteSql.DeleteRequest, number, kind, project, request.Source);
    }

    public KnownName? FindName(string source, long teamMemberId)
    {
        using var row = statements.Query(WriteSql.FindName, teamMemberId, source);
        return row.Read() ? new KnownName(row.GetStringOrNull(0), row.GetTime(1)) : null;
    }

    public void SaveName(string source, long teamMemberId, KnownName name) =>
        statements.Run(WriteSql.SaveName, teamMemberId, source, name.Name, name.AskedAt);

    public void DeleteNames(DateTimeOffset askedBefore) => statements.Run(WriteSql.DeleteNames, askedBefore);

    public virtual IReadOnlyList<OldEvent> FindOldestEvents(long after, int limit) =>
        ReadAll(WriteSql.FindOldestEvents, [after, limit], row => new OldEvent(row.GetInt64(0), row.GetTime(1), row.GetInt64(2)));

    public DateTimeOffset? FindOldestArrival()
    {
        using var row = statements.Query(WriteSql.FindOldestArrival);
        return row.Read() ? row.GetTime(0) : null;
    }

    public virtual IReadOnlyList<(DeliveryState State, DateTimeOffset? EndedAt)> FindDeliveryStates(long eventNumber) =>
        ReadAll(WriteSql.FindDeliveryStates, [eventNumber], row => ((DeliveryState)row.GetInt32(0), row.GetTimeOrNull(1)));

    public virtual void DeleteEvent(long eventNumber)
    {
        statements.Run(WriteSql.DeleteAttempts, eventNumber);
        statements.Run(WriteSql.DeleteActions, eventNumber);
        statements.Run(WriteSql.DeleteMessages, eventNumber);
        statements.Run(WriteSql.DeleteDigests, eventNumber);
        statements.Run(WriteSql.DeleteDeliveries, eventNumber);
        statements.Run(WriteSql.DeleteEvent, eventNumber);
    }

    public void SaveClock(DateTimeOffset now) => statements.Run(WriteSql.SaveClock, now);

    public void Probe() => statements.Run(WriteSql.Probe);

    /// <summary>The delivery in a row with <see cref="WriteSql.DeliveryColumns"/>.</summary>
    protected static DeliveryRow DeliveryAt(Rows row)
    {
        var lastAttempt = row.GetInt32(11);
        return new DeliveryRow
        {
            Id = row.GetInt64(15),
            Destination = row.GetString(0),
            State = (DeliveryState)row.GetInt32(1),
            DoubtFrom = row.GetInt32(2),
            AgeFrom = row.GetInt32(3),
            MayBeRepeat = row.GetBoolean(4),
            AsRendered = row.GetBoolean(5),
            Reason = SendReasons.Parse(row.GetStringOrNull(6)),
            Detail = row.GetStringOrNull(7),
            Reference = row.GetStringOrNull(8),
            EndedAt = row.GetTimeOrNull(9),
            IsMessageStored = row.GetBoolean(10),
            LastOutcome = row.GetGuidOrNull(14),
            LastAttempt = lastAttempt,
            OpenStep = lastAttempt > 0 && row.GetBoolean(12) ? SendSteps.Parse(row.GetStringOrNull(13)) : null,
        };
    }

    /// <summary>The defect in a row with its state, its last arrival and where it was announced, from this column on.</summary>
    protected static DefectRow DefectAt(Rows row, int column) =>
        new(DefectOf(row.GetSpan(column)), row.GetTime(column + 1)) { Announced = AnnouncementsOf(row.GetStringOrNull(column + 2)) };

    private static DeliverySchedule ScheduleAt(Rows row) => new()
    {
        Id = row.GetInt64(0),
        Destination = row.GetString(1),
        State = (DeliveryState)row.GetInt32(2),
        Reason = SendReasons.Parse(row.GetStringOrNull(3)),
        EndedAt = row.GetTimeOrNull(4),
        Priority = (DeliveryPriority)row.GetInt32(5),
        MayDigest = row.GetBoolean(6),
        DueAt = row.GetTimeOrNull(7),
        SilenceId = row.GetInt64(8),
        DigestId = row.GetInt64OrNull(9),
        DigestNumber = row.GetInt32(10),
        Fallback = row.GetStringOrNull(11),
        AnnounceAt = row.GetTimeOrNull(12),
    };

    protected static string Json(Silence silence) => JsonSerializer.Serialize(silence, StoredJson.Default.Silence);

    protected static byte[] Json(Defect defect) => JsonSerializer.SerializeToUtf8Bytes(defect, StoredJson.Default.Defect);

    protected static string? Json(Announcements announced) =>
        announced.Counts.Count == 0 ? null : JsonSerializer.Serialize(announced.Counts, StoredJson.Default.IReadOnlyDictionaryStringInt32);

    private static Announcements AnnouncementsOf(string? json) => json is null
        ? Announcements.None
        : new Announcements(JsonSerializer.Deserialize(json, StoredJson.Default.IReadOnlyDictionaryStringInt32)!);

    private static Defect DefectOf(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StoredJson.Default.Defect)!;

    private static DefectKey KeyAt(Rows row, int column) => new(row.GetString(column), row.GetString(column + 1), row.GetInt64(column + 2));

    private List<T> ReadAll<T>(string sql, ReadOnlySpan<object?> values, Func<Rows, T> read)
    {
        var all = new List<T>();
        using var row = statements.Query(sql, values);
        while (row.Read()) all.Add(read(row));
        return all;
    }
}
