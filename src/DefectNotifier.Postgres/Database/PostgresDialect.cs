using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace DefectNotifier.Postgres.Database;

/// <summary>
/// Writes the shared texts for PostgreSQL: parameters by number, tables with their schema, and no hint for SQLite's planner. Few texts
/// need a form of their own.
/// </summary>
internal sealed partial class PostgresDialect(string schema)
{
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text for PostgreSQL.</summary>
    public string Of(string sql) => _texts.GetOrAdd(sql, Translate);

    private string Translate(string sql)
    {
        var names = new List<string>();
        var own = OwnSql.Replacements.GetValueOrDefault(sql, sql);
        var text = Table().Replace(own, match => $"{match.Groups["verb"].Value} {schema}.{match.Groups["name"].Value}");
        text = text.Replace("CROSS JOIN", "JOIN", StringComparison.Ordinal);
        return Parameter().Replace(text, match => "$" + NumberOf(match.Value, names));
    }

    private static int NumberOf(string name, List<string> names)
    {
        var at = names.IndexOf(name);
        if (at >= 0) return at + 1;
        names.Add(name);
        return names.Count;
    }

    [GeneratedRegex(
        @"\b(?<verb>FROM|JOIN|INTO|UPDATE)\s+(?<name>event|delivery|attempt|digest|silence|operator_action|message|lane|rate_limit|defect"
        + @"|message_thread|enrichment_request|member|clock|probe|counter|node|claim|session)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"\$[a-zA-Z]\w*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
