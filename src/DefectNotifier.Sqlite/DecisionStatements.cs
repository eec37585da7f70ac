using System.Runtime.CompilerServices;
using System.Text.Json;
using DefectNotifier.Routing;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// The prepared statements of the one connection that writes, as far as they keep decisions. A decision has a sentence for each route and many events share it: it is
/// stored once for all of them.
/// </summary>
internal sealed class DecisionStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>So many events after it was stored may share a decision. Later ones get it anew, so that the old one can be forgotten with the events that have it.</summary>
    internal const long MaxShared = 65_536;

    private readonly Statement _insert = new(connection, OutboxSql.InsertDecision, "$since", "$json");
    private readonly Statement _newest = new(connection, OutboxSql.ReadNewestSeq);
    private readonly Statement _delete = new(connection, OutboxSql.DeleteOldDecisions, "$margin", "$limit");
    private readonly ConditionalWeakTable<RoutingDecision, StoredDecision> _stored = [];
    private long? _newestSeq;

    /// <summary>The number under which the decision of the next event is stored.</summary>
    public long Store(RoutingDecision decision)
    {
        _newestSeq ??= _newest.RunForNumber() ?? 0;
        if (_stored.TryGetValue(decision, out var known) && _newestSeq.Value - known.Since is >= 0 and < MaxShared) return known.Id;
        var id = _insert.RunForRow(_newestSeq.Value, JsonSerializer.Serialize(decision, StoredJson.Default.RoutingDecision))!.Value;
        _stored.AddOrUpdate(decision, new StoredDecision(id, _newestSeq.Value));
        return id;
    }

    /// <summary>An event was inserted.</summary>
    public void Follow(long seq) => _newestSeq = seq;

    /// <summary>The transaction was undone.</summary>
    public void Forget()
    {
        _stored.Clear();
        _newestSeq = null;
    }

    /// <summary>Deletes decisions that no event has any more.</summary>
    /// <returns>How many.</returns>
    public int DeleteOld(int limit) => _delete.Run(2 * MaxShared, limit);

    public void Dispose()
    {
        _insert.Dispose();
        _newest.Dispose();
        _delete.Dispose();
    }

    private sealed record StoredDecision(long Id, long Since);
}
