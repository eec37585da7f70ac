namespace DefectNotifier.Sql.Reading;

/// <summary>
/// The statements that list events for operators, newest first. A test checks their plans like those of <see cref="ReadSql"/>. The choice
/// of events is a subquery of numbers where SQLite may sort it: sorted rows would hold the bodies.
/// </summary>
internal static class SummarySql
{
    public const string AnyEvents = $"{Columns} WHERE seq < $before {NewestFirst}";

    public const string EventsWithoutRoute = $"{Columns} WHERE is_unrouted = 1 AND seq < $before {NewestFirst}";

    public const string EventsOfSubject = $"{Columns} {Within} FROM event WHERE subject_id = $subject AND seq < $before) {NewestFirst}";

    // Ids grow with the time, so these are the newest.
    public const string EventsById =
        $"{Columns} {Within} FROM event WHERE id >= $from AND id < $to AND seq < $before ORDER BY id DESC LIMIT $limit) {NewestFirst}";

    // SQLite uses a partial index only for a condition that repeats the index's own word for word: "state >= 2".
    public const string EventsInState =
        $"""
        {Columns} WHERE seq IN (
            SELECT DISTINCT event_seq FROM delivery WHERE state >= 2 AND state = $state AND event_seq < $before
            ORDER BY event_seq DESC LIMIT $limit) {NewestFirst}
        """;

    // The plus prevents the use of the index on event_seq, which holds the delivered ones too.
    public const string EventsWaiting =
        $"{Columns} WHERE seq IN (SELECT event_seq FROM delivery WHERE state = 0 AND +event_seq < $before) {NewestFirst}";

    public const string DeliveriesOfEvent =
        "SELECT id, destination, state, reason, ended_at, due_at FROM delivery WHERE event_seq = $event ORDER BY id";

    private const string Columns = "SELECT seq, id, source, name, project_code, subject_id, received_at, is_unrouted, body FROM event";

    private const string Within = "WHERE seq IN (SELECT seq";

    private const string NewestFirst = "ORDER BY seq DESC LIMIT $limit";
}
