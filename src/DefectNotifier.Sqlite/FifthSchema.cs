namespace DefectNotifier.Sqlite;

/// <summary>Migration 5: the messages that stand for defects in destinations; how a delivery wants its defect shown; what an attempt sent.</summary>
internal static class FifthSchema
{
    // Changes no row that is there. What was accepted before is shown as is usual now: the numbers are those of MessageMode and BroadcastWhen.
    public const string Sql =
        """
        ALTER TABLE delivery ADD COLUMN thread INTEGER NOT NULL DEFAULT 0 CHECK (thread IN (0, 1, 2, 3));
        ALTER TABLE delivery ADD COLUMN broadcast INTEGER NOT NULL DEFAULT 0 CHECK (broadcast IN (0, 1, 2));
        -- Null: the event's own message.
        ALTER TABLE attempt ADD COLUMN step TEXT;

        CREATE TABLE thread (
            number       INTEGER NOT NULL,
            project_code TEXT NOT NULL,
            source       TEXT NOT NULL,
            destination  TEXT NOT NULL COLLATE NOCASE,
            place        TEXT NOT NULL,
            root         TEXT,
            posted_by    INTEGER NOT NULL,
            shown        TEXT,
            template_set TEXT,
            locked       TEXT,
            unthreaded   INTEGER NOT NULL CHECK (unthreaded IN (0, 1)),
            unbroadcast  INTEGER NOT NULL CHECK (unbroadcast IN (0, 1)),
            PRIMARY KEY (number, project_code, source, destination)
        ) STRICT, WITHOUT ROWID;
        """;
}
