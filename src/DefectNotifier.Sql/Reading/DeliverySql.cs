namespace DefectNotifier.Sql.Reading;

/// <summary>The statements that list deliveries for operators. A test checks their plans like those of <see cref="ReadSql"/>.</summary>
internal static class DeliverySql
{
    /// <summary>
    /// Newest first, over at most five states (-1: none). Each is read in the order of the index and they are merged, so nothing is
    /// sorted. The order of events is the order of their deliveries.
    /// </summary>
    public const string Kept =
        $"{OfState} $first {Before} UNION ALL {OfState} $second {Before} UNION ALL {OfState} $third {Before} "
        + $"UNION ALL {OfState} $fourth {Before} UNION ALL {OfState} $fifth {Before} ORDER BY 15 DESC, 1 DESC LIMIT $limit";

    /// <summary>Newest first, all states.</summary>
    public const string Any = $"{Columns} WHERE d.id < $before ORDER BY d.id DESC LIMIT $limit";

    /// <summary>Newest first. Each priority is read in the order of the index and the three are merged, so nothing is sorted.</summary>
    public const string Waiting =
        $"{OfPriority} 0 {BeforeId} UNION ALL {OfPriority} 1 {BeforeId} UNION ALL {OfPriority} 2 {BeforeId} "
        + "ORDER BY 1 DESC LIMIT $limit";

    public const string OfEvent =
        $"""
        {Columns} WHERE d.event_seq = (SELECT o.seq FROM event AS o WHERE o.id = $event) AND d.id < $before
        ORDER BY d.id DESC LIMIT $limit
        """;

    public const string One = $"{Columns} WHERE d.id = $id";

    public const string Message = "SELECT json FROM message WHERE delivery_id = $id";

    public const string EventOf = "SELECT e.source, e.body FROM event AS e WHERE e.id = $event";

    // CROSS JOIN: SQLite keeps the order of the tables then, and with it the order of the rows. Not EXISTS, for which PostgreSQL may read
    // all messages.
    internal const string Columns =
        """
        SELECT d.id, e.id, e.name, e.project_code, e.subject_id, d.destination, d.state, d.reason, d.detail,
            coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = d.id), 0), d.may_be_repeat,
            (SELECT 1 FROM message AS m WHERE m.delivery_id = d.id) IS NOT NULL, e.received_at, d.ended_at, d.event_seq,
            d.due_at, d.silence_id, d.digest_id
        FROM delivery AS d CROSS JOIN event AS e ON e.seq = d.event_seq
        """;

    private const string OfPriority = $"{Columns} WHERE d.state = 0 AND d.destination = $destination AND d.priority =";

    private const string BeforeId = "AND d.id < $before";

    // SQLite uses a partial index only for a condition that repeats the index's own word for word: "state >= 2".
    private const string OfState = $"{Columns} WHERE d.state >= 2 AND d.state =";

    private const string Before =
        "AND d.event_seq <= (SELECT p.event_seq FROM delivery AS p WHERE p.id < $before ORDER BY p.id DESC LIMIT 1) AND d.id < $before";
}
