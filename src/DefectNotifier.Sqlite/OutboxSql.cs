namespace DefectNotifier.Sqlite;

/// <summary>
/// Every statement that runs while the service works. A test holds the plan of each against the schema: none may read more rows than it answers with.
/// </summary>
internal static partial class OutboxSql
{
    public const string InsertEvent =
        """
        INSERT INTO event (id, dedup, source, name, project_code, subject_id, occurred_at, received_at, body, decision, decision_id, trace_parent, unrouted)
        VALUES ($id, $dedup, $source, $name, $project, $subject, $occurred, $received, $body, '', $decision, $trace, $unrouted)
        ON CONFLICT (dedup) DO NOTHING
        """;

    public const string FindDuplicate =
        """
        SELECT e.id, (SELECT count(*) FROM delivery AS d WHERE d.event_seq = e.seq)
        FROM event AS e WHERE e.dedup = $dedup
        """;

    /// <summary>A row when an event is left that was stored before keys began with a time.</summary>
    public const string FindEventWithHash = "SELECT 1 FROM event WHERE seq <= (SELECT until_seq FROM hash_key) LIMIT 1";

    public const string InsertDelivery =
        """
        INSERT INTO delivery (event_seq, destination, route, template_set, max_age, fallback, announce_at, thread, broadcast)
        VALUES ($event, $destination, $route, $set, $maxAge, $fallback, $announceAt, $thread, $broadcast)
        """;

    /// <summary>The number of a delivery's next attempt; no row when the delivery is not pending.</summary>
    public const string FindNextNumber =
        """
        SELECT 1 + coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = $id), 0)
        FROM delivery AS d WHERE d.id = $id AND d.state = 0
        """;

    public const string StartAttempt = "INSERT INTO attempt (delivery_id, number, started_at, step) VALUES ($id, $number, $at, $step)";

    public const string CloseEarlierAttempts =
        """
        UPDATE attempt SET ended_at = $at, outcome = $outcome, reason = $reason
        WHERE delivery_id = $id AND ended_at IS NULL AND number < $number
        """;

    /// <summary>When one of its attempts before that number is still open. An update is no repeat: it may be made twice.</summary>
    public const string MarkMayBeRepeat =
        """
        UPDATE delivery SET may_be_repeat = 1
        WHERE id = $id AND EXISTS (
            SELECT 1 FROM attempt AS a WHERE a.delivery_id = $id AND a.ended_at IS NULL AND a.number < $number AND a.step IS NOT 'update')
        """;

    /// <summary>Changes nothing when the delivery is not pending.</summary>
    public const string MoveDelivery =
        """
        UPDATE delivery SET
            state = $state, attempts = attempts + $counts, may_be_repeat = CASE $done WHEN 1 THEN 0 ELSE max(may_be_repeat, $repeat) END,
            reason = $reason, detail = $detail, reference = coalesce($reference, reference), ended_at = $ended,
            age_from = CASE $fresh WHEN 1 THEN 1 + coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = $id), 0) ELSE age_from END,
            tries_from = CASE $done WHEN 1 THEN 1 + coalesce((SELECT max(a.number) FROM attempt AS a WHERE a.delivery_id = $id), 0) ELSE tries_from END
        WHERE id = $id AND state = 0
        """;

    public const string EndAttempt =
        """
        UPDATE attempt SET ended_at = $at, outcome = $outcome, reason = $reason, detail = $detail, version = $version
        WHERE delivery_id = $id AND ended_at IS NULL
        """;

    public const string InsertEndedAttempt =
        """
        INSERT INTO attempt (delivery_id, number, started_at, ended_at, outcome, reason, detail, version, step)
        SELECT $id, 1 + coalesce(max(number), 0), $at, $at, $outcome, $reason, $detail, $version, $step FROM attempt WHERE delivery_id = $id
        """;

    public const string WithdrawAttempt = "DELETE FROM attempt WHERE delivery_id = $id AND ended_at IS NULL";

    public const string KeepMessage = "INSERT INTO message (delivery_id, json) VALUES ($id, $json) ON CONFLICT (delivery_id) DO UPDATE SET json = excluded.json";

    public const string SaveLane =
        """
        INSERT INTO lane (destination, not_before, held_at, hold_reason, hold_count, failures, failing_since, parked_reason, parked_at, parked_settings)
        VALUES ($destination, $notBefore, $heldAt, $holdReason, $holdCount, $failures, $failingSince, $parkedReason, $parkedAt, $parkedSettings)
        ON CONFLICT (destination) DO UPDATE SET
            not_before = excluded.not_before, held_at = excluded.held_at, hold_reason = excluded.hold_reason, hold_count = excluded.hold_count,
            failures = excluded.failures, failing_since = excluded.failing_since, parked_reason = excluded.parked_reason, parked_at = excluded.parked_at, parked_settings = excluded.parked_settings
        """;

    public const string SaveRateLimit =
        """
        INSERT INTO rateLimiter (key, revision, saved_at, hold, deficit, slowness, slowed)
        VALUES ($key, $revision, $savedAt, $hold, $deficit, $slowness, $slowed)
        ON CONFLICT (key) DO UPDATE SET
            revision = excluded.revision, saved_at = excluded.saved_at, hold = excluded.hold, deficit = excluded.deficit, slowness = excluded.slowness, slowed = excluded.slowed
        WHERE excluded.revision > revision
        """;

