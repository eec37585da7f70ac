using System.Text.Json;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>Reads stored events with their bodies.</summary>
internal sealed class ArchiveReader(SqliteConnection connection) : IDisposable
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Events stand in the order in which they were stored; where the clock was set back that is not quite the order of their times.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    private readonly Statement _events = new(connection, OutboxSql.ReadArchive, "$before", "$limit");

    public ArchivePage Read(ArchiveQuery query)
    {
        var (events, limit) = (new List<ArchivedEvent>(), Math.Clamp(query.Limit, 1, ArchiveQuery.MaxLimit));
        var (rows, bytes, last) = (0, 0L, 0L);
        using var row = _events.Query(query.Before ?? long.MaxValue, limit);
        while (bytes < MaxBytes && row.Read())
        {
            var receivedAt = row.GetTime(3);
            if (receivedAt < query.Since - ClockSlack) return new ArchivePage(events, Next: null);
            (rows, last) = (rows + 1, row.GetInt64(0));
            if (receivedAt < query.Since) continue;
            var body = row.GetFieldValue<byte[]>(5);
            bytes += body.Length;
            events.Add(new ArchivedEvent(row.GetString(1), row.GetString(2), receivedAt, JsonSerializer.Deserialize(row.GetString(4), StoredJson.Default.RoutingDecision)!, body));
        }

        return new ArchivePage(events, rows == limit || bytes >= MaxBytes ? last : null);
    }

    public void Dispose() => _events.Dispose();
}
