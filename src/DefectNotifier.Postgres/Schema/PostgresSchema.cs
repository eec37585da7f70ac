namespace DefectNotifier.Postgres.Schema;

/// <summary>
/// The tables of an outbox, in a schema of their own. Numbered scripts change it; within one release they only add, so that nodes of the
/// old and of the new version work on it side by side during a rolling upgrade.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>The scripts; the number of the first is 1.</summary>
    public static readonly IReadOnlyList<string> Scripts = [First, Second];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Scripts.Count;

    /// <summary>"DfNt": the class of this program's advisory locks.</summary>
    public const int LockClass = 0x44664E74;

    // Times are unix milliseconds, durations milliseconds, booleans 0 or 1, as in the SQLite file. Texts are compared byte by byte, names
    // of destinations without regard to case.
    private const string First =
        """
        CREATE COLLATION {schema}.nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

        -- The last numbers that were given. Every transaction that writes holds the lock of the outbox, so they have no gaps.
        CREATE TABLE {schema}.counter (
            id       integer PRIMARY KEY CHECK (id = 1),
            event    bigint NOT NULL,
            delivery bigint NOT NULL,
            silence  bigint NOT NULL,
            defect   bigint NOT NULL,
            -- About the bytes that the stored events take.
            bytes    bigint NOT NULL
        ) WITH (fillfactor = 50);

        INSERT INTO {schema}.counter (id, event, delivery, silence, defect, bytes) VALUES (1, 0, 0, 0, 0, 0);

        CREATE TABLE {schema}.event (
            seq          bigint PRIMARY KEY,
            id           text COLLATE "C" NOT NULL UNIQUE,
            dedup_key    bytea NOT NULL UNIQUE,
            source       text COLLATE "C" NOT NULL,
            name         text COLLATE "C" NOT NULL,
            project_code text COLLATE "C",
            subject_id   bigint,
            occurred_at  bigint,
            received_at  bigint NOT NULL,
            is_unrouted  integer NOT NULL,
            trace_parent text COLLATE "C",
            -- JSON: the result of the routing plan and what it used.
            decision     text COLLATE "C" NOT NULL,
            body         bytea NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0.02);

        CREATE INDEX event_unrouted ON {schema}.event (seq) WHERE is_unrouted = 1;
        CREATE INDEX event_subject ON {schema}.event (subject_id, source, seq) WHERE subject_id IS NOT NULL;

        CREATE TABLE {schema}.delivery (
            id            bigint PRIMARY KEY,
            event_seq     bigint NOT NULL,
            destination   text COLLATE {schema}.nocase NOT NULL,
            route         integer NOT NULL,
            template_set  text COLLATE "C",
            -- The numbers of DeliveryKind, MessageMode and BroadcastWhen.
            kind          integer NOT NULL,
            message_mode  integer NOT NULL,
            broadcast     integer NOT NULL,
            -- Null: the default of the settings.
            max_age       bigint,
            fallback      text COLLATE {schema}.nocase,
            -- How long its defect joins the message of one with the same title; null: it does not.
            repeat_within bigint,
            -- When the fallback is notified that this is still pending; null: never, or already done.
            announce_at   bigint,
            -- The numbers of DeliveryState and DeliveryPriority.
            state         integer NOT NULL,
            priority      integer NOT NULL,
            may_digest    integer NOT NULL,
            -- Deferred: when the quiet hours end. A pending digest: when it is sent at the earliest. Null: at once.
            due_at        bigint,
            -- 0: no silence.
            silence_id    bigint NOT NULL,
            -- The delivery of the digest that contains it, and its place there.
            digest_id     bigint,
            digest_number integer,
            -- The first attempt that counts as doubtful when it is ambiguous; earlier ones are settled.
            doubt_from    integer NOT NULL DEFAULT 1,
            -- The attempt that age counts from.
            age_from      integer NOT NULL DEFAULT 1,
            may_be_repeat integer NOT NULL DEFAULT 0,
            as_rendered   integer NOT NULL DEFAULT 0,
            reason        text COLLATE "C",
            detail        text COLLATE "C",
            reference     text COLLATE "C",
            ended_at      bigint,
            -- The id of the outcome that was recorded last: written again, it changes nothing.
            last_outcome  bytea
        ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);

        CREATE INDEX delivery_event ON {schema}.delivery (event_seq);
        -- Holds only what is pending: lanes and backlog never read what was delivered.
        CREATE INDEX delivery_pending ON {schema}.delivery (destination, priority, id) WHERE state = 0;
        CREATE INDEX delivery_due ON {schema}.delivery (destination, due_at) WHERE state = 0 AND due_at IS NOT NULL;
        CREATE INDEX delivery_deferred ON {schema}.delivery (destination, silence_id, due_at) WHERE state = 6;
        CREATE INDEX delivery_digest ON {schema}.delivery (digest_id, digest_number) WHERE digest_id IS NOT NULL;
        -- All but pending and delivered ones, in the order of their events.
        CREATE INDEX delivery_kept ON {schema}.delivery (state, event_seq, id) WHERE state >= 2;
        -- Counts what waits for a person.
        CREATE INDEX delivery_failed ON {schema}.delivery (state, destination, event_seq) WHERE state IN (2, 3);
        CREATE INDEX delivery_announce ON {schema}.delivery (announce_at) WHERE state = 0 AND announce_at IS NOT NULL;

        CREATE TABLE {schema}.attempt (
            delivery_id    bigint NOT NULL,
            number         integer NOT NULL,
            started_at     bigint NOT NULL,
            ended_at       bigint,
            -- Null: the event's own message.
            step           text COLLATE "C",
            outcome        text COLLATE "C",
            reason         text COLLATE "C",
            detail         text COLLATE "C",
            config_version text COLLATE "C",
            PRIMARY KEY (delivery_id, number)
        ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);

        CREATE INDEX attempt_open ON {schema}.attempt (delivery_id) WHERE ended_at IS NULL;

        CREATE TABLE {schema}.digest (
            -- Its delivery.
            id          bigint PRIMARY KEY,
            destination text COLLATE {schema}.nocase NOT NULL,
            -- The number of DigestCause.
            cause       integer NOT NULL,
            is_urgent   integer NOT NULL,
            -- JSON, read and written as a whole.
            state       text COLLATE "C" NOT NULL
        );

        CREATE INDEX digest_latest ON {schema}.digest (destination, cause, is_urgent, id);

        CREATE TABLE {schema}.silence (
            id      bigint PRIMARY KEY,
            ends_at bigint NOT NULL,
            -- JSON, read and written as a whole.
            state   text COLLATE "C" NOT NULL
        );

        CREATE INDEX silence_end ON {schema}.silence (ends_at);

        -- What operators did. Not rows of attempt: nothing was sent.
        CREATE TABLE {schema}.operator_action (
            delivery_id bigint NOT NULL,
            number      bigint NOT NULL,
            at          bigint NOT NULL,
            action      text COLLATE "C" NOT NULL,
            -- The operator's name; null: not known.
            operator    text COLLATE "C",
            PRIMARY KEY (delivery_id, number)
        );

        -- What a delivery that is dead or held would have sent.
        CREATE TABLE {schema}.message (
            delivery_id bigint PRIMARY KEY,
            json        bytea NOT NULL
        );

        CREATE TABLE {schema}.lane (
            destination     text COLLATE {schema}.nocase PRIMARY KEY,
            not_before      bigint,
            wait_since      bigint,
            wait_reason     text COLLATE "C",
            wait_count      integer NOT NULL,
            failures        integer NOT NULL,
            failing_since   bigint,
            parked_reason   text COLLATE "C",
            parked_at       bigint,
            parked_settings text COLLATE "C"
        ) WITH (fillfactor = 50);

        CREATE TABLE {schema}.rate_limit (
            key        text COLLATE "C" PRIMARY KEY,
            revision   bigint NOT NULL,
            saved_at   bigint NOT NULL,
            -- Durations, from that time on.
            closed_for bigint NOT NULL,
            deficit    bigint NOT NULL
        ) WITH (fillfactor = 50);

        CREATE TABLE {schema}.defect (
            id           bigint PRIMARY KEY,
            source       text COLLATE "C" NOT NULL,
            project_code text COLLATE "C" NOT NULL,
            number       bigint NOT NULL,
            is_closed    integer NOT NULL,
            touched_at   bigint NOT NULL,
            -- JSON: the number of deliveries that count, by destination; null: none.
            announced    text COLLATE "C",
            -- JSON, read and written as a whole.
            state        bytea NOT NULL,
            -- The body of the opening event.
            opening      bytea NOT NULL,
            UNIQUE (number, project_code, source)
        ) WITH (fillfactor = 90);

        -- The messages that show defects in destinations.
        CREATE TABLE {schema}.message_thread (
            number         bigint NOT NULL,
            project_code   text COLLATE "C" NOT NULL,
            source         text COLLATE "C" NOT NULL,
            destination    text COLLATE {schema}.nocase NOT NULL,
            place          text COLLATE "C" NOT NULL,
            root_message   text COLLATE "C",
            posted_by      bigint NOT NULL,
            -- The digest that shows the defect in place of a message of its own; null: none does.
            digest_id      bigint,
            shown          text COLLATE "C",
            template_set   text COLLATE "C",
            locked         text COLLATE "C",
            is_unthreaded  integer NOT NULL,
            is_unbroadcast integer NOT NULL,
            -- Finds it for a later defect with the same title; null: none joins it.
            title_key      text COLLATE "C",
            received_at    bigint,
            repeats        integer NOT NULL,
            -- The delivery that updates the message with their number.
            counted_by     bigint,
            -- The number of the defect whose message it is; null: its own.
            repeat_of      bigint,
            PRIMARY KEY (number, project_code, source, destination)
        ) WITH (fillfactor = 90);

        CREATE INDEX message_thread_title ON {schema}.message_thread (destination, title_key, received_at, number)
            WHERE title_key IS NOT NULL;

        -- The pending requests to Qase's API.
        CREATE TABLE {schema}.enrichment_request (
            source       text COLLATE "C" NOT NULL,
            -- 1: the details of a defect; 2: the name of a member.
            kind         integer NOT NULL,
            -- Empty for a member.
            project_code text COLLATE "C" NOT NULL,
            number       bigint NOT NULL,
            tries        integer NOT NULL,
            -- When it is tried next; null: it has ended.
            due_at       bigint,
            over_at      bigint,
            PRIMARY KEY (number, kind, project_code, source)
        );

        CREATE INDEX enrichment_request_due ON {schema}.enrichment_request (source, due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE {schema}.member (
            number   bigint NOT NULL,
            source   text COLLATE "C" NOT NULL,
            -- Null: Qase does not know the member.
            name     text COLLATE "C",
            asked_at bigint NOT NULL,
            PRIMARY KEY (number, source)
        );

        CREATE INDEX member_asked ON {schema}.member (asked_at);

        -- When the clock was last trusted.
        CREATE TABLE {schema}.clock (
            id         integer PRIMARY KEY CHECK (id = 1),
            trusted_at bigint NOT NULL
        );

        CREATE TABLE {schema}.probe (
            id    integer PRIMARY KEY CHECK (id = 1),
            count bigint NOT NULL
        ) WITH (fillfactor = 50);

        -- The nodes. One whose lease has ended never renews it: it registers again with another id.
        CREATE TABLE {schema}.node (
            id            bigint PRIMARY KEY,
            name          text NOT NULL,
            version       text NOT NULL,
            -- The digest of its configuration, to find nodes that differ.
            configuration text NOT NULL,
            started_at    bigint NOT NULL,
            -- How far its clock is ahead of the database's, in milliseconds.
            ahead         bigint NOT NULL,
            -- Counts up with each renewal.
            beat          bigint NOT NULL,
            expires_at    timestamp with time zone NOT NULL
        ) WITH (fillfactor = 50);

        -- Who works on a destination or a duty.
        CREATE TABLE {schema}.claim (
            name    text COLLATE {schema}.nocase PRIMARY KEY,
            -- The id of a node; null: none.
            owner   bigint,
            epoch   bigint NOT NULL,
            -- Counts up when an operator resumes the destination.
            resumes bigint NOT NULL
        ) WITH (fillfactor = 50);

        -- The logins of browsers to the console. What is stored is not enough to log in.
        CREATE TABLE {schema}.session (
            token_hash  text COLLATE "C" PRIMARY KEY,
            -- A keyed hash of the operator's secret; the key is the token.
            fingerprint text COLLATE "C" NOT NULL,
            operator    text COLLATE "C",
            created_at  bigint NOT NULL,
            -- Later with each use.
            expires_at  bigint NOT NULL
        ) WITH (fillfactor = 50);
        """;

    private const string Second =
        """
        -- How long a node keeps its lanes after a renewal. Nodes of version 1 do not write it: this is the longest that is allowed.
        ALTER TABLE {schema}.node ADD COLUMN lease bigint NOT NULL DEFAULT 60000;
        """;
}
