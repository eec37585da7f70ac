namespace DefectNotifier.Postgres.Database;

/// <summary>The texts in place of shared ones that PostgreSQL would answer by reading too much.</summary>
internal static class OwnSql
{
    /// <summary>By the shared text.</summary>
    public static readonly IReadOnlyDictionary<string, string> Replacements = new Dictionary<string, string>(StringComparer.Ordinal);
}
