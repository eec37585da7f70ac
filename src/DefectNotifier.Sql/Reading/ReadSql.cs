namespace DefectNotifier.Sql.Reading;

/// <summary>
/// The statements that read while the writer writes. A test checks the plan of each: none may read more rows than it returns.
/// </summary>
internal static class ReadSql
{
    public const string Pending =
        "SELECT " + PendingColumns + """
        WHERE d.state = 0 AND d.destination = $destination AND (d.due_at IS NULL OR d.due_at <= $now)
        ORDER BY d.priority, d.id LIMIT $limit
        """;

    public const string Delivery = "SELECT " + PendingColumns + "WHERE d.id = $id";

    public const string Overdue =
        """
        SELECT destination, fallback, count(*) FROM delivery
        WHERE state = 0 AND announce_at IS NOT NULL AND announce_at <= $now
        GROUP BY destination, fallback
        """;

    public const string OldestOverdue =
        "SELECT " + PendingColumns + """
        WHERE d.state = 0 AND d.announce_at IS NOT NULL AND d.announce_at <= $now AND d.destination = $destination
            AND d.fallback = $fallback
        ORDER BY d.announce_at LIMIT $limit
        """;

    public const string Backlog =
        """
        SELECT p.destination, p.waiting, e.received_at
        FROM (SELECT destination, count(*) AS waiting, min(id) AS first FROM delivery WHERE state = 0 GROUP BY destination) AS p
        LEFT JOIN delivery AS d ON d.id = p.first
        LEFT JOIN event AS e ON e.seq = d.event_seq
        ORDER BY p.destination
        """;

    public const string Lanes =
        """
        SELECT destination, not_before, wait_since, wait_reason, wait_count, failures, failing_since, parked_reason, parked_at,
            parked_settings
        FROM lane
        """;

    public const string Lane = $"{Lanes} WHERE destination = $destination";

    public const string RateLimit = "SELECT revision, saved_at, closed_for, deficit FROM rate_limit WHERE key = $key";

    public const string Defect =
        "SELECT state, opening FROM defect WHERE number = $number AND project_code = $project AND source = $source";

    public const string DefectState =
        "SELECT state FROM defect WHERE number = $number AND project_code = $project AND source = $source";

    public const string Thread =
        $"""
        SELECT {ThreadColumns} FROM message_thread
        WHERE number = $number AND project_code = $project AND source = $source AND destination = $destination
        """;

    public const string Repeated =
        $"""
        SELECT {ThreadColumns}, source, project_code, number FROM message_thread
        WHERE destination = $destination AND title_key = $titleKey ORDER BY received_at DESC, number DESC LIMIT 1
        """;

    public const string NextQueue =
        "SELECT source, due_at FROM enrichment_request WHERE due_at IS NOT NULL AND source >= $from ORDER BY source, due_at LIMIT 1";

    public const string Requests =
        """
        SELECT kind, project_code, number, tries FROM enrichment_request
        WHERE due_at IS NOT NULL AND source = $source AND due_at <= $until ORDER BY due_at LIMIT $limit
        """;

    public const string PendingRequest =
        """
        SELECT 1 FROM enrichment_request
        WHERE number = $number AND kind = $kind AND project_code = $project AND source = $source AND due_at IS NOT NULL
            AND tries = 0
        """;

    public const string CountRequests = "SELECT count(*) FROM enrichment_request WHERE due_at IS NOT NULL";

    public const string Member = "SELECT name, asked_at FROM member WHERE number = $number AND source = $source";

    public const string NewestEvents = "SELECT " + EventColumns + " FROM event ORDER BY seq DESC LIMIT $limit";

    public const string Event = "SELECT " + EventColumns + " FROM event WHERE id = $id";

    public const string Archive =
        "SELECT seq, id, source, received_at, decision, body FROM event WHERE seq < $before ORDER BY seq DESC LIMIT $limit";

    // Not EXISTS: see DeliverySql.Columns.
    public const string Deliveries =
        """
        SELECT d.id, d.destination, d.state, d.reason, d.detail, d.reference, d.ended_at,
            (SELECT 1 FROM message AS m WHERE m.delivery_id = d.id) IS NOT NULL,
            d.due_at, d.silence_id, d.digest_id, g.state, g.reason, g.ended_at, g.reference
        FROM delivery AS d LEFT JOIN delivery AS g ON g.id = d.digest_id WHERE d.event_seq = $event ORDER BY d.id
        """;

    public const string Attempts =
        """
        SELECT number, started_at, ended_at, outcome, reason, detail, config_version, step
        FROM attempt WHERE delivery_id = $delivery ORDER BY number
        """;

    public const string Actions = "SELECT at, action, operator FROM operator_action WHERE delivery_id = $delivery ORDER BY number";

    public const string Clock =
        """
        SELECT coalesce(
            (SELECT trusted_at FROM clock WHERE id = 1), (SELECT received_at FROM event WHERE seq > 0 ORDER BY seq DESC LIMIT 1))
        """;

    // LEFT JOIN: a delivery whose event can't be found is an error. Otherwise a damaged file would look like an empty queue.
    private const string PendingColumns =
        """
        d.id, e.id, d.destination, d.template_set, d.may_be_repeat, e.received_at, e.source, e.trace_parent, e.body,
            (SELECT a.started_at FROM attempt AS a WHERE a.delivery_id = d.id AND a.number = d.age_from),
            (SELECT min(a.started_at) FROM attempt AS a
                WHERE a.delivery_id = d.id AND a.outcome = 'ambiguous' AND a.step IS DISTINCT FROM 'update'),
            EXISTS (SELECT 1 FROM attempt AS a WHERE a.delivery_id = d.id AND a.number >= d.doubt_from AND a.outcome = 'ambiguous'
                AND a.step IS DISTINCT FROM 'update'),
            d.route, d.max_age, d.fallback, CASE d.as_rendered WHEN 1 THEN (SELECT m.json FROM message AS m WHERE m.delivery_id = d.id) END,
            e.name, e.project_code, e.subject_id, d.message_mode, d.broadcast,
            (SELECT a.started_at FROM attempt AS a WHERE a.delivery_id = d.id ORDER BY a.number DESC LIMIT 1), d.kind,
            d.priority, d.may_digest, d.repeat_within
        FROM delivery AS d LEFT JOIN event AS e ON e.seq = d.event_seq

        """;

    private const string ThreadColumns =
        """
        place, root_message, posted_by, shown, template_set, locked, is_unthreaded, is_unbroadcast, digest_id, title_key, received_at,
            repeats, repeat_of, counted_by
        """;

    private const string EventColumns = "seq, id, source, name, project_code, subject_id, occurred_at, received_at, decision, body";
}
