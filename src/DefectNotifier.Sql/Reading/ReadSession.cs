using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>One connection that reads; used by one reader at a time, and not again after it threw.</summary>
internal sealed class ReadSession(Statements statements) : IDisposable
{
    public Statements Statements => statements;

    /// <summary>Runs several reads on one snapshot.</summary>
    public T AtOnce<T>(Func<ReadSession, T> read) => statements.AtOnce(() => read(this));

    public PendingPage ReadPending(string destination, DateTimeOffset now, int limit, int pageBytes)
    {
        var page = new List<PendingDelivery>();
        var bytes = 0L;
        using var row = statements.Query(ReadSql.Pending, destination, now, limit);
        while (row.Read())
        {
            var delivery = Pending(row, destination);
            bytes += delivery.Body.Length;
            if (page.Count > 0 && bytes > pageBytes) return new PendingPage(page, MayHaveMore: true);
            page.Add(delivery);
        }

        return new PendingPage(page, MayHaveMore: page.Count == limit);
    }

    /// <summary>A delivery in any state; null: there is none.</summary>
    public PendingDelivery? ReadDelivery(long deliveryId)
    {
        using var row = statements.Query(ReadSql.Delivery, deliveryId);
        return row.Read() ? Pending(row, row.GetString(2)) : null;
    }

    public IReadOnlyList<LaneState> ReadLanes()
    {
        var lanes = new List<LaneState>();
        using var row = statements.Query($"{ReadSql.Lanes} ORDER BY destination");
        while (row.Read()) lanes.Add(LaneAt(row));
        return lanes;
    }

    /// <summary>The lane in a row of <see cref="ReadSql.Lanes"/>.</summary>
    public static LaneState LaneAt(Rows row) => new(row.GetString(0))
    {
        NotBefore = row.GetTimeOrNull(1),
        WaitSince = row.GetTimeOrNull(2),
        WaitReason = SendReasons.Parse(row.GetStringOrNull(3)),
        WaitCount = row.GetInt32(4),
        Failures = row.GetInt32(5),
        FailingSince = row.GetTimeOrNull(6),
        ParkedReason = SendReasons.Parse(row.GetStringOrNull(7)),
        ParkedAt = row.GetTimeOrNull(8),
        ParkedSettings = row.GetStringOrNull(9),
    };

    public RateLimitState? ReadRateLimit(string key)
    {
        using var row = statements.Query(ReadSql.RateLimit, key);
        if (!row.Read()) return null;
        return new RateLimitState(key)
        {
            Revision = row.GetInt64(0),
            SavedAt = row.GetTime(1),
            ClosedFor = row.GetDuration(2),
            Deficit = row.GetDuration(3),
        };
    }

    public Defect? ReadDefect(DefectKey key)
    {
        using var row = statements.Query(ReadSql.Defect, key.Id, key.ProjectCode, key.Source);
        if (!row.Read()) return null;
        var defect = JsonSerializer.Deserialize(row.GetSpan(0), StoredJson.Default.Defect)!;
        return defect with { Opening = defect.Opening with { Body = row.GetBytes(1) } };
    }

    public MessageThread? ReadThread(string destination, DefectKey key) => ReadThread(statements, destination, key);

    public static MessageThread? ReadThread(Statements statements, string destination, DefectKey key)
    {
        using var row = statements.Query(ReadSql.Thread, key.Id, key.ProjectCode, key.Source, destination);
        return row.Read() ? ThreadAt(row, key) : null;
    }

    public static MessageThread? ReadRepeated(Statements statements, string destination, string titleKey)
    {
        using var row = statements.Query(ReadSql.Repeated, destination, titleKey);
        return row.Read() ? ThreadAt(row, new DefectKey(row.GetString(14), row.GetString(15), row.GetInt64(16))) : null;
    }