    public const string MarkAnnounced =
        """
        UPDATE delivery SET announce_at = NULL
        WHERE state = 0 AND announce_at IS NOT NULL AND announce_at <= $now AND destination = $destination AND fallback = $fallback
        """;

    /// <summary>Counts up, because SQLite writes no page for a row that stays as it is.</summary>
    public const string Probe = "INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1";

    public const string MarkInterruptedDeliveries =
        "UPDATE delivery SET may_be_repeat = 1 WHERE state = 0 AND id IN (SELECT delivery_id FROM attempt WHERE ended_at IS NULL AND step IS NOT 'update')";

    public const string CloseInterruptedAttempts = "UPDATE attempt SET ended_at = $at, outcome = $outcome, reason = $reason WHERE ended_at IS NULL";

    public const string ReadPending =
        "SELECT " + PendingColumns + """

        WHERE d.state = 0 AND d.destination = $destination
        ORDER BY d.id LIMIT $limit
        """;

    public const string ReadLane =
        "SELECT not_before, held_at, hold_reason, hold_count, failures, failing_since, parked_reason, parked_at, parked_settings FROM lane WHERE destination = $destination";

    public const string ReadRateLimit = "SELECT revision, saved_at, hold, deficit, slowness, slowed FROM rateLimiter WHERE key = $key";

    public const string ReadOverdue =
        """
        SELECT destination, fallback, count(*) FROM delivery
        WHERE state = 0 AND announce_at IS NOT NULL AND announce_at <= $now
        GROUP BY destination, fallback
        """;

    public const string ReadOldestOverdue =
        "SELECT " + PendingColumns + """

        WHERE d.state = 0 AND d.announce_at IS NOT NULL AND d.announce_at <= $now AND d.destination = $destination AND d.fallback = $fallback
        ORDER BY d.announce_at LIMIT $limit
        """;

    public const string ReadBacklog =
        """
        SELECT p.destination, p.waiting, e.received_at
        FROM (SELECT destination, count(*) AS waiting, min(id) AS first FROM delivery WHERE state = 0 GROUP BY destination) AS p
        JOIN delivery AS d ON d.id = p.first
        JOIN event AS e ON e.seq = d.event_seq
        ORDER BY p.destination
        """;

    public const string ReadNewestEvents = "SELECT " + EventColumns + " FROM event ORDER BY seq DESC LIMIT $limit";

    public const string ReadArchive = "SELECT seq, id, source, received_at, " + DecisionOfEvent + ", body FROM event WHERE seq < $before ORDER BY seq DESC LIMIT $limit";

    public const string ReadUnroutedEvents = "SELECT " + EventColumns + " FROM event WHERE unrouted = 1 ORDER BY seq DESC LIMIT $limit";

    // "state >= 2" says nothing new, but SQLite takes a partial index only for a condition that it finds word for word.
    public const string ReadDeadEvents =
        "SELECT " + EventColumns + " FROM event WHERE seq IN (SELECT DISTINCT event_seq FROM delivery WHERE state >= 2 AND state = 2 ORDER BY event_seq DESC LIMIT $limit) ORDER BY seq DESC";

    public const string ReadEvent = "SELECT " + EventColumns + " FROM event WHERE id = $id";

    public const string ReadDeliveries =
        """
        SELECT id, destination, state, attempts, reason, detail, reference, ended_at, EXISTS (SELECT 1 FROM message WHERE delivery_id = delivery.id)
        FROM delivery WHERE event_seq = $event ORDER BY id
        """;

    public const string ReadAttempts =
        "SELECT number, started_at, ended_at, outcome, reason, detail, version, step FROM attempt WHERE delivery_id = $delivery ORDER BY number";

    public const string ReadOperatorWords = "SELECT at, what FROM operator_word WHERE delivery_id = $delivery ORDER BY number";

    private const string PendingColumns =
        """
        d.id, e.id, d.destination, d.template_set, d.attempts, d.may_be_repeat, e.received_at, e.source, e.trace_parent, e.body,
            (SELECT a.started_at FROM attempt AS a WHERE a.delivery_id = d.id AND a.number = d.age_from),
            (SELECT min(a.started_at) FROM attempt AS a WHERE a.delivery_id = d.id AND a.outcome = 'ambiguous' AND a.step IS NOT 'update'),
            EXISTS (SELECT 1 FROM attempt AS a WHERE a.delivery_id = d.id AND a.number >= d.tries_from AND a.outcome = 'ambiguous' AND a.step IS NOT 'update'),
            d.route, d.max_age, d.fallback, CASE d.as_rendered WHEN 1 THEN (SELECT m.json FROM message AS m WHERE m.delivery_id = d.id) END,
            e.name, e.project_code, e.subject_id, d.thread, d.broadcast
        FROM delivery AS d JOIN event AS e ON e.seq = d.event_seq
        """;

    private const string EventColumns = "seq, id, source, name, project_code, subject_id, occurred_at, received_at, " + DecisionOfEvent + ", unrouted";
}
