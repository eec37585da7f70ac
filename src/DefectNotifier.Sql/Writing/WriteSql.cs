namespace DefectNotifier.Sql.Writing;

/// <summary>
/// The statements of the connection that writes. A test checks the plan of each: none may read more rows than it returns or changes.
/// </summary>
internal static class WriteSql
{
    public const string FindEvent =
        "SELECT e.id, (SELECT count(*) FROM delivery AS d WHERE d.event_seq = e.seq) FROM event AS e WHERE e.dedup_key = $dedupKey";

    public const string InsertEvent =
        """
        INSERT INTO event (id, dedup_key, source, name, project_code, subject_id, occurred_at, received_at, is_unrouted, trace_parent,
            decision, body)
        VALUES ($id, $dedupKey, $source, $name, $project, $subject, $occurredAt, $receivedAt, $isUnrouted, $traceParent, $decision, $body)
        ON CONFLICT (dedup_key) DO NOTHING
        """;

    public const string InsertDelivery =
        """
        INSERT INTO delivery (event_seq, destination, route, template_set, kind, message_mode, broadcast, max_age, fallback, announce_at,
            state, reason, priority, may_digest, due_at, silence_id, ended_at, repeat_within)
        VALUES ($event, $destination, $route, $set, $kind, $mode, $broadcast, $maxAge, $fallback, $announceAt,
            $state, $reason, $priority, $mayDigest, $dueAt, $silence, $endedAt, $repeatWithin)
        """;

    public const string FindDelivery =
        $"""
        {DeliveryColumns} LEFT JOIN attempt AS a
            ON a.delivery_id = d.id AND a.number = (SELECT max(l.number) FROM attempt AS l WHERE l.delivery_id = d.id)
        WHERE d.id = $id
        """;

    // Not EXISTS: see DeliverySql.Columns.
    /// <summary>To be joined with the last attempt <c>a</c>.</summary>
    internal const string DeliveryColumns =
        """
        SELECT d.destination, d.state, d.doubt_from, d.age_from, d.may_be_repeat, d.as_rendered, d.reason, d.detail,
            d.reference, d.ended_at,
            (SELECT 1 FROM message AS m WHERE m.delivery_id = d.id) IS NOT NULL, a.number, a.ended_at IS NULL, a.step,
            d.last_outcome, d.id
        FROM delivery AS d
        """;

    public const string UpdateDelivery =
        """
        UPDATE delivery SET state = $state, doubt_from = $doubtFrom, age_from = $ageFrom, may_be_repeat = $repeat,
            as_rendered = $asRendered, reason = $reason, detail = $detail, reference = $reference, ended_at = $endedAt,
            last_outcome = $lastOutcome
        WHERE id = $id
        """;

    public const string FindSubject =
        """
        SELECT e.source, e.name, e.project_code, e.subject_id, d.kind, e.seq, e.received_at, d.message_mode
        FROM delivery AS d JOIN event AS e ON e.seq = d.event_seq WHERE d.id = $id
        """;

    public const string ClearAnnouncements =
        """
        UPDATE delivery SET announce_at = NULL
        WHERE state = 0 AND announce_at IS NOT NULL AND announce_at <= $until AND destination = $destination AND fallback = $fallback
        """;

    public const string SaveMessage =
        "INSERT INTO message (delivery_id, json) VALUES ($id, $json) ON CONFLICT (delivery_id) DO UPDATE SET json = excluded.json";

    public const string InsertOperatorAction =
        """
        INSERT INTO operator_action (delivery_id, number, at, action, operator)
        SELECT $id, 1 + coalesce(max(number), 0), $at, $action, $operator FROM operator_action WHERE delivery_id = $id
        """;

    public const string InsertAttempt = "INSERT INTO attempt (delivery_id, number, started_at, step) VALUES ($id, $number, $at, $step)";

    public const string EndAttempt =
        """
        UPDATE attempt SET ended_at = $at, outcome = $outcome, reason = $reason, detail = $detail, config_version = $version
        WHERE delivery_id = $id AND number = $number
        """;

    public const string FindOpenDeliveries =
        """
        SELECT a.delivery_id FROM attempt AS a JOIN delivery AS d ON d.id = a.delivery_id
        WHERE a.ended_at IS NULL AND d.destination = $destination
        """;

    public const string FindFirstPending =
        "SELECT id FROM delivery WHERE state = 0 AND destination = $destination ORDER BY priority, id LIMIT 1";

    public const string FindSchedule = $"SELECT {ScheduleColumns} FROM delivery AS d WHERE d.id = $id";

    public const string SaveSchedule =
        """
        UPDATE delivery SET state = $state, reason = $reason, ended_at = $endedAt, priority = $priority, may_digest = $mayDigest,
            due_at = $dueAt, silence_id = $silence, digest_id = $digest, digest_number = $number, fallback = $fallback,
            announce_at = $announceAt
        WHERE id = $id
        """;

