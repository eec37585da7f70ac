using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Postgres.Writing;

/// <summary>The statements that write all rows of a transaction at once, and those that read ahead what it needs.</summary>
internal static class BulkSql
{
    public const string InsertEvents =
        """
        INSERT INTO event (seq, id, dedup_key, source, name, project_code, subject_id, occurred_at, received_at, is_unrouted,
            trace_parent, decision, body)
        SELECT * FROM unnest($seq::bigint[], $id::text[], $dedupKey::bytea[], $source::text[], $name::text[], $project::text[],
            $subject::bigint[], $occurredAt::bigint[], $receivedAt::bigint[], $isUnrouted::integer[], $traceParent::text[],
            $decision::text[], $body::bytea[])
        """;

    public const string InsertDeliveries =
        """
        INSERT INTO delivery (id, event_seq, destination, route, template_set, kind, message_mode, broadcast, max_age, fallback,
            announce_at, state, reason, priority, may_digest, due_at, silence_id, ended_at, repeat_within)
        SELECT * FROM unnest($id::bigint[], $event::bigint[], $destination::text[], $route::integer[], $set::text[], $kind::integer[],
            $mode::integer[], $broadcast::integer[], $maxAge::bigint[], $fallback::text[], $announceAt::bigint[], $state::integer[],
            $reason::text[], $priority::integer[], $mayDigest::integer[], $dueAt::bigint[], $silence::bigint[], $endedAt::bigint[],
            $repeatWithin::bigint[])
        """;

    public const string UpdateDeliveries =
        """
        UPDATE delivery AS d SET state = u.state, doubt_from = u.doubt_from, age_from = u.age_from, may_be_repeat = u.may_be_repeat,
            as_rendered = u.as_rendered, reason = u.reason, detail = u.detail, reference = u.reference, ended_at = u.ended_at,
            last_outcome = u.last_outcome
        FROM unnest($id::bigint[], $state::integer[], $doubtFrom::integer[], $ageFrom::integer[], $repeat::integer[],
                $asRendered::integer[], $reason::text[], $detail::text[], $reference::text[], $endedAt::bigint[], $lastOutcome::bytea[])
            AS u (id, state, doubt_from, age_from, may_be_repeat, as_rendered, reason, detail, reference, ended_at, last_outcome)
        WHERE d.id = u.id
        """;

    public const string InsertAttempts =
        """
        INSERT INTO attempt (delivery_id, number, started_at, step, ended_at, outcome, reason, detail, config_version)
        SELECT * FROM unnest($id::bigint[], $number::integer[], $at::bigint[], $step::text[], $endedAt::bigint[], $outcome::text[],
            $reason::text[], $detail::text[], $version::text[])
        """;

    public const string EndAttempts =
        """
        UPDATE attempt AS a SET ended_at = u.ended_at, outcome = u.outcome, reason = u.reason, detail = u.detail,
            config_version = u.config_version
        FROM unnest($id::bigint[], $number::integer[], $endedAt::bigint[], $outcome::text[], $reason::text[], $detail::text[],
                $version::text[])
            AS u (delivery_id, number, ended_at, outcome, reason, detail, config_version)
        WHERE a.delivery_id = u.delivery_id AND a.number = u.number
        """;

    public const string InsertDefects =
        """
        INSERT INTO defect (id, source, project_code, number, is_closed, touched_at, announced, state, opening)
        SELECT * FROM unnest($id::bigint[], $source::text[], $project::text[], $number::bigint[], $isClosed::integer[],
            $touchedAt::bigint[], $announced::text[], $state::bytea[], $opening::bytea[])
        """;

    public const string UpdateDefects =
        """
        UPDATE defect AS d SET is_closed = u.is_closed, touched_at = u.touched_at, announced = u.announced, state = u.state,
            opening = coalesce(u.opening, d.opening)
        FROM unnest($source::text[], $project::text[], $number::bigint[], $isClosed::integer[], $touchedAt::bigint[],
                $announced::text[], $state::bytea[], $opening::bytea[])
            AS u (source, project_code, number, is_closed, touched_at, announced, state, opening)
        WHERE d.number = u.number AND d.project_code = u.project_code AND d.source = u.source
        """;

