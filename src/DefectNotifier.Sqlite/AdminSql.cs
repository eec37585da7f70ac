namespace DefectNotifier.Sqlite;

/// <summary>The statements for operators: lists of deliveries, and their words over them. Held to the same plans as <see cref="OutboxSql"/>.</summary>
internal static class AdminSql
{
    /// <summary>
    /// Newest first, over three states at most (-1: none). Each is read in the order of the index and the three are merged, so nothing is sorted. Within
    /// what is stored at one time, the order of events is the order of deliveries.
    /// </summary>
    public const string ReadKept =
        $"{Kept} $first {Before} UNION ALL {Kept} $second {Before} UNION ALL {Kept} $third {Before} ORDER BY 15 DESC, 1 DESC";

    /// <summary>Newest first, all states: read until there are enough.</summary>
    public const string ReadAny = $"{Columns} WHERE d.id < $before ORDER BY d.id DESC";

    public const string ReadWaiting = $"{Columns} WHERE d.state = 0 AND d.destination = $destination AND d.id < $before ORDER BY d.id DESC";

    public const string ReadOfEvent = $"{Columns} WHERE d.event_seq = (SELECT o.seq FROM event AS o WHERE o.id = $event) AND d.id < $before ORDER BY d.id DESC";

    public const string ReadOne = $"{Columns} WHERE d.id = $id";

    public const string ReadMessage = "SELECT json FROM message WHERE delivery_id = $id";

    public const string FindDelivery = "SELECT d.state, d.destination, EXISTS (SELECT 1 FROM message AS m WHERE m.delivery_id = d.id) FROM delivery AS d WHERE d.id = $id";

    /// <summary>The reason goes: it is the one of an end that is none any more. The history keeps it.</summary>
    public const string PutBack =
        """
        UPDATE delivery SET
            state = 0, as_rendered = $asRendered, reason = NULL, detail = NULL, ended_at = NULL,
            tries_from = 1 + coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = $id), 0),
            age_from = 1 + coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = $id), 0)
        WHERE id = $id
        """;

    public const string Discard = "UPDATE delivery SET state = 4, ended_at = $at WHERE id = $id";

    public const string NoteWord =
        """
        INSERT INTO operator_word (delivery_id, number, at, what)
        SELECT $id, 1 + coalesce(max(number), 0), $at, $what FROM operator_word WHERE delivery_id = $id
        """;

    // CROSS JOIN: SQLite keeps the order of the tables then, and with it the order of the rows.
    private const string Columns =
        """
        SELECT d.id, e.id, e.name, e.project_code, e.subject_id, d.destination, d.state, d.reason, d.detail,
            coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = d.id), 0), d.may_be_repeat,
            EXISTS (SELECT 1 FROM message AS m WHERE m.delivery_id = d.id), e.received_at, d.ended_at, d.event_seq
        FROM delivery AS d CROSS JOIN event AS e ON e.seq = d.event_seq
        """;

    // "state >= 2" says nothing new, but SQLite takes a partial index only for a condition that it finds word for word.
    private const string Kept = $"{Columns} WHERE d.state >= 2 AND d.state =";

    private const string Before =
        "AND d.event_seq <= (SELECT p.event_seq FROM delivery AS p WHERE p.id < $before ORDER BY p.id DESC LIMIT 1) AND d.id < $before";
}
