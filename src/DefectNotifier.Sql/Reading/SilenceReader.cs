using System.Text.Json;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>Reads silences.</summary>
internal static class SilenceReader
{
    public static Silence? Find(Statements statements, long id)
    {
        using var row = statements.Query(SilenceSql.Silence, id);
        return row.Read() ? SilenceAt(row) : null;
    }

    /// <summary>The silences that end after this time, by their numbers; null: all.</summary>
    public static IReadOnlyList<Silence> Read(Statements statements, DateTimeOffset? endsAfter)
    {
        using var row = endsAfter is { } after
            ? statements.Query(SilenceSql.CurrentSilences, after)
            : statements.Query(SilenceSql.AllSilences);
        return ReadAll(row);
    }

    /// <summary>The silences in these rows, by their numbers.</summary>
    public static IReadOnlyList<Silence> ReadAll(Rows row)
    {
        var silences = new List<Silence>();
        while (row.Read()) silences.Add(SilenceAt(row));
        // Usually there is none or one.
        silences.Sort((one, other) => one.Id.CompareTo(other.Id));
        return silences;
    }

    private static Silence SilenceAt(Rows row) =>
        JsonSerializer.Deserialize(row.GetSpan(1), StoredJson.Default.Silence)! with { Id = row.GetInt64(0) };
}
