using System.Text;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>The rows of an outbox that has worked for long: many of everything that can become many, and little to do.</summary>
internal static class PlanRows
{
    /// <summary>Events, deliveries and defects have the numbers from 1 to this, and belong together by their numbers.</summary>
    public const int Count = 20_000;

    /// <summary>The deliveries are for "lane-0" to "lane-63".</summary>
    public const int Lanes = 64;

    /// <summary>The lane with deliveries in every state.</summary>
    public const string MixedLane = "lane-7";

    /// <summary>A digest of <see cref="MixedLane"/> with 32 deliveries, none of which it shows.</summary>
    public const int Digest = 320;

    /// <summary>The silences have the numbers from 1 to this.</summary>
    public const int Silences = 2_020;

    /// <summary>20,000 events that were delivered long ago; a few of them are dead.</summary>
    public static readonly string Events =
        $$"""
        INSERT INTO {schema}.event (seq, id, dedup_key, source, name, project_code, subject_id, received_at, is_unrouted, decision,
            body)
        SELECT n, 'old-' || lpad(n::text, 8, '0'), int8send(n), '', 'defect.created', 'WEB', n, n, CASE n % 200 WHEN 9 THEN 1 ELSE 0 END,
            '{{Json(JsonSerializer.Serialize(Some.Decision(MixedLane), StoredJson.Default.RoutingDecision))}}', '\x7b7d'
        FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.delivery (id, event_seq, destination, route, kind, message_mode, broadcast, state, priority, may_digest,
            silence_id, reason, ended_at)
        SELECT n, n, 'lane-' || n % {{Lanes}}, 0, 0, 0, 0, CASE WHEN n % 1000 = 1 THEN 2 ELSE 1 END, 1, 0, 0, 'ok', n
        FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.attempt (delivery_id, number, started_at, ended_at, outcome, reason)
        SELECT n, 1, n, n, 'delivered', 'ok' FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.defect (id, source, project_code, number, is_closed, touched_at, state, opening)
        SELECT n, '', 'WEB', n, 0, n, convert_to('{{Json(DefectState())}}', 'UTF8'), '\x7b7d'
        FROM generate_series(1, {{Count}}) AS n;
        UPDATE {schema}.counter SET event = {{Count}}, delivery = {{Count}}, defect = {{Count}}, silence = {{Silences}}, bytes = 100000000;
        """;

    /// <summary>What belongs to the events, and what the service remembers besides.</summary>
    public static readonly string Others =
        $$"""
        INSERT INTO {schema}.message (delivery_id, json) SELECT n * 4, '\x7b7d' FROM generate_series(1, {{Count}} / 4) AS n;
        INSERT INTO {schema}.operator_action (delivery_id, number, at, action, operator)
        SELECT n, 1, n, 'retry', 'anna' FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.message_thread (number, project_code, source, destination, place, root_message, posted_by, is_unthreaded,
            is_unbroadcast, title_key, received_at, repeats)
        SELECT n, 'WEB', '', 'lane-' || n % {{Lanes}}, 'C1', '1.' || n, n, 0, 0, 'title-' || n, n, 0
        FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.digest (id, destination, cause, is_urgent, state)
        SELECT n * 20, 'lane-' || (n * 20) % {{Lanes}}, 0, 0, replace('{{Json(DigestState())}}', '12345', (n * 20)::text)
        FROM generate_series(1, {{Count}} / 20) AS n;
        INSERT INTO {schema}.silence (id, ends_at, state) SELECT n, n, '{{Json(SilenceState(DateTimeOffset.UnixEpoch))}}'
        FROM generate_series(1, 2000) AS n;
        INSERT INTO {schema}.enrichment_request (source, kind, project_code, number, tries, over_at)
        SELECT '', 1, 'WEB', n, 0, n FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.member (number, source, name, asked_at)
        SELECT n, '', 'Member ' || n, CASE WHEN n <= 20 THEN n ELSE {{Now}} END FROM generate_series(1, {{Count}}) AS n;
        INSERT INTO {schema}.session (token_hash, fingerprint, operator, created_at, expires_at)
        SELECT 'hash ' || n, 'fingerprint', 'operator ' || n % 8, n, CASE WHEN n <= 8 THEN n ELSE {{Now}} + n END
        FROM generate_series(1, {{ISessionStore.Max}} - 8) AS n;
        INSERT INTO {schema}.lane (destination, wait_count, failures, parked_settings)
        SELECT 'lane-' || n, 0, 0, CASE n WHEN 63 THEN 'old' END FROM generate_series(0, 255) AS n;
        INSERT INTO {schema}.claim (name, epoch, resumes) SELECT 'lane-' || n, 1, 0 FROM generate_series(0, 255) AS n;
        INSERT INTO {schema}.rate_limit (key, revision, saved_at, closed_for, deficit)
        SELECT 'slack:T' || n, 1, n, 0, 0 FROM generate_series(0, 255) AS n;
        INSERT INTO {schema}.node (id, name, version, configuration, started_at, ahead, beat, expires_at)
        SELECT n, 'gone', '', '', n, 0, 9, now() - n * interval '1 hour' FROM generate_series(1, 26) AS n;
        """;