    public IReadOnlyList<OverdueDeliveries> ReadOverdue(DateTimeOffset now)
    {
        var overdue = new List<OverdueDeliveries>();
        using var row = statements.Query(ReadSql.Overdue, now);
        while (row.Read())
        {
            var (destination, fallback) = (row.GetString(0), row.GetString(1));
            overdue.Add(new OverdueDeliveries(destination, fallback, row.GetInt64(2), ReadOldestOverdue(now, destination, fallback)));
        }

        return overdue;
    }

    public IReadOnlyList<Backlog> ReadBacklog()
    {
        var backlog = new List<Backlog>();
        using var row = statements.Query(ReadSql.Backlog);
        while (row.Read()) backlog.Add(new Backlog(row.GetString(0), row.GetInt64(1), row.GetTimeOrNull(2) ?? throw Damaged()));
        return backlog;
    }

    public DateTimeOffset? ReadClock()
    {
        using var row = statements.Query(ReadSql.Clock);
        return row.Read() ? row.GetTimeOrNull(0) : null;
    }

    public void Dispose() => statements.Dispose();

    private List<PendingDelivery> ReadOldestOverdue(DateTimeOffset now, string destination, string fallback)
    {
        var oldest = new List<PendingDelivery>();
        using var row = statements.Query(ReadSql.OldestOverdue, now, destination, fallback, OverdueDeliveries.MaxShown);
        while (row.Read()) oldest.Add(Pending(row, destination));
        return oldest;
    }

    private static MessageThread ThreadAt(Rows row, DefectKey key) => new(key)
    {
        Place = row.GetString(0),
        RootMessage = row.GetStringOrNull(1),
        PostedBy = row.GetInt64(2),
        Shown = row.GetStringOrNull(3),
        TemplateSet = row.GetStringOrNull(4),
        Locked = SendReasons.Parse(row.GetStringOrNull(5)),
        IsUnthreaded = row.GetBoolean(6),
        IsUnbroadcast = row.GetBoolean(7),
        DigestId = row.GetInt64OrNull(8),
        TitleKey = row.GetStringOrNull(9),
        ReceivedAt = row.GetTimeOrNull(10),
        Repeats = row.GetInt32(11),
        RepeatOf = row.GetInt64OrNull(12),
        CountedBy = row.GetInt64OrNull(13),
    };

    private static OutboxUnavailableException Damaged() => new(SqlErrors.Damaged);

    private static PendingDelivery Pending(Rows row, string destination) => new()
    {
        Id = row.GetInt64(0),
        EventId = row.GetStringOrNull(1) ?? throw Damaged(),
        EventName = row.GetString(16),
        Destination = destination,
        TemplateSet = row.GetStringOrNull(3),
        MayBeRepeat = row.GetBoolean(4),
        ReceivedAt = row.GetTime(5),
        Source = row.GetString(6),
        TraceParent = row.GetStringOrNull(7),
        Body = row.GetBytes(8),
        FirstAttemptAt = row.GetTimeOrNull(9),
        DoubtfulSince = row.GetTimeOrNull(10),
        IsInDoubt = row.GetBoolean(11),
        Route = row.GetInt32(12),
        MaxAge = row.GetDurationOrNull(13),
        Fallback = row.GetStringOrNull(14),
        // Not null for an empty message: a conditional expression would convert a missing array to one.
        Rendered = row.IsNull(15) ? default(ReadOnlyMemory<byte>?) : row.GetBytes(15),
        Defect = DefectKey.Of(row.GetString(6), row.GetString(16), row.GetStringOrNull(17), row.GetInt64OrNull(18)),
        Kind = (DeliveryKind)row.GetInt32(22),
        MessageMode = (MessageMode)row.GetInt32(19),
        Broadcast = (BroadcastWhen)row.GetInt32(20),
        LastAttemptAt = row.GetTimeOrNull(21),
        Priority = (DeliveryPriority)row.GetInt32(23),
        MayDigest = row.GetBoolean(24),
        RepeatWithin = row.GetDurationOrNull(25),
    };
}
