namespace DefectNotifier.Sqlite;

// What is remembered of defects. The state is JSON: it is read and written as a whole, in the commit of an event.
internal static partial class OutboxSql
{
    public const string FindDefect = "SELECT id, state FROM defect WHERE number = $number AND project_code = $project AND source = $source";

    public const string ReadDefect = "SELECT state, opening FROM defect WHERE number = $number AND project_code = $project AND source = $source";

    /// <summary>Inserts nothing when the defect is known.</summary>
    public const string InsertDefect =
        """
        INSERT INTO defect (source, project_code, number, closed, touched_at, state, opening)
        VALUES ($source, $project, $number, $closed, $touchedAt, $state, $opening)
        ON CONFLICT (number, project_code, source) DO NOTHING
        """;

    /// <summary>Without an opening the one that is there stays.</summary>
    public const string UpdateDefect =
        """
        UPDATE defect SET closed = $closed, touched_at = max(touched_at, $touchedAt), state = $state, opening = coalesce($opening, opening)
        WHERE id = $id
        """;

    public const string ReadOldestDefects = "SELECT id, closed, touched_at FROM defect WHERE id > $after ORDER BY id LIMIT $limit";

    public const string ReadOldestArrival = "SELECT received_at FROM event WHERE seq > 0 ORDER BY seq LIMIT 1";

    /// <summary>Of all workspaces: the newest rows are read from the end of the table, and LIMIT stops it.</summary>
    public const string ReadLatestDefects = "SELECT source, project_code, number, state FROM defect WHERE id > 0 ORDER BY id DESC LIMIT $limit";
    public const string DeleteDefect = "DELETE FROM defect WHERE id = $id";
}
