using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Routing;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>One connection that reads, with its prepared statements; used by one reader at a time, and not again after it threw.</summary>
internal sealed class ReadSession(SqliteConnection connection) : IDisposable
{
    private readonly Statement _pending = new(connection, OutboxSql.ReadPending, "$destination", "$limit");
    private readonly Statement _lane = new(connection, OutboxSql.ReadLane, "$destination");
    private readonly Statement _throttle = new(connection, OutboxSql.ReadRateLimit, "$key");
    private readonly Statement _defect = new(connection, OutboxSql.ReadDefect, "$number", "$project", "$source");
    private readonly Statement _conversation = new(connection, OutboxSql.ReadThread, "$number", "$project", "$source", "$destination");
    private readonly Statement _overdue = new(connection, OutboxSql.ReadOverdue, "$now");
    private readonly Statement _oldestOverdue = new(connection, OutboxSql.ReadOldestOverdue, "$now", "$destination", "$fallback", "$limit");
    private readonly Statement _backlog = new(connection, OutboxSql.ReadBacklog);
    private readonly Statement _usedBytes = new(connection, OutboxSql.ReadUsedBytes);
    private readonly Statement _begin = new(connection, "BEGIN");
    private readonly Statement _end = new(connection, "COMMIT");
    private readonly EventReader _events = new(connection);
    private readonly DeliveryReader _deliveries = new(connection);
    private readonly ArchiveReader _archive = new(connection);
    private readonly EnrichmentReader _wishes = new(connection);

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
            HeldAt = row.GetTimeOrNull(1),
            HoldReason = SendReasons.Parse(row.GetStringOrNull(2)),
            HoldCount = row.GetInt32(3),
            Failures = row.GetInt32(4),
            FailingSince = row.GetTimeOrNull(5),
            ParkedReason = SendReasons.Parse(row.GetStringOrNull(6)),
            ParkedAt = row.GetTimeOrNull(7),
            ParkedSettings = row.GetStringOrNull(8),
        };
    }

    public RateLimitState? ReadRateLimit(string key)
    {
        using var row = _throttle.Query(key);
        if (!row.Read()) return null;
        return new RateLimitState(key)
        {
            Revision = row.GetInt64(0),
            SavedAt = row.GetTime(1),
            Hold = row.GetSpan(2),
            Deficit = row.GetSpan(3),
            Slowness = row.GetInt32(4),
            SinceSlowed = row.GetSpan(5),
        };
    }

    public Defect? ReadDefect(DefectKey key)
    {
        using var row = _defect.Query(key.Id, key.ProjectCode, key.Source);
        if (!row.Read()) return null;
        var defect = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), StoredJson.Default.Defect)!;
        return defect with { Opening = defect.Opening with { Body = row.GetFieldValue<byte[]>(1) } };
    }

    public IReadOnlyDictionary<DefectKey, Defect> ReadDefects(IReadOnlyCollection<DefectKey> keys)
    {
        var defects = new Dictionary<DefectKey, Defect>();
        // One transaction: what the file holds is looked at once, and pages that were read for one are there for the others.
        _begin.Run();
        foreach (var key in keys)
            if (ReadDefect(key) is { } defect) defects[key] = defect;
        _end.Run();
        return defects;
    }

    public MessageThread? ReadThread(string destination, DefectKey key)
    {
        using var row = _conversation.Query(key.Id, key.ProjectCode, key.Source, destination);
        if (!row.Read()) return null;
        return new MessageThread(key)
        {
            Place = row.GetString(0),
            Root = row.GetStringOrNull(1),
            PostedBy = row.GetInt64(2),
            Shown = row.GetStringOrNull(3),
            TemplateSet = row.GetStringOrNull(4),
            Locked = SendReasons.Parse(row.GetStringOrNull(5)),
            IsUnthreaded = row.GetBoolean(6),
            IsUnbroadcast = row.GetBoolean(7),
        };
    }

    public EnrichmentReader EnrichmentRequests => _wishes;

    public IReadOnlyList<OverdueDeliveries> ReadOverdue(DateTimeOffset now)
    {
        var overdue = new List<OverdueDeliveries>();
        using var row = _overdue.Query(now.ToColumn());
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
        using var row = _backlog.Query();
        while (row.Read())
            backlog.Add(new Backlog(row.GetString(0), row.GetInt64(1), row.GetTime(2)));
        return backlog;
    }

    public long ReadUsedBytes() => _usedBytes.RunForNumber()!.Value;

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

    public ArchivePage ReadArchive(ArchiveQuery query) => _archive.Read(query);

    public void Dispose()
    {
        _archive.Dispose();
        _wishes.Dispose();
        _pending.Dispose();
        _lane.Dispose();
        _throttle.Dispose();
        _defect.Dispose();
        _conversation.Dispose();
        _overdue.Dispose();
        _oldestOverdue.Dispose();
        _backlog.Dispose();
        _usedBytes.Dispose();
        _begin.Dispose();
        _end.Dispose();
        _events.Dispose();
        _deliveries.Dispose();
        connection.Dispose();
    }

    // Not with "? :", which makes an empty message of a missing one.
    private static ReadOnlyMemory<byte>? Rendered(SqliteDataReader row)
    {
        if (row.IsDBNull(16)) return null;
        return row.GetFieldValue<byte[]>(16);
    }

    private List<PendingDelivery> ReadOldestOverdue(DateTimeOffset now, string destination, string fallback)
    {
        var oldest = new List<PendingDelivery>();
        using var row = _oldestOverdue.Query(now.ToColumn(), destination, fallback, OverdueDeliveries.MaxShown);
        while (row.Read())
            oldest.Add(Pending(row, destination));
        return oldest;
    }

    private static PendingDelivery Pending(SqliteDataReader row, string destination) => new()
    {
        Id = row.GetInt64(0),
        EventId = row.GetString(1),
        EventName = row.GetString(17),
        Destination = destination,
        TemplateSet = row.GetStringOrNull(3),
        Attempts = row.GetInt32(4),
        MayBeRepeat = row.GetBoolean(5),
        ReceivedAt = row.GetTime(6),
        Source = row.GetString(7),
        TraceParent = row.GetStringOrNull(8),
        Body = row.GetFieldValue<byte[]>(9),
        FirstAttemptAt = row.GetTimeOrNull(10),
        DoubtfulSince = row.GetTimeOrNull(11),
        IsInDoubt = row.GetBoolean(12),
        Route = row.GetInt32(13),
        MaxAge = row.GetInt64OrNull(14) is { } age ? TimeSpan.FromMilliseconds(age) : null,
        Fallback = row.GetStringOrNull(15),
        Rendered = Rendered(row),
        Defect = DefectKey.Of(row.GetString(7), row.GetString(17), row.GetStringOrNull(18), row.GetInt64OrNull(19)),
        MessageMode = (MessageMode)row.GetInt32(20),
        Broadcast = (BroadcastWhen)row.GetInt32(21),
    };
}
