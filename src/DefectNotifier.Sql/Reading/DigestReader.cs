using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql.Reading;

/// <summary>Reads digests, and when a lane must check for due ones.</summary>
internal static class DigestReader
{
    /// <summary>A digest with what it shows; null: it is not stored.</summary>
    public static DigestView? Read(ReadSession session, long digestId)
    {
        if (Find(session.Statements, DigestSql.Digest, digestId) is not { } digest) return null;
        var grouping = new DigestGrouping(digest);
        using var row = session.Statements.Query(DigestSql.Members, digestId);
        while (row.Read())
        {
            var member = new DigestMember(
                row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetInt64OrNull(3), row.GetTime(4));
            grouping.Add(member, key => SummaryReader.ReadState(session.Statements, key));
        }

        return new DigestView(digest, grouping.Build(SilenceNote.Of(SilenceReader.Find(session.Statements, digest.SilenceId))));
    }

    public static Digest? FindLatest(Statements statements, string destination, DigestCause cause, bool isUrgent) =>
        Find(statements, DigestSql.Latest, destination, (int)cause, isUrgent);

    public static Digest? Find(Statements statements, string sql, params ReadOnlySpan<object?> values)
    {
        using var row = statements.Query(sql, values);
        return row.Read() ? JsonSerializer.Deserialize(row.GetSpan(0), StoredJson.Default.Digest) : null;
    }

    /// <summary>
    /// The deferred deliveries of a destination by silence (0: none), each with the first end of the quiet hours of its deliveries.
    /// </summary>
    public static IReadOnlyList<(long SilenceId, DateTimeOffset FirstDueAt)> ReadDeferrals(Statements statements, string destination)
    {
        var deferrals = new List<(long, DateTimeOffset)>();
        using var row = statements.Query(DigestSql.Deferrals, destination);
        while (row.Read()) deferrals.Add((row.GetInt64(0), row.GetTime(1)));
        return deferrals;
    }

    /// <summary>When a pending digest or a deferred delivery of a destination is due; null: there is none.</summary>
    public static DateTimeOffset? ReadNextDue(ReadSession session, string destination, DateTimeOffset now)
    {
        DateTimeOffset?[] due =
        [
            ReadDue(session.Statements, destination, now),
            .. ReadDeferrals(session.Statements, destination)
                .Select(deferral => (DateTimeOffset?)ReleaseAt(session.Statements, deferral.SilenceId, deferral.FirstDueAt)),
        ];
        return due.Min();
    }

    /// <summary>The deferred deliveries, by destination; destinations without any are left out.</summary>
    public static IReadOnlyList<DeferredCount> ReadDeferredCounts(ReadSession session)
    {
        var counts = new List<DeferredCount>();
        using var row = session.Statements.Query(DigestSql.DeferredCounts);
        while (row.Read())
        {
            var next = new DeferredCount(
                row.GetString(0), row.GetInt64(2), ReleaseAt(session.Statements, row.GetInt64(1), row.GetTime(3)));
            if (counts is [.., var last] && string.Equals(last.Destination, next.Destination, StringComparison.OrdinalIgnoreCase))
                counts[^1] = last.With(next);
            else counts.Add(next);
        }

        return counts;
    }

    private static DateTimeOffset ReleaseAt(Statements statements, long silenceId, DateTimeOffset dueAt) =>
        SilenceRules.ReleaseAt(dueAt, silenceId == 0 ? null : SilenceReader.Find(statements, silenceId));

    private static DateTimeOffset? ReadDue(Statements statements, string destination, DateTimeOffset now)
    {
        using var row = statements.Query(DigestSql.NextDue, destination, now);
        return row.Read() ? row.GetTimeOrNull(0) : null;
    }
}