    // CROSS JOIN: SQLite then keeps the order of the tables, and with it the order of acceptance. The reader compares the project as
    // DefectKey does.
    public const string FindUnsent =
        $"""
        SELECT {ScheduleColumns}, e.name, e.project_code FROM event AS e CROSS JOIN delivery AS d ON d.event_seq = e.seq
        WHERE e.subject_id IS NOT NULL AND e.subject_id = $number AND e.source = $source
            AND d.destination = $destination AND d.state IN (0, 5, 6)
        ORDER BY e.seq
        """;

    public const string FindDeferred =
        """
        SELECT id FROM delivery WHERE state = 6 AND destination = $destination AND silence_id = $silence AND due_at <= $until
        ORDER BY due_at, id LIMIT $limit
        """;

    public const string FindDigested =
        "SELECT id FROM delivery WHERE digest_id = $digest AND digest_number > $after ORDER BY digest_number LIMIT $limit";

    public const string FindScheduled =
        "SELECT id FROM delivery WHERE state = 0 AND destination = $destination AND due_at IS NOT NULL ORDER BY due_at";

    public const string SaveDigest =
        """
        INSERT INTO digest (id, destination, cause, is_urgent, state) VALUES ($id, $destination, $cause, $isUrgent, $state)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state
        """;

    public const string DeleteDigests = "DELETE FROM digest WHERE id IN (SELECT id FROM delivery WHERE event_seq = $event)";

    private const string ScheduleColumns =
        """
        d.id, d.destination, d.state, d.reason, d.ended_at, d.priority, d.may_digest, d.due_at, d.silence_id, d.digest_id,
            d.digest_number, d.fallback, d.announce_at
        """;

    public const string InsertSilence = "INSERT INTO silence (ends_at, state) VALUES ($endsAt, $state)";

    public const string SaveSilence = "UPDATE silence SET ends_at = $endsAt, state = $state WHERE id = $id";

    public const string DeleteSilences = "DELETE FROM silence WHERE ends_at < $before";

    public const string SaveLane =
        """
        INSERT INTO lane (destination, not_before, wait_since, wait_reason, wait_count, failures, failing_since, parked_reason, parked_at,
            parked_settings)
        VALUES ($destination, $notBefore, $waitSince, $waitReason, $waitCount, $failures, $failingSince, $parkedReason, $parkedAt,
            $parkedSettings)
        ON CONFLICT (destination) DO UPDATE SET
            not_before = excluded.not_before, wait_since = excluded.wait_since, wait_reason = excluded.wait_reason,
                wait_count = excluded.wait_count,
            failures = excluded.failures, failing_since = excluded.failing_since, parked_reason = excluded.parked_reason,
            parked_at = excluded.parked_at, parked_settings = excluded.parked_settings
        """;

    public const string SaveRateLimit =
        """
        INSERT INTO rate_limit (key, revision, saved_at, closed_for, deficit) VALUES ($key, $revision, $savedAt, $closedFor, $deficit)
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, saved_at = excluded.saved_at, closed_for = excluded.closed_for,
            deficit = excluded.deficit
        WHERE excluded.revision > rate_limit.revision
        """;

    public const string FindDefect =
        "SELECT state, touched_at, announced FROM defect WHERE number = $number AND project_code = $project AND source = $source";

    public const string InsertDefect =
        """
        INSERT INTO defect (source, project_code, number, is_closed, touched_at, announced, state, opening)
        VALUES ($source, $project, $number, $isClosed, $touchedAt, $announced, $state, $opening)
        """;

    /// <summary>Without an opening the stored one stays.</summary>
    public const string UpdateDefect =
        """
        UPDATE defect SET is_closed = $isClosed, touched_at = $touchedAt, announced = $announced, state = $state,
            opening = coalesce($opening, opening)
        WHERE number = $number AND project_code = $project AND source = $source
        """;

    /// <summary>Read from the end of the table; LIMIT stops it.</summary>
    public const string FindLatestDefects =
        "SELECT source, project_code, number, state FROM defect WHERE id > 0 ORDER BY id DESC LIMIT $limit";

    public const string FindOldestDefects =
        "SELECT id, source, project_code, number, is_closed, touched_at FROM defect WHERE id > $after ORDER BY id LIMIT $limit";

    public const string DeleteDefect = "DELETE FROM defect WHERE number = $number AND project_code = $project AND source = $source";

    public const string SaveThread =
        """
        INSERT INTO message_thread (number, project_code, source, destination, place, root_message, posted_by, digest_id, shown,
            template_set, locked, is_unthreaded, is_unbroadcast, title_key, received_at, repeats, counted_by,
            repeat_of)
        VALUES ($number, $project, $source, $destination, $place, $rootMessage, $postedBy, $digest, $shown, $set, $locked, $isUnthreaded,
            $isUnbroadcast, $titleKey, $receivedAt, $repeats, $countedBy, $repeatOf)
        ON CONFLICT (number, project_code, source, destination) DO UPDATE SET
            place = excluded.place, root_message = excluded.root_message, posted_by = excluded.posted_by, digest_id = excluded.digest_id,
                shown = excluded.shown, template_set = excluded.template_set,
            locked = excluded.locked, is_unthreaded = excluded.is_unthreaded, is_unbroadcast = excluded.is_unbroadcast,
            title_key = excluded.title_key, received_at = excluded.received_at, repeats = excluded.repeats,
            counted_by = excluded.counted_by, repeat_of = excluded.repeat_of
        """;

