using DefectNotifier.Events;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>Reads what is wanted of Qase, and names.</summary>
internal sealed class EnrichmentReader(SqliteConnection connection) : IDisposable
{
    public const int DefectKind = 1;
    public const int NameKind = 2;

    private readonly Statement _nextQueue = new(connection, OutboxSql.ReadNextQueue, "$from");
    private readonly Statement _wishes = new(connection, OutboxSql.ReadEnrichmentRequests, "$source", "$until", "$limit");
    private readonly Statement _count = new(connection, OutboxSql.CountEnrichmentRequests);
    private readonly Statement _person = new(connection, OutboxSql.ReadPerson, "$number", "$source");

    // From one workspace to the next: each is one step in the index, however much is wanted of it.
    public IReadOnlyList<EnrichmentQueue> ReadQueues(int limit)
    {
        var queues = new List<EnrichmentQueue>();
        // The plain endpoint has the empty name. No name has control characters in it, so nothing comes between.
        for (var next = ReadFrom(""); next is not null && queues.Count < limit; next = ReadFrom(next.Source + '\u0001'))
            queues.Add(next);
        return queues;
    }

    public IReadOnlyList<EnrichmentRequest> Read(string source, DateTimeOffset until, int limit)
    {
        var requests = new List<EnrichmentRequest>();
        using var row = _wishes.Query(source, until.ToColumn(), limit);
        while (row.Read())
        {
            var (project, number) = (row.GetString(1), row.GetInt64(2));
            var request = row.GetInt32(0) == DefectKind ? EnrichmentRequest.Of(new DefectKey(source, project, number)) : EnrichmentRequest.Name(source, number);
            requests.Add(request with { Tries = row.GetInt32(3) });
        }

        return requests;
    }

    public long Count() => _count.RunForNumber()!.Value;

    public IReadOnlyDictionary<long, string> ReadNames(string source, IReadOnlyCollection<long> ids)
    {
        var names = new Dictionary<long, string>();
        foreach (var id in ids)
        {
            using var row = _person.Query(id, source);
            if (row.Read() && row.GetStringOrNull(0) is { } name) names[id] = name;
        }

        return names;
    }

    public void Dispose()
    {
        _nextQueue.Dispose();
        _wishes.Dispose();
        _count.Dispose();
        _person.Dispose();
    }

    private EnrichmentQueue? ReadFrom(string source)
    {
        using var row = _nextQueue.Query(source);
        return row.Read() ? new EnrichmentQueue(row.GetString(0), row.GetTime(1)) : null;
    }
}
