namespace DefectNotifier.Sqlite;

/// <summary>Migration 1. Times are unix milliseconds; <c>delivery.state</c> holds the numbers of <see cref="Outbox.DeliveryState"/>.</summary>
internal static class FirstSchema
{
    public const string Sql =
        """
        CREATE TABLE event (
            seq          INTEGER PRIMARY KEY,
            id           TEXT NOT NULL UNIQUE,
            dedup        BLOB NOT NULL UNIQUE,
            source       TEXT NOT NULL,
            name         TEXT NOT NULL,
            project_code TEXT,
            subject_id   INTEGER,
            occurred_at  INTEGER,
            received_at  INTEGER NOT NULL,
            body         BLOB NOT NULL,
            decision     TEXT NOT NULL,
            trace_parent TEXT,
            unrouted     INTEGER NOT NULL CHECK (unrouted IN (0, 1))
        ) STRICT;

        -- Holds the seq of each entry, as every index does: newest first needs no sorting.
        CREATE INDEX event_unrouted ON event (unrouted) WHERE unrouted = 1;

        -- AUTOINCREMENT: an id is never given twice, so "after this id" stays true when rows are deleted.
        CREATE TABLE delivery (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            event_seq     INTEGER NOT NULL REFERENCES event (seq),
            -- Without regard to case, as settings are: an environment variable may spell a name in capitals.
            destination   TEXT NOT NULL COLLATE NOCASE,
            route         INTEGER NOT NULL,
            template_set  TEXT,
            state         INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
            attempts      INTEGER NOT NULL DEFAULT 0,
            may_be_repeat INTEGER NOT NULL DEFAULT 0 CHECK (may_be_repeat IN (0, 1)),
            reason        TEXT,
            detail        TEXT,
            reference     TEXT,
            ended_at      INTEGER
        ) STRICT;

        CREATE INDEX delivery_event ON delivery (event_seq);

        -- Only what still waits is in it: the lanes and the backlog never pay for what was delivered.
        CREATE INDEX delivery_pending ON delivery (destination, id) WHERE state = 0;

        CREATE INDEX delivery_dead ON delivery (event_seq) WHERE state = 2;

        CREATE TABLE attempt (
            delivery_id INTEGER NOT NULL REFERENCES delivery (id),
            number      INTEGER NOT NULL,
            started_at  INTEGER NOT NULL,
            ended_at    INTEGER,
            outcome        TEXT,
            reason      TEXT,
            detail      TEXT,
            PRIMARY KEY (delivery_id, number)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX attempt_open ON attempt (delivery_id) WHERE ended_at IS NULL;

        CREATE TABLE lane (
            destination     TEXT COLLATE NOCASE PRIMARY KEY,
            not_before      INTEGER,
            hold_reason     TEXT,
            hold_count      INTEGER NOT NULL,
            pace_full_at    INTEGER,
            failures        INTEGER NOT NULL,
            parked_reason   TEXT,
            parked_settings TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE probe (
            id    INTEGER PRIMARY KEY CHECK (id = 1),
            count INTEGER NOT NULL
        ) STRICT;
        """;
}