    public const string FindPostedMessages =
        """
        SELECT t.destination, d.message_mode FROM message_thread AS t JOIN delivery AS d ON d.id = t.posted_by
        WHERE t.number = $number AND t.project_code = $project AND t.source = $source
            AND (t.root_message IS NOT NULL OR t.digest_id IS NOT NULL)
        """;

    public const string DeleteThreads =
        "DELETE FROM message_thread WHERE number = $number AND project_code = $project AND source = $source";

    /// <summary>Goes from one destination to the next by the index, however many deliveries are pending for each.</summary>
    public const string FindUnderway = $"{Underway} CROSS JOIN delivery AS d ON d.id = now.id {OfUnderway}";

    /// <summary>The numbers of the first pending delivery of each lane, and of those with an attempt in progress, as <c>now</c>.</summary>
    internal const string Underway =
        """
        WITH RECURSIVE busy (destination) AS (
            SELECT min(destination) FROM delivery WHERE state = 0
            UNION ALL
            SELECT (SELECT min(d.destination) FROM delivery AS d WHERE d.state = 0 AND d.destination > busy.destination)
            FROM busy WHERE busy.destination IS NOT NULL)
        SELECT e.source, e.name, e.project_code, e.subject_id, d.destination, d.message_mode, a.number IS NOT NULL, a.step
        FROM (
            SELECT (SELECT d.id FROM delivery AS d WHERE d.state = 0 AND d.destination = busy.destination
                ORDER BY d.priority, d.id LIMIT 1) AS id FROM busy
            UNION
            SELECT delivery_id FROM attempt WHERE ended_at IS NULL) AS now
        """;

    /// <summary>What belongs to the delivery <c>d</c>.</summary>
    internal const string OfUnderway =
        """
        JOIN event AS e ON e.seq = d.event_seq
        LEFT JOIN attempt AS a ON a.delivery_id = d.id AND a.ended_at IS NULL
        WHERE d.state = 0
        """;

    public const string FindRequest =
        """
        SELECT tries, due_at, over_at FROM enrichment_request
        WHERE number = $number AND kind = $kind AND project_code = $project AND source = $source
        """;

    public const string SaveRequest =
        """
        INSERT INTO enrichment_request (number, kind, project_code, source, tries, due_at, over_at)
        VALUES ($number, $kind, $project, $source, $tries, $dueAt, $overAt)
        ON CONFLICT (number, kind, project_code, source) DO UPDATE SET tries = excluded.tries, due_at = excluded.due_at,
            over_at = excluded.over_at
        """;

    public const string DeleteRequest =
        "DELETE FROM enrichment_request WHERE number = $number AND kind = $kind AND project_code = $project AND source = $source";

    public const string FindName = "SELECT name, asked_at FROM member WHERE number = $number AND source = $source";

    public const string SaveName =
        """
        INSERT INTO member (number, source, name, asked_at) VALUES ($number, $source, $name, $askedAt)
        ON CONFLICT (number, source) DO UPDATE SET name = excluded.name, asked_at = excluded.asked_at
        """;

    public const string DeleteNames = "DELETE FROM member WHERE asked_at < $before";

    public const string FindOldestEvents = "SELECT seq, received_at, length(body) FROM event WHERE seq > $after ORDER BY seq LIMIT $limit";

    public const string FindOldestArrival = "SELECT received_at FROM event WHERE seq > 0 ORDER BY seq LIMIT 1";

    public const string FindDeliveryStates =
        $"""
        SELECT {StateColumns} FROM delivery AS d LEFT JOIN delivery AS g ON g.id = d.digest_id WHERE d.event_seq = $event
        """;

    /// <summary>The state and the end of the delivery <c>d</c>; those of its digest <c>g</c>, when it is part of one.</summary>
    internal const string StateColumns =
        """
        coalesce(g.state, d.state), CASE WHEN g.ended_at > d.ended_at THEN g.ended_at ELSE coalesce(d.ended_at, g.ended_at) END
        """;

    // Children first: the foreign keys are checked at each statement.
    public const string DeleteAttempts = "DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE event_seq = $event)";

    public const string DeleteActions =
        "DELETE FROM operator_action WHERE delivery_id IN (SELECT id FROM delivery WHERE event_seq = $event)";

    public const string DeleteMessages = "DELETE FROM message WHERE delivery_id IN (SELECT id FROM delivery WHERE event_seq = $event)";

    public const string DeleteDeliveries = "DELETE FROM delivery WHERE event_seq = $event";

    public const string DeleteEvent = "DELETE FROM event WHERE seq = $event";

    public const string SaveClock =
        "INSERT INTO clock (id, trusted_at) VALUES (1, $at) ON CONFLICT (id) DO UPDATE SET trusted_at = excluded.trusted_at";

    /// <summary>Counts up, because SQLite writes no page for a row that does not change.</summary>
    public const string Probe = "INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = probe.count + 1";
}
