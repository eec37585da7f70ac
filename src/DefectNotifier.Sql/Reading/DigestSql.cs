namespace DefectNotifier.Sql.Reading;

/// <summary>The statements about digests and deferred deliveries. A test checks their plans like those of <see cref="ReadSql"/>.</summary>
internal static class DigestSql
{
    public const string Digest = "SELECT state FROM digest WHERE id = $id";

    /// <summary>Without those that were given up.</summary>
    public const string Latest =
        """
        SELECT state FROM digest AS g WHERE g.destination = $destination AND g.cause = $cause AND g.is_urgent = $isUrgent
            AND EXISTS (SELECT 1 FROM delivery AS d WHERE d.id = g.id AND d.state IN (0, 1))
        ORDER BY g.id DESC LIMIT 1
        """;

    public const string Members =
        """
        SELECT e.source, e.name, e.project_code, e.subject_id, e.received_at
        FROM delivery AS d CROSS JOIN event AS e ON e.seq = d.event_seq
        WHERE d.digest_id = $digest ORDER BY d.digest_number
        """;

    /// <summary>When the next digest of a destination becomes due.</summary>
    public const string NextDue =
        """
        SELECT due_at FROM delivery WHERE state = 0 AND destination = $destination AND due_at IS NOT NULL AND due_at > $now
        ORDER BY due_at LIMIT 1
        """;

    public const string DeferredCounts =
        "SELECT destination, silence_id, count(*), min(due_at) FROM delivery WHERE state = 6 GROUP BY destination, silence_id";

    /// <summary>Goes from one silence to the next by the index, however many deliveries each defers.</summary>
    public const string Deferrals =
        """
        WITH RECURSIVE silenced (id) AS (
            SELECT (SELECT silence_id FROM delivery WHERE state = 6 AND destination = $destination ORDER BY silence_id LIMIT 1)
            UNION ALL
            SELECT (SELECT d.silence_id FROM delivery AS d WHERE d.state = 6 AND d.destination = $destination
                AND d.silence_id > silenced.id ORDER BY d.silence_id LIMIT 1)
            FROM silenced WHERE silenced.id IS NOT NULL)
        SELECT id, (SELECT d.due_at FROM delivery AS d WHERE d.state = 6 AND d.destination = $destination AND d.silence_id = silenced.id
            ORDER BY d.due_at LIMIT 1)
        FROM silenced WHERE id IS NOT NULL
        """;
}
