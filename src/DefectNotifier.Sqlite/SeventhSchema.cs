namespace DefectNotifier.Sqlite;

/// <summary>Migration 7: decisions in a table of their own, where many events share one. Events that were stored before keep theirs in their own row.</summary>
internal static class SeventhSchema
{
    public const string Sql =
        """
        CREATE TABLE decision (
            id    INTEGER PRIMARY KEY,
            -- The newest event when it was written: only events after it have it, and not many.
            since INTEGER NOT NULL,
            json  TEXT NOT NULL
        ) STRICT;

        CREATE INDEX decision_since ON decision (since);

        -- Then event.decision is empty.
        ALTER TABLE event ADD COLUMN decision_id INTEGER;
        """;
}
