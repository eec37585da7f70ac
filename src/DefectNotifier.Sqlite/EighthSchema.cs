namespace DefectNotifier.Sqlite;

/// <summary>Migration 8: dedup keys begin with a time (see <see cref="Events.DedupKey"/>). The events that are there keep theirs, and are found by them until they are forgotten.</summary>
internal static class EighthSchema
{
    public const string Sql =
        """
        CREATE TABLE hash_key (until_seq INTEGER NOT NULL) STRICT;

        INSERT INTO hash_key SELECT coalesce(max(seq), 0) FROM event;
        """;
}
