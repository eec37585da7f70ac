namespace DefectNotifier.Postgres.Sessions;

/// <summary>The statements about the console's sessions.</summary>
internal static class SessionSql
{
    public const string RemoveExpired = "DELETE FROM session WHERE expires_at <= $now";

    /// <summary>Leaves this many sessions of an operator: those that were used last.</summary>
    public const string KeepOfOperator =
        """
        DELETE FROM session WHERE token_hash IN (
            SELECT token_hash FROM session WHERE operator IS NOT DISTINCT FROM $operator::text
            ORDER BY expires_at DESC, token_hash OFFSET $count)
        """;

    /// <summary>Leaves this many sessions: those that were used last.</summary>
    public const string Keep =
        "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session ORDER BY expires_at DESC, token_hash OFFSET $count)";

    public const string Add =
        """
        INSERT INTO session (token_hash, fingerprint, operator, created_at, expires_at)
        VALUES ($hash, $fingerprint, $operator, $now, $end)
        ON CONFLICT DO NOTHING
        """;

    public const string Find = "SELECT fingerprint, expires_at FROM session WHERE token_hash = $hash";

    public const string Renew = "UPDATE session SET expires_at = $end WHERE token_hash = $hash";

    public const string Remove = "DELETE FROM session WHERE token_hash = $hash";
}