    /// <summary>
    /// Everything that a transaction reads and writes is found by keys. With statistics of a time when a table was empty, PostgreSQL would
    /// read all of it for a few of them. What can only be read as a whole then seems so expensive that PostgreSQL would first compile the
    /// statement, for 0.2 s.
    /// </summary>
    public const string ByKeys =
        """
        set_config('jit', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true)
        """;

    /// <summary>
    /// From here on a prepared statement gets a new plan each time. A plan of a time when a table was empty would read all of it. What is
    /// read ahead has one good plan, because its <c>LATERAL</c> and <c>ANY</c> leave no choice.
    /// </summary>
    public const string NewPlans = "SET LOCAL plan_cache_mode = force_custom_plan";

    public const string Counters = "SELECT event, delivery, silence, defect FROM counter WHERE id = 1";

    public const string SaveCounters =
        """
        UPDATE counter SET event = $event, delivery = $delivery, silence = $silence, defect = $defect, bytes = counter.bytes + $added
        WHERE id = 1
        """;

    /// <summary>About the bytes of a stored event besides its body and its decision: rows, indexes, deliveries and attempts.</summary>
    public const int BytesPerEvent = 1024;

    /// <summary>About the bytes of the stored event <c>e</c>.</summary>
    public static readonly string BytesOfEvent = $"length(e.body) + length(e.decision) + {BytesPerEvent}";

    public static readonly string SubtractBytes =
        $"""
        UPDATE counter SET bytes = counter.bytes
            - coalesce((SELECT sum({BytesOfEvent}) FROM event AS e WHERE e.seq = ANY ($events::bigint[])), 0)
        WHERE id = 1
        """;

    /// <summary>The states of the deliveries of events, as in <see cref="WriteSql.FindDeliveryStates"/>.</summary>
    public const string FindDeliveryStates =
        $"""
        SELECT d.event_seq, {WriteSql.StateColumns}
        FROM delivery AS d LEFT JOIN delivery AS g ON g.id = d.digest_id WHERE d.event_seq = ANY ($events::bigint[])
        """;

    /// <summary>Deletes events with everything that belongs to them, children first.</summary>
    public static readonly IReadOnlyList<string> DeleteEvents =
    [
        $"DELETE FROM attempt WHERE delivery_id {OfTheirDeliveries}",
        $"DELETE FROM operator_action WHERE delivery_id {OfTheirDeliveries}",
        $"DELETE FROM message WHERE delivery_id {OfTheirDeliveries}",
        $"DELETE FROM digest WHERE id {OfTheirDeliveries}",
        "DELETE FROM delivery WHERE event_seq = ANY ($events::bigint[])",
        "DELETE FROM event WHERE seq = ANY ($events::bigint[])",
    ];

    // The ids are found first: a join could read the whole table.
    private const string OfTheirDeliveries =
        "= ANY (ARRAY(SELECT d.id FROM delivery AS d WHERE d.event_seq = ANY ($events::bigint[])))";

    /// <summary>Makes this transaction wait for the disk also when the server does not by default.</summary>
    public const string SyncCommit =
        "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
        + "ELSE current_setting('synchronous_commit') END, true)";

    public const string UsedBytes = "SELECT bytes FROM counter WHERE id = 1";

    public const string InsertSilence = "INSERT INTO silence (id, ends_at, state) VALUES ($id, $endsAt, $state)";

    public const string FindDeliveries =
        $"""
        {WriteSql.DeliveryColumns} LEFT JOIN LATERAL
            (SELECT l.number, l.ended_at, l.step FROM attempt AS l WHERE l.delivery_id = d.id ORDER BY l.number DESC LIMIT 1) AS a ON true
        WHERE d.id = ANY ($ids::bigint[])
        """;

    public const string FindEvents =
        """
        SELECT e.dedup_key, e.id, (SELECT count(*) FROM delivery AS d WHERE d.event_seq = e.seq)
        FROM event AS e WHERE e.dedup_key = ANY ($keys::bytea[])
        """;

    public const string FindDefects =
        """
        SELECT k.place, d.state, d.touched_at, d.announced
        FROM unnest($number::bigint[], $project::text[], $source::text[]) WITH ORDINALITY AS k (number, project_code, source, place)
        JOIN LATERAL
            (SELECT f.state, f.touched_at, f.announced FROM defect AS f
                WHERE f.number = k.number AND f.project_code = k.project_code AND f.source = k.source LIMIT 1) AS d ON true
        """;
}
