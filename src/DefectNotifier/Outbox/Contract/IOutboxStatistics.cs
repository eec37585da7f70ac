namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// What an operator wants to know first: how many deliveries failed, what no route took, and what was sent recently. Members throw
/// <see cref="OutboxUnavailableException"/> when the store can't be read now.
/// </summary>
public interface IOutboxStatistics
{
    /// <summary>The deliveries that are dead or held, by destination and state.</summary>
    Task<IReadOnlyList<FailedCount>> ReadFailedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The events received since a time that no route took, by project code, the project with the latest event first. Only the latest
    /// <see cref="UnroutedCount.MaxEvents"/> events are counted.
    /// </summary>
    Task<IReadOnlyList<UnroutedCount>> ReadUnroutedAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// The deliveries that ended since a time and before another, by destination and minute, among the latest
    /// <see cref="RecentCount.MaxDeliveries"/> deliveries.
    /// </summary>
    Task<IReadOnlyList<RecentCount>> ReadRecentAsync(DateTimeOffset since, DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>The deliveries to one destination that are dead or held.</summary>
/// <param name="Destination">The destination's name, also one that the configuration no longer has.</param>
/// <param name="State"><see cref="DeliveryState.Dead"/> or <see cref="DeliveryState.Held"/>.</param>
/// <param name="Count">How many.</param>
/// <param name="Newest">The one whose event was accepted last.</param>
public sealed record FailedCount(string Destination, DeliveryState State, long Count, ListedDelivery Newest);

/// <summary>The events of one project that no route took.</summary>
/// <param name="ProjectCode">The project code, as the sender wrote it; null: the events have none.</param>
/// <param name="Count">How many.</param>
/// <param name="LastAt">When the latest was received.</param>
/// <param name="LastEventId">The latest.</param>
public sealed record UnroutedCount(string? ProjectCode, long Count, DateTimeOffset LastAt, string LastEventId)
{
    public const int MaxEvents = 10_000;
}

/// <summary>Deliveries to one destination that ended in one minute.</summary>
/// <param name="Destination">The destination's name.</param>
/// <param name="Minute">The minute, counted from 1970-01-01 UTC.</param>
/// <param name="Sent">How many were delivered.</param>
/// <param name="Failed">How many became dead or held.</param>
public sealed record RecentCount(string Destination, long Minute, long Sent, long Failed)
{
    public const int MaxDeliveries = 20_000;

    /// <summary>The minute of a time.</summary>
    public static long MinuteOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;
}
