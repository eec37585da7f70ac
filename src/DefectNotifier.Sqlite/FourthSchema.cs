namespace DefectNotifier.Sqlite;

/// <summary>Migration 4: what is remembered of defects, by their keys (see <see cref="Events.DefectKey"/>).</summary>
internal static class FourthSchema
{
    // What is looked at when old ones are searched stands before what may be long: SQLite reads a row from its beginning.
    public const string Sql =
        """
        CREATE TABLE defect (
            id           INTEGER PRIMARY KEY,
            source       TEXT NOT NULL,
            project_code TEXT NOT NULL,
            number       INTEGER NOT NULL,
            closed       INTEGER NOT NULL CHECK (closed IN (0, 1)),
            touched_at   INTEGER NOT NULL,
            state        BLOB NOT NULL,
            opening      BLOB NOT NULL,
            UNIQUE (number, project_code, source)
        ) STRICT;
        """;
}
