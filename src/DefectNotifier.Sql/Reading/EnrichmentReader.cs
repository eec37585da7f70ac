using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Sql.Reading;

/// <summary>Reads the pending requests to Qase, and the names of members.</summary>
internal static class EnrichmentReader
{
    // The kinds of requests, as they are stored: for the details of a defect, and for a name.
    private const int DefectKind = 1;
    private const int NameKind = 2;

    // From one workspace to the next: each is one step in the index, however many requests it has.
    public static IReadOnlyList<EnrichmentQueue> ReadQueues(ReadSession session, int limit)
    {
        var queues = new List<EnrichmentQueue>();
        // The default endpoint has the empty name. Names have no control characters, so none comes between.
        var next = ReadQueueFrom(session, "");
        while (next is not null && queues.Count < limit)
        {
            queues.Add(next);
            next = ReadQueueFrom(session, next.Source + '\u0001');
        }

        return queues;
    }

    public static IReadOnlyList<EnrichmentRequest> Read(ReadSession session, string source, DateTimeOffset until, int limit)
    {
        var requests = new List<EnrichmentRequest>();
        using var row = session.Statements.Query(ReadSql.Requests, source, until, limit);
        while (row.Read())
        {
            var (project, number) = (row.GetString(1), row.GetInt64(2));
            var request = row.GetInt32(0) == DefectKind
                ? EnrichmentRequest.Of(new DefectKey(source, project, number))
                : EnrichmentRequest.Name(source, number);
            requests.Add(request with { Tries = row.GetInt32(3) });
        }

        return requests;
    }

    public static bool IsPending(ReadSession session, EnrichmentRequest request)
    {
        var (number, kind, project) = KeyOf(request);
        using var row = session.Statements.Query(ReadSql.PendingRequest, number, kind, project, request.Source);
        return row.Read();
    }

    /// <summary>The columns that identify a request, besides its source.</summary>
    public static (long Number, int Kind, string Project) KeyOf(EnrichmentRequest request) =>
        request.Defect is { } defect ? (defect.Id, DefectKind, defect.ProjectCode) : (request.TeamMemberId, NameKind, "");

    public static long Count(ReadSession session) => session.Statements.ReadNumber(ReadSql.CountRequests);

    public static IReadOnlyDictionary<long, string> ReadNames(ReadSession session, string source, IReadOnlyCollection<long> ids)
    {
        var names = new Dictionary<long, string>();
        foreach (var id in ids)
        {
            using var row = session.Statements.Query(ReadSql.Member, id, source);
            if (row.Read() && row.GetStringOrNull(0) is { } name) names[id] = name;
        }

        return names;
    }

    private static EnrichmentQueue? ReadQueueFrom(ReadSession session, string source)
    {
        using var row = session.Statements.Query(ReadSql.NextQueue, source);
        return row.Read() ? new EnrichmentQueue(row.GetString(0), row.GetTime(1)) : null;
    }
}
