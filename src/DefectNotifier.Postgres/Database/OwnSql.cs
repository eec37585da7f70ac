using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Postgres.Database;

/// <summary>Statements that replace shared ones for which PostgreSQL would choose a slow plan.</summary>
internal static class OwnSql
{
    /// <summary>By the shared text.</summary>
    public static readonly IReadOnlyDictionary<string, string> Replacements = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // First the ids, then one row for each: otherwise all events would be joined when the statistics expect many deliveries.
        [DeliverySql.Waiting] =
            $"""
            SELECT x.* FROM ({OfPriority(0)} UNION ALL {OfPriority(1)} UNION ALL {OfPriority(2)} ORDER BY 1 DESC LIMIT $limit) AS w
            JOIN LATERAL ({DeliverySql.Columns} WHERE d.id = w.id LIMIT 1) AS x ON true
            ORDER BY 1 DESC
            """,

        // The planner does not see these bounds, so it expects few rows and uses the index. With visible bounds it would read the whole
        // table when the statistics are stale or missing.
        [ReadSql.Overdue] =
            """
            SELECT destination, fallback, count(*) FROM delivery
            WHERE state = 0 AND announce_at >= (SELECT 0) AND announce_at <= (SELECT $now::bigint)
            GROUP BY destination, fallback
            """,
        [ReadSql.CountRequests] =
            $"SELECT count(*) FROM enrichment_request WHERE due_at >= (SELECT 0) AND due_at <= (SELECT {long.MaxValue})",

        // LIMIT 1 forces a lookup in the index for each attempt or lane. With wrong statistics a plain join reads all deliveries.
        [WriteSql.FindOpenDeliveries] =
            """
            SELECT a.delivery_id FROM attempt AS a
            JOIN LATERAL (SELECT p.destination FROM delivery AS p WHERE p.id = a.delivery_id LIMIT 1) AS d ON true
            WHERE a.ended_at IS NULL AND d.destination = $destination
            """,
        [WriteSql.FindUnderway] =
            $"""
            {WriteSql.Underway}
            JOIN LATERAL (SELECT p.* FROM delivery AS p WHERE p.id = now.id LIMIT 1) AS d ON true
            {WriteSql.OfUnderway}
            """,
    };

    // The range is a single destination. With an equality, PostgreSQL could also read all deliveries from the newest one on, which it does
    // when its statistics are old and show many pending deliveries.
    private static string OfPriority(int priority) =>
        $"""
        SELECT * FROM (
            SELECT d.id FROM delivery AS d
            WHERE d.state = 0 AND d.destination >= $destination AND d.destination <= $destination AND d.priority = {priority}
                AND d.id < $before
            ORDER BY d.destination DESC, d.priority DESC, d.id DESC LIMIT $limit) AS p{priority}
        """;
}
