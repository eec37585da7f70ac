namespace DefectNotifier.Delivery;

/// <summary>How hard the lanes try.</summary>
public sealed record DeliveryOptions
{
    /// <summary>A delivery older than this that fails once more becomes a dead letter with reason <c>expired</c>; default 24 hours.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The wait after the first failure; doubled after each further one. Default 1 second.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries, before jitter; default 1 minute.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a parked destination is tried again; default 15 minutes.</summary>
    public TimeSpan ParkedProbe { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>At shutdown, how long what is being sent may take to finish; default 10 seconds.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);
}
