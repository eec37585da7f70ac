namespace DefectNotifier.Sqlite;

/// <summary>Migration 6: what is wanted of Qase's API, and the names that it told. The details of defects become part of their state.</summary>
internal static class SixthSchema
{
    public const string Sql =
        """
        CREATE TABLE request (
            source       TEXT NOT NULL,
            -- 1: the details of a defect; 2: the name of a member.
            kind         INTEGER NOT NULL CHECK (kind IN (1, 2)),
            -- Empty for a member.
            project_code TEXT NOT NULL,
            number       INTEGER NOT NULL,
            tries        INTEGER NOT NULL DEFAULT 0,
            -- When it is asked next; null: it is over.
            due_at       INTEGER,
            over_at      INTEGER,
            PRIMARY KEY (number, kind, project_code, source)
        ) STRICT, WITHOUT ROWID;

        -- Only what is still wanted is in it.
        CREATE INDEX wish_due ON request (source, due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE person (
            number  INTEGER NOT NULL,
            source  TEXT NOT NULL,
            -- Null: Qase does not know either.
            name    TEXT,
            told_at INTEGER NOT NULL,
            PRIMARY KEY (number, source)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX person_told ON person (told_at);
        """;
}
