using DefectNotifier.Events;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Storage;

/// <summary>Reads what is wanted of Qase, and names.</summary>
internal sealed class WishReader(SqliteConnection connection) : IDisposable
{
    public const int DefectKind = 1;
    public const int NameKind = 2;

    private readonly Statement _nextQueue = new(connection, OutboxSql.ReadNextQueue, "$from");
    private readonly Statement _wishes = new(connection, OutboxSql.ReadWishes, "$source", "$until", "$limit");
    private readonly Statement _count = new(connection, OutboxSql.CountWishes);
    private readonly Statement _person = new(connection, OutboxSql.ReadPerson, "$number", "$source");

    // From one workspace to the next: each is one step in the index, however much is wanted of it.
    public IReadOnlyList<WishQueue> ReadQueues(int limit)
    {
        var queues = new List<WishQueue>();
        // The plain endpoint has the empty name. No name has control characters in it, so nothing comes between.
        for (var next = ReadFrom(""); next is not null && queues.Count < limit; next = ReadFrom(next.Source + '\u0001'))
            queues.Add(next);
        return queues;
    }

    public IReadOnlyList<Wish> Read(string source, DateTimeOffset until, int limit)
    {
        var wishes = new List<Wish>();
        using var row = _wishes.Query(source, until.ToColumn(), limit);
        while (row.Read())
        {
            var (project, number) = (row.GetString(1), row.GetInt64(2));
            var wish = row.GetInt32(0) == DefectKind ? Wish.Of(new DefectKey(source, project, number)) : Wish.Name(source, number);
            wishes.Add(wish with { Tries = row.GetInt32(3) });
        }

        return wishes;
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

    private WishQueue? ReadFrom(string source)
    {
        using var row = _nextQueue.Query(source);
        return row.Read() ? new WishQueue(row.GetString(0), row.GetTime(1)) : null;
    }
}
