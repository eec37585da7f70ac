namespace DefectNotifier.Sqlite;

// What is wanted of Qase, and what it told.
internal static partial class OutboxSql
{
    /// <summary>Changes nothing while it is wanted already, or was given up a short while ago.</summary>
    public const string InsertEnrichmentRequest =
        """
        INSERT INTO request (source, kind, project_code, number, due_at) VALUES ($source, $kind, $project, $number, $at)
        ON CONFLICT (number, kind, project_code, source) DO UPDATE SET tries = 0, due_at = excluded.due_at, over_at = NULL
        WHERE over_at < $again
        """;

    public const string DeleteEnrichmentRequest = "DELETE FROM request WHERE number = $number AND kind = $kind AND project_code = $project AND source = $source";

    public const string EndEnrichmentRequest =
        "UPDATE request SET due_at = NULL, over_at = $at WHERE number = $number AND kind = $kind AND project_code = $project AND source = $source";

    /// <summary>Changes nothing when it is not wanted any more.</summary>
    public const string DeferEnrichmentRequest =
        """
        UPDATE request SET tries = tries + 1, due_at = $at
        WHERE number = $number AND kind = $kind AND project_code = $project AND source = $source AND due_at IS NOT NULL
        """;

    public const string DeleteEnrichmentRequestOfDefect =
        """
        DELETE FROM request WHERE kind = 1 AND number = (SELECT number FROM defect WHERE id = $id)
            AND project_code = (SELECT project_code FROM defect WHERE id = $id) AND source = (SELECT source FROM defect WHERE id = $id)
        """;

    public const string ReadNextQueue = "SELECT source, due_at FROM request WHERE due_at IS NOT NULL AND source >= $from ORDER BY source, due_at LIMIT 1";

    public const string ReadEnrichmentRequests =
        """
        SELECT kind, project_code, number, tries FROM request
        WHERE due_at IS NOT NULL AND source = $source AND due_at <= $until ORDER BY due_at LIMIT $limit
        """;

    public const string CountEnrichmentRequests = "SELECT count(*) FROM request WHERE due_at IS NOT NULL";

    public const string ReadPerson = "SELECT name, told_at FROM person WHERE number = $number AND source = $source";

    /// <summary>A name that was known stays where there is none now.</summary>
    public const string SavePerson =
        """
        INSERT INTO person (number, source, name, told_at) VALUES ($number, $source, $name, $at)
        ON CONFLICT (number, source) DO UPDATE SET name = coalesce(excluded.name, name), told_at = excluded.told_at
        """;

    public const string DeleteOldPersons = "DELETE FROM person WHERE told_at < $before";
}
