namespace DefectNotifier.Delivery;

/// <summary>How fast a destination may be sent to.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Messages a second in the long run; 0 switches pacing off.</summary>
    public double PerSecond { get; init; } = 1;

    /// <summary>How many may go at once after a calm; at least 1.</summary>
    public int Burst { get; init; } = 1;
}
