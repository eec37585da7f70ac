using DefectNotifier.Outbox.Contract;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite.Schema;

/// <summary>
/// The tables of an outbox, and the check that a file has them. The version is SQLite's <c>user_version</c>. Until the first release every
/// change is made in version 1; after it, a released version is never changed.
/// </summary>
internal static class OutboxSchema
{
    public const int Version = 1;

    /// <summary>"DNv1" in ASCII: identifies an outbox among SQLite databases.</summary>
    public const int ApplicationId = 0x444E7631;

    /// <summary>What development versions before 1.0 wrote.</summary>
    private const int FormerApplicationId = 0x44664E74;

    // Times are unix milliseconds, durations milliseconds. In a table, columns that are searched come before those that may be long: SQLite
    // reads a row from its start.
    private const string Sql =
        """
        CREATE TABLE event (
            seq          INTEGER PRIMARY KEY,
            id           TEXT NOT NULL UNIQUE,
            dedup_key    BLOB NOT NULL UNIQUE,
            source       TEXT NOT NULL,
            name         TEXT NOT NULL,
            project_code TEXT,
            subject_id   INTEGER,
            occurred_at  INTEGER,
            received_at  INTEGER NOT NULL,
            is_unrouted  INTEGER NOT NULL CHECK (is_unrouted IN (0, 1)),
            trace_parent TEXT,
            -- JSON: the result of the routing plan and what it used.
            decision     TEXT NOT NULL,
            body         BLOB NOT NULL
        ) STRICT;

        -- An index holds the seq of each entry: newest first needs no sorting.
        CREATE INDEX event_unrouted ON event (is_unrouted) WHERE is_unrouted = 1;
        CREATE INDEX event_subject ON event (subject_id, source) WHERE subject_id IS NOT NULL;

        -- AUTOINCREMENT: an id is never used twice, so "after this id" stays true when rows are deleted.
        CREATE TABLE delivery (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            event_seq     INTEGER NOT NULL REFERENCES event (seq),
            -- Without regard to case, as settings are: an environment variable may spell a name in capitals.
            destination   TEXT NOT NULL COLLATE NOCASE,
            route         INTEGER NOT NULL,
            template_set  TEXT,
            -- The numbers of DeliveryKind, MessageMode and BroadcastWhen.
            kind          INTEGER NOT NULL CHECK (kind IN (0, 1, 2, 3, 4)),
            message_mode  INTEGER NOT NULL CHECK (message_mode IN (0, 1, 2, 3)),
            broadcast     INTEGER NOT NULL CHECK (broadcast IN (0, 1, 2)),
            -- Null: the default of the settings.
            max_age       INTEGER,
            fallback      TEXT COLLATE NOCASE,
            -- How long its defect joins the message of one with the same title; null: it does not.
            repeat_within INTEGER,
            -- When the fallback is notified that this is still pending; null: never, or already done.
            announce_at   INTEGER,
            -- The numbers of DeliveryState.
            state         INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3, 4, 5, 6)),
            -- The number of DeliveryPriority.
            priority      INTEGER NOT NULL CHECK (priority IN (0, 1, 2)),
            may_digest    INTEGER NOT NULL CHECK (may_digest IN (0, 1)),
            -- Deferred: when the quiet hours end. A pending digest: when it is sent at the earliest. Null: at once.
            due_at        INTEGER,
            -- 0: no silence.
            silence_id    INTEGER NOT NULL,
            -- The delivery of the digest that contains it, and its place there.
            digest_id     INTEGER,
            digest_number INTEGER,
            -- The first attempt that counts as doubtful when it is ambiguous; earlier ones are settled.
            doubt_from    INTEGER NOT NULL DEFAULT 1,
            -- The attempt that age counts from.
            age_from      INTEGER NOT NULL DEFAULT 1,
            may_be_repeat INTEGER NOT NULL DEFAULT 0 CHECK (may_be_repeat IN (0, 1)),
            as_rendered   INTEGER NOT NULL DEFAULT 0 CHECK (as_rendered IN (0, 1)),
            reason        TEXT,
            detail        TEXT,
            reference     TEXT,
            ended_at      INTEGER,
            -- The id of the outcome that was recorded last: written again, it changes nothing.
            last_outcome  BLOB
        ) STRICT;

        CREATE INDEX delivery_event ON delivery (event_seq);
        -- Holds only what is pending: lanes and backlog never read what was delivered.
        CREATE INDEX delivery_pending ON delivery (destination, priority, id) WHERE state = 0;
        CREATE INDEX delivery_due ON delivery (destination, due_at) WHERE state = 0 AND due_at IS NOT NULL;
        CREATE INDEX delivery_deferred ON delivery (destination, silence_id, due_at) WHERE state = 6;
        CREATE INDEX delivery_digest ON delivery (digest_id, digest_number) WHERE digest_id IS NOT NULL;
        -- All but pending and delivered ones, in the order of their events.
        CREATE INDEX delivery_kept ON delivery (state, event_seq) WHERE state >= 2;
        -- Counts what waits for a person.
        CREATE INDEX delivery_failed ON delivery (state, destination, event_seq) WHERE state IN (2, 3);
        CREATE INDEX delivery_announce ON delivery (announce_at) WHERE state = 0 AND announce_at IS NOT NULL;

        CREATE TABLE attempt (
            delivery_id    INTEGER NOT NULL REFERENCES delivery (id),
            number         INTEGER NOT NULL,
            started_at     INTEGER NOT NULL,
            ended_at       INTEGER,
            -- Null: the event's own message.
            step           TEXT,
            outcome        TEXT,
            reason         TEXT,
            detail         TEXT,
            config_version TEXT,
            PRIMARY KEY (delivery_id, number)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX attempt_open ON attempt (delivery_id) WHERE ended_at IS NULL;

        CREATE TABLE digest (
            -- Its delivery.
            id          INTEGER PRIMARY KEY REFERENCES delivery (id),
            destination TEXT NOT NULL COLLATE NOCASE,
            -- The number of DigestCause.
            cause       INTEGER NOT NULL CHECK (cause IN (0, 1, 2)),
            is_urgent   INTEGER NOT NULL CHECK (is_urgent IN (0, 1)),
            -- JSON, read and written as a whole.
            state       TEXT NOT NULL
        ) STRICT;

        CREATE INDEX digest_latest ON digest (destination, cause, is_urgent);

        -- AUTOINCREMENT: a delivery never refers to a later silence with the number of a deleted one.
        CREATE TABLE silence (
            id      INTEGER PRIMARY KEY AUTOINCREMENT,
            ends_at INTEGER NOT NULL,
            -- JSON, read and written as a whole.
            state   TEXT NOT NULL
        ) STRICT;

        CREATE INDEX silence_end ON silence (ends_at);

        -- What operators did. Not rows of attempt: nothing was sent.
        CREATE TABLE operator_action (
            delivery_id INTEGER NOT NULL REFERENCES delivery (id),
            number      INTEGER NOT NULL,
            at          INTEGER NOT NULL,
            action      TEXT NOT NULL,
            -- The operator's name; null: not known.
            operator    TEXT,
            PRIMARY KEY (delivery_id, number)
        ) STRICT, WITHOUT ROWID;

        -- What a delivery that is dead or held would have sent.
        CREATE TABLE message (
            delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id),
            json        BLOB NOT NULL
        ) STRICT;

        CREATE TABLE lane (
            destination     TEXT COLLATE NOCASE PRIMARY KEY,
            not_before      INTEGER,
            wait_since      INTEGER,
            wait_reason     TEXT,
            wait_count      INTEGER NOT NULL,
            failures        INTEGER NOT NULL,
            failing_since   INTEGER,
            parked_reason   TEXT,
            parked_at       INTEGER,
            parked_settings TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE rate_limit (
            key      TEXT PRIMARY KEY,
            revision INTEGER NOT NULL,
            saved_at INTEGER NOT NULL,
            -- Durations, from that time on.
            closed_for INTEGER NOT NULL,
            deficit  INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE defect (
            id           INTEGER PRIMARY KEY,
            source       TEXT NOT NULL,
            project_code TEXT NOT NULL,
            number       INTEGER NOT NULL,
            is_closed    INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
            touched_at   INTEGER NOT NULL,
            -- JSON: the number of deliveries that count, by destination; null: none.
            announced    TEXT,
            -- JSON, read and written as a whole.
            state        BLOB NOT NULL,
            -- The body of the opening event.
            opening      BLOB NOT NULL,
            UNIQUE (number, project_code, source)
        ) STRICT;

        -- The messages that show defects in destinations.
        CREATE TABLE message_thread (
            number         INTEGER NOT NULL,
            project_code   TEXT NOT NULL,
            source         TEXT NOT NULL,
            destination    TEXT NOT NULL COLLATE NOCASE,
            place          TEXT NOT NULL,
            root_message   TEXT,
            posted_by      INTEGER NOT NULL,
            -- The digest that shows the defect in place of a message of its own; null: none does.
            digest_id      INTEGER,
            shown          TEXT,
            template_set   TEXT,
            locked         TEXT,
            is_unthreaded  INTEGER NOT NULL CHECK (is_unthreaded IN (0, 1)),
            is_unbroadcast INTEGER NOT NULL CHECK (is_unbroadcast IN (0, 1)),
            -- Finds it for a later defect with the same title; null: none joins it.
            title_key      TEXT,
            received_at    INTEGER,
            repeats        INTEGER NOT NULL,
            -- The delivery that updates the message with their number.
            counted_by     INTEGER,
            -- The number of the defect whose message it is; null: its own.
            repeat_of      INTEGER,
            PRIMARY KEY (number, project_code, source, destination)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX message_thread_title ON message_thread (destination, title_key, received_at, number) WHERE title_key IS NOT NULL;

        -- The pending requests to Qase's API.
        CREATE TABLE enrichment_request (
            source       TEXT NOT NULL,
            -- 1: the details of a defect; 2: the name of a member.
            kind         INTEGER NOT NULL CHECK (kind IN (1, 2)),
            -- Empty for a member.
            project_code TEXT NOT NULL,
            number       INTEGER NOT NULL,
            tries        INTEGER NOT NULL,
            -- When it is tried next; null: it has ended.
            due_at       INTEGER,
            over_at      INTEGER,
            PRIMARY KEY (number, kind, project_code, source)
        ) STRICT, WITHOUT ROWID;

        -- Contains only pending requests.
        CREATE INDEX enrichment_request_due ON enrichment_request (source, due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE member (
            number   INTEGER NOT NULL,
            source   TEXT NOT NULL,
            -- Null: Qase does not know the member.
            name     TEXT,
            asked_at INTEGER NOT NULL,
            PRIMARY KEY (number, source)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX member_asked ON member (asked_at);

        -- When the clock was last trusted.
        CREATE TABLE clock (
            id         INTEGER PRIMARY KEY CHECK (id = 1),
            trusted_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE probe (
            id    INTEGER PRIMARY KEY CHECK (id = 1),
            count INTEGER NOT NULL
        ) STRICT;
        """;

