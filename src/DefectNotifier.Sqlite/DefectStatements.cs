using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>The prepared statements of the one connection that writes, as far as they remember defects.</summary>
internal sealed class DefectStatements(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(connection, OutboxSql.FindDefect, "$number", "$project", "$source");
    private readonly Statement _insert = new(connection, OutboxSql.InsertDefect, "$source", "$project", "$number", "$closed", "$touchedAt", "$state", "$opening");
    private readonly Statement _update = new(connection, OutboxSql.UpdateDefect, "$id", "$closed", "$touchedAt", "$state", "$opening");
    private readonly Statement _oldest = new(connection, OutboxSql.ReadOldestDefects, "$after", "$limit");
    private readonly Statement _oldestArrival = new(connection, OutboxSql.ReadOldestArrival);
    private readonly Statement _messages = new(connection, OutboxSql.FindMessages, "$number", "$project", "$source");
    private readonly Statement _underway = new(connection, OutboxSql.FindUnderway);
    private readonly Statement _latest = new(connection, OutboxSql.ReadLatestDefects, "$limit");
    private readonly Statement _deleteThreads = new(connection, OutboxSql.DeleteThreads, "$id");
    private readonly Statement _delete = new(connection, OutboxSql.DeleteDefect, "$id");

    /// <summary>Adds an event to what is remembered of its defect, and answers what that was before and is now.</summary>
    /// <param name="newEvent">The event.</param>
    /// <param name="alone">What it says by itself.</param>
    /// <param name="body">Its body.</param>
    public (Defect? Before, Defect After) Remember(NewEvent newEvent, DefectAlone alone, byte[] body)
    {
        var key = alone.Key;
        // A burst is made of new defects: for those nothing is looked for.
        if (alone.Defect.Opened is not null && Insert()) return (null, alone.Defect);
        var (id, before) = Find(key);
        if (id is null)
        {
            Insert();
            return (null, alone.Defect);
        }

        var after = Defect.After(before, newEvent.DefectEvent!, newEvent.Id, newEvent.ReceivedAt, body);
        _update.Run(id, after.IsClosed ? 1 : 0, newEvent.ReceivedAt.ToColumn(), Json(after), after.Opening == before?.Opening ? null : body);
        return (before, after);

        bool Insert() => _insert.Run(key.Source, key.ProjectCode, key.Id, alone.Defect.IsClosed ? 1 : 0, newEvent.ReceivedAt.ToColumn(), alone.Json, body) > 0;
    }

    /// <summary>Adds what Qase's API told, and answers what was remembered before and is now; null twice when the defect was forgotten.</summary>
    public (Defect? Before, Defect? After) ApplyEnrichment(DefectKey key, DefectDetails details)
    {
        var (id, before) = Find(key);
        if (before is null) return (null, null);
        var after = before.With(details);
        // It is no news of the defect: how long it is remembered goes by its events.
        _update.Run(id, after.IsClosed ? 1 : 0, 0, Json(after), null);
        return (before, after);
    }

    /// <summary>The destinations where a message stands for a defect and is kept true.</summary>
    public IReadOnlyList<string> FindMessages(DefectKey key)
    {
        var destinations = new List<string>();
        using var row = _messages.Query(key.Id, key.ProjectCode, key.Source);
        while (row.Read())
            destinations.Add(row.GetString(0));
        return destinations;
    }

    /// <summary>The defects whose messages lanes may be sending just now, and where to.</summary>
    public ILookup<DefectKey, string> FindUnderway()
    {
        var underway = new List<(DefectKey Defect, string Destination)>();
        using var row = _underway.Query();
        while (row.Read())
        {
            var defect = DefectKey.Of(row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetInt64OrNull(3));
            if (defect is { } key) underway.Add((key, row.GetString(4)));
        }

        return underway.ToLookup(one => one.Defect, one => one.Destination);
    }

    /// <summary>Those of the latest defects that a person has to do with.</summary>
    public IReadOnlyList<DefectKey> FindLatestOf(string source, long teamMemberId, int limit)
    {
        var defects = new List<DefectKey>();
        using var row = _latest.Query(limit);
        while (row.Read())
        {
            if (row.GetString(0) != source) continue;
            var defect = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(3), StoredJson.Default.Defect)!;
            if (defect.TeamMembers().Contains(teamMemberId)) defects.Add(new DefectKey(source, row.GetString(1), row.GetInt64(2)));
        }

        return defects;
    }

    /// <summary>The next defects of a walk.</summary>
    public IReadOnlyList<(long Id, bool IsClosed, DateTimeOffset TouchedAt)> ReadOldest(long after, int limit)
    {
        var defects = new List<(long, bool, DateTimeOffset)>();
        using var row = _oldest.Query(after, limit);
        while (row.Read())
            defects.Add((row.GetInt64(0), row.GetBoolean(1), row.GetTime(2)));
        return defects;
    }

    public DateTimeOffset? ReadOldestArrival()
    {
        using var row = _oldestArrival.Query();
        return row.Read() ? row.GetTime(0) : null;
    }

    /// <summary>Forgets a defect, and with it which messages stand for it.</summary>
    public void Delete(long id)
    {
        _deleteThreads.Run(id);
        _delete.Run(id);
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _oldest.Dispose();
        _oldestArrival.Dispose();
        _messages.Dispose();
        _underway.Dispose();
        _latest.Dispose();
        _deleteThreads.Dispose();
        _delete.Dispose();
    }

    private static byte[] Json(Defect defect) => JsonSerializer.SerializeToUtf8Bytes(defect, StoredJson.Default.Defect);

    private (long? Id, Defect? Defect) Find(DefectKey key)
    {
        using var row = _find.Query(key.Id, key.ProjectCode, key.Source);
        return row.Read() ? (row.GetInt64(0), JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), StoredJson.Default.Defect)) : (null, null);
    }
}
