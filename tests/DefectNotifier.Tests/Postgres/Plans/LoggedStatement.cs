using System.Text;
using System.Text.Json.Nodes;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>A statement that the server has executed, from its log, where auto_explain writes it.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Plan">Its plan.</param>
internal sealed record LoggedStatement(string Text, QueryPlan Plan)
{
    /// <summary>All statements in the log, in the order in which they ended.</summary>
    public static IEnumerable<LoggedStatement> ReadAll(string log)
    {
        using var lines = new StringReader(log);
        for (var line = lines.ReadLine(); line is not null; line = lines.ReadLine())
        {
            if (!line.EndsWith("  plan:", StringComparison.Ordinal)) continue;
            var json = new StringBuilder();
            // The server begins each further line of an entry with a tab.
            while (lines.Peek() == '\t') json.AppendLine(lines.ReadLine());
            var entry = JsonNode.Parse(json.ToString())!;
            yield return new LoggedStatement((string)entry["Query Text"]!, new QueryPlan(entry[nameof(Plan)]!));
        }
    }
}
