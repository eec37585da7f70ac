namespace DefectNotifier.Sqlite;

// The messages that stand for defects in destinations.
internal static partial class OutboxSql
{
    public const string ReadThread =
        """
        SELECT place, root, posted_by, shown, template_set, locked, unthreaded, unbroadcast FROM thread
        WHERE number = $number AND project_code = $project AND source = $source AND destination = $destination
        """;

    public const string SaveThread =
        """
        INSERT INTO thread (number, project_code, source, destination, place, root, posted_by, shown, template_set, locked, unthreaded, unbroadcast)
        VALUES ($number, $project, $source, $destination, $place, $root, $postedBy, $shown, $set, $locked, $unthreaded, $unbroadcast)
        ON CONFLICT (number, project_code, source, destination) DO UPDATE SET
            place = excluded.place, root = excluded.root, posted_by = excluded.posted_by, shown = excluded.shown, template_set = excluded.template_set,
            locked = excluded.locked, unthreaded = excluded.unthreaded, unbroadcast = excluded.unbroadcast
        """;

    /// <summary>Where a message stands for a defect that is kept true (the numbers are those of MessageMode), as far as it is known which delivery posted it.</summary>
    public const string FindMessages =
        """
        SELECT c.destination FROM thread AS c JOIN delivery AS d ON d.id = c.posted_by
        WHERE c.number = $number AND c.project_code = $project AND c.source = $source AND c.root IS NOT NULL AND d.thread IN (0, 3)
        """;

    /// <summary>
    /// What the lanes may be sending just now: what each sends next, and what has begun. Such a message may have been written before something was learned, and stands nowhere
    /// yet. Not an event's own message, which is changed by nothing. Goes from one destination to the next by the index, however much waits in each.
    /// </summary>
    public const string FindUnderway =
        """
        WITH RECURSIVE busy (destination) AS (
            SELECT min(destination) FROM delivery WHERE state = 0
            UNION ALL
            SELECT (SELECT min(d.destination) FROM delivery AS d WHERE d.state = 0 AND d.destination > busy.destination) FROM busy WHERE busy.destination IS NOT NULL)
        SELECT e.source, e.name, e.project_code, e.subject_id, d.destination
        FROM (
            SELECT (SELECT min(d.id) FROM delivery AS d WHERE d.state = 0 AND d.destination = busy.destination) AS id FROM busy
            UNION
            SELECT delivery_id FROM attempt WHERE ended_at IS NULL) AS now
        JOIN delivery AS d ON d.id = now.id
        JOIN event AS e ON e.seq = d.event_seq
        WHERE d.state = 0 AND d.thread IN (0, 3)
            AND NOT EXISTS (SELECT 1 FROM attempt AS a WHERE a.delivery_id = d.id AND a.ended_at IS NULL AND a.step IS NULL)
        """;

    /// <summary>Before the defect itself goes.</summary>
    public const string DeleteThreads =
        """
        DELETE FROM thread
        WHERE (number, project_code, source) = (SELECT d.number, d.project_code, d.source FROM defect AS d WHERE d.id = $id)
        """;
}