    /// <summary>True when the file has this schema, false when it is empty. Writes nothing.</summary>
    /// <exception cref="OutboxOpenException">It is anything else.</exception>
    public static bool IsPresent(SqliteConnection connection, string path)
    {
        var version = ReadNumber(connection, "PRAGMA user_version");
        var applicationId = ReadNumber(connection, "PRAGMA application_id");
        if (applicationId == FormerApplicationId || (applicationId == ApplicationId && version == Version && LacksDigests(connection)))
            throw new OutboxOpenException(
                $"The outbox {path} was written before 1.0; start with an empty file: move it away, or set Outbox:Path to another file.");
        if (applicationId != ApplicationId)
        {
            if (version == 0 && ReadNumber(connection, "SELECT count(*) FROM sqlite_schema") == 0) return false;
            throw new OutboxOpenException($"The file {path} is a SQLite database of another program. Set Outbox:Path to another file.");
        }

        if (version == Version) return true;
        throw new OutboxOpenException(
            $"The outbox {path} was written by a newer DefectNotifier (schema {version}, this one knows {Version}). "
            + "Run that version, or set Outbox:Path to another file.");
    }

    /// <summary>Creates the tables in an empty file, in one transaction.</summary>
    public static void Create(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"{Sql} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    // Written by a development version, too: version 1 has them since its release.
    private static bool LacksDigests(SqliteConnection connection) =>
        ReadNumber(connection, "SELECT count(*) FROM pragma_table_info('delivery') WHERE name = 'digest_number'") == 0;

    private static int ReadNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar());
    }
}
