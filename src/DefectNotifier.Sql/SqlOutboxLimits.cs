namespace DefectNotifier.Sql;

/// <summary>How much at once an outbox accepts and reads.</summary>
/// <param name="WaitingLimit">How many appends may wait for their commit.</param>
/// <param name="PageBytes">How many bytes of request bodies a page of pending deliveries may hold.</param>
/// <param name="PageRows">How many rows a page of the history looks at.</param>
internal sealed record SqlOutboxLimits(int WaitingLimit, int PageBytes, int PageRows);
