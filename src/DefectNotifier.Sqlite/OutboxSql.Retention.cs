namespace DefectNotifier.Sqlite;

// What forgets. Children first: the foreign keys are checked at each statement.
internal static partial class OutboxSql
{
    public const string ReadOldestEvents = "SELECT seq, received_at, length(body) FROM event WHERE seq > $after ORDER BY seq LIMIT $limit";

    /// <summary>Null in every column for an event without deliveries.</summary>
    public const string ReadEnd = "SELECT max(state IN (0, 3)), max(state = 2), max(ended_at) FROM delivery WHERE event_seq = $event";

    public const string DeleteAttempts = "DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE event_seq = $event)";

    public const string DeleteMessages = "DELETE FROM message WHERE delivery_id IN (SELECT id FROM delivery WHERE event_seq = $event)";

    public const string DeleteDeliveries = "DELETE FROM delivery WHERE event_seq = $event";

    public const string DeleteEvent = "DELETE FROM event WHERE seq = $event";

    public const string ReadUsedBytes =
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
}
