namespace DefectNotifier.Sqlite;

/// <summary>
/// Migration 2: deliveries that are held or discarded, that age by their route, that are announced elsewhere and that are sent again on an operator's
/// word; the messages that dead letters keep; limits that several destinations share. A CHECK can't be changed in place, so the table is built anew.
/// </summary>
internal static class SecondSchema
{
    public const string Sql =
        """
        CREATE TABLE delivery_2 (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            event_seq     INTEGER NOT NULL REFERENCES event (seq),
            destination   TEXT NOT NULL COLLATE NOCASE,
            route         INTEGER NOT NULL,
            template_set  TEXT,
            -- Milliseconds; null: as the settings have it.
            max_age       INTEGER,
            fallback      TEXT COLLATE NOCASE,
            -- When the fallback is told that this still waits; null: not at all, or it was told.
            announce_at   INTEGER,
            state         INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3, 4)),
            attempts      INTEGER NOT NULL DEFAULT 0,
            -- The attempt since which an operator has left it alone: what was in doubt before is decided.
            tries_from    INTEGER NOT NULL DEFAULT 1,
            -- The attempt that age counts from: time in which the destination could not be reached, or was parked, is not the message's.
            age_from      INTEGER NOT NULL DEFAULT 1,
            may_be_repeat INTEGER NOT NULL DEFAULT 0 CHECK (may_be_repeat IN (0, 1)),
            as_rendered   INTEGER NOT NULL DEFAULT 0 CHECK (as_rendered IN (0, 1)),
            reason        TEXT,
            detail        TEXT,
            reference     TEXT,
            ended_at      INTEGER
        ) STRICT;

        INSERT INTO delivery_2 (id, event_seq, destination, route, template_set, state, attempts, may_be_repeat, reason, detail, reference, ended_at)
        SELECT id, event_seq, destination, route, template_set, state, attempts, may_be_repeat, reason, detail, reference, ended_at FROM delivery;

        DROP TABLE delivery;

        ALTER TABLE delivery_2 RENAME TO delivery;

        CREATE INDEX delivery_event ON delivery (event_seq);

        -- Only what still waits is in it: the lanes and the backlog never pay for what was delivered.
        CREATE INDEX delivery_pending ON delivery (destination, id) WHERE state = 0;

        -- Dead, held and discarded ones, in the order of their events.
        CREATE INDEX delivery_kept ON delivery (state, event_seq) WHERE state >= 2;

        CREATE INDEX delivery_announce ON delivery (announce_at) WHERE state = 0 AND announce_at IS NOT NULL;

        ALTER TABLE lane DROP COLUMN pace_full_at;
        ALTER TABLE lane ADD COLUMN held_at INTEGER;
        ALTER TABLE lane ADD COLUMN failing_since INTEGER;
        ALTER TABLE lane ADD COLUMN parked_at INTEGER;

        CREATE TABLE rateLimiter (
            key        TEXT PRIMARY KEY,
            revision   INTEGER NOT NULL,
            saved_at   INTEGER NOT NULL,
            -- Milliseconds from there.
            hold       INTEGER NOT NULL,
            deficit       INTEGER NOT NULL,
            slowness   INTEGER NOT NULL,
            slowed     INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- What a delivery that is dead or held would have sent.
        CREATE TABLE message (
            delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id),
            json        BLOB NOT NULL
        ) STRICT;

        -- An operator's words. Not rows of attempt: nothing was sent, and what is counted of attempts must not count them. They go with their delivery.
        CREATE TABLE operator_word (
            delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
            number      INTEGER NOT NULL,
            at          INTEGER NOT NULL,
            what        TEXT NOT NULL,
            PRIMARY KEY (delivery_id, number)
        ) STRICT, WITHOUT ROWID;
        """;
}