    /// <summary>Everything is still to be done: what an analysis may have seen.</summary>
    public const string MakeBusy =
        """
        UPDATE {schema}.delivery SET state = 0, ended_at = NULL, due_at = id, announce_at = id, fallback = 'lane-8';
        UPDATE {schema}.attempt SET ended_at = NULL, outcome = NULL;
        UPDATE {schema}.enrichment_request SET due_at = number, over_at = NULL;
        UPDATE {schema}.event SET is_unrouted = 1;
        """;

    /// <summary>Everything is done.</summary>
    public const string MakeIdle =
        """
        UPDATE {schema}.delivery SET state = CASE WHEN id % 1000 = 1 THEN 2 ELSE 1 END, ended_at = id, due_at = NULL, announce_at = NULL,
            fallback = NULL;
        UPDATE {schema}.attempt SET ended_at = number, outcome = 'delivered';
        UPDATE {schema}.enrichment_request SET due_at = NULL, over_at = number;
        UPDATE {schema}.event SET is_unrouted = 0 WHERE seq % 200 <> 9;
        """;

    /// <summary>What is to be done when the statements run. The deliveries after <c>{first}</c> are pending.</summary>
    public static readonly string Present =
        $$"""
        UPDATE {schema}.delivery SET state = 0, ended_at = NULL WHERE id > {first};
        UPDATE {schema}.delivery SET announce_at = id, fallback = 'lane-8' WHERE id > {{Count}} - 32;
        UPDATE {schema}.attempt SET ended_at = NULL, outcome = NULL WHERE delivery_id > {{Count}} - 16;
        UPDATE {schema}.delivery SET destination = '{{MixedLane}}', state = 6, due_at = id, silence_id = 1 + id % 2, ended_at = NULL
        WHERE id BETWEEN 401 AND 432;
        UPDATE {schema}.delivery SET destination = '{{MixedLane}}', state = 5, digest_id = {{Digest}}, digest_number = id - 500
        WHERE id BETWEEN 501 AND 532;
        UPDATE {schema}.delivery SET destination = '{{MixedLane}}', state = 0, ended_at = NULL, due_at = {{Now}} + 1000
        WHERE id = {{Digest}};
        UPDATE {schema}.digest SET destination = '{{MixedLane}}' WHERE id = {{Digest}};
        UPDATE {schema}.enrichment_request SET due_at = number, over_at = NULL WHERE number > {{Count}} - 32;
        INSERT INTO {schema}.silence (id, ends_at, state)
        SELECT n, {{Now}} + n, '{{Json(SilenceState(Some.Silence.EndsAt))}}'
        FROM generate_series(2001, {{Silences}}) AS n;
        """;

    private static long Now => Some.Moment.ToUnixTimeMilliseconds();

    // In a literal of SQL.
    private static string Json(string json) => json.Replace("'", "''", StringComparison.Ordinal);

    private static string DefectState()
    {
        var body = Encoding.UTF8.GetBytes("{}");
        return JsonSerializer.Serialize(
            Defect.After(before: null, Some.DefectEvent, "old-00000001", Some.Moment, body), StoredJson.Default.Defect);
    }

    // "12345" stands for its id.
    private static string DigestState() => JsonSerializer.Serialize(
        new Digest(12345, MixedLane, DigestCause.Storm) { Count = 32, Since = Some.Moment }, StoredJson.Default.Digest);

    // Of a project that has no events.
    private static string SilenceState(DateTimeOffset end) =>
        JsonSerializer.Serialize(Some.Silence with { ProjectCodes = ["OTHER"], EndsAt = end }, StoredJson.Default.Silence);
}
