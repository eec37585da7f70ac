namespace DefectNotifier.Sql.Reading;

/// <summary>The statements of <see cref="StatisticsReader"/>. A test checks their plans like those of <see cref="ReadSql"/>.</summary>
internal static class StatisticsSql
{
    /// <summary>Read through an index that holds only what is dead or held.</summary>
    public const string Failed =
        """
        SELECT destination, state, count(*), max(event_seq) FROM delivery WHERE state IN (2, 3) GROUP BY state, destination
        """;

    public const string NewestFailed =
        """
        SELECT max(id) FROM delivery WHERE state IN (2, 3) AND state = $state AND destination = $destination AND event_seq = $event
        """;

    public const string UnroutedProjects =
        "SELECT project_code, received_at, id FROM event WHERE is_unrouted = 1 ORDER BY seq DESC LIMIT $limit";

    public const string Recent =
        """
        SELECT destination, state, ended_at FROM delivery
        WHERE id > (SELECT max(id) FROM delivery) - $count AND state IN (1, 2, 3) AND ended_at >= $since AND ended_at < $before
        """;
}
