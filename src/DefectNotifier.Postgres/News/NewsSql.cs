namespace DefectNotifier.Postgres.News;

/// <summary>The statements of <see cref="NewsExchange"/>.</summary>
internal static class NewsSql
{
    public const string Notify = "SELECT pg_notify($channel, $payload)";

    /// <summary>Goes from one destination to the next by the index, however many deliveries are pending for each.</summary>
    public const string Busy =
        """
        WITH RECURSIVE busy (destination) AS (
            (SELECT destination FROM delivery WHERE state = 0 ORDER BY destination LIMIT 1)
            UNION ALL
            SELECT (SELECT d.destination FROM delivery AS d WHERE d.state = 0 AND d.destination > busy.destination
                ORDER BY d.destination LIMIT 1)
            FROM busy WHERE busy.destination IS NOT NULL)
        SELECT destination FROM busy WHERE destination IS NOT NULL
        """;
}
