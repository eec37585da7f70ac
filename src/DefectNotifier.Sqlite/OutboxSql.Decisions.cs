namespace DefectNotifier.Sqlite;

// Decisions, which events share.
internal static partial class OutboxSql
{
    public const string InsertDecision = "INSERT INTO decision (since, json) VALUES ($since, $json)";

    public const string ReadNewestSeq = "SELECT max(seq) FROM event";

    /// <summary>None while there is no event.</summary>
    public const string DeleteOldDecisions =
        "DELETE FROM decision WHERE id IN (SELECT id FROM decision WHERE since < (SELECT min(seq) FROM event) - $margin ORDER BY since LIMIT $limit)";

    /// <summary>Of a row of <c>event</c>.</summary>
    private const string DecisionOfEvent = "coalesce((SELECT s.json FROM decision AS s WHERE s.id = event.decision_id), event.decision)";
}
