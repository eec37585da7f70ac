namespace DefectNotifier.Enrichment;

/// <summary>
/// How an account may be asked: its budget, what it asked us to wait, and how long it is left alone while it is in trouble. Pure. Moments are spans on a clock that never jumps.
/// </summary>
internal sealed record AskState
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromMinutes(15);

    /// <summary>For a 429 that does not say how long: Qase counts by the minute.</summary>
    private static readonly TimeSpan StandardWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>A server's slip can't silence us for days.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>Jitter adds up to a quarter, never takes away.</summary>
    private const double MaxJitter = 0.25;

    /// <summary>Nothing is asked earlier.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>In a row.</summary>
    public int Failures { get; init; }

    /// <summary>How it stands: <see cref="QaseOutcome.Ok"/>, or what is the matter.</summary>
    public QaseOutcome Health { get; init; }

    /// <summary>True when this account is not to be asked any more.</summary>
    public bool IsStopped => Health == QaseOutcome.Refused;

    /// <summary>A question is about to leave. They are spread evenly: no minute ever holds more than its number, and none waits for long after quiet.</summary>
    public AskState Asked(TimeSpan now, int requestsPerMinute) => this with { NotBefore = now + (TimeSpan.FromMinutes(1) / requestsPerMinute) };

    /// <param name="response">What came of it.</param>
    /// <param name="now">The moment.</param>
    /// <param name="chance">0 to 1.</param>
    public AskState Heard(QaseResponse response, TimeSpan now, double chance)
    {
        if (response.Outcome.IsConclusive()) return this with { Failures = 0, Health = QaseOutcome.Ok };
        var state = this with { Health = response.Outcome };
        return response.Outcome switch
        {
            QaseOutcome.Refused => state,
            QaseOutcome.RateLimited => state.Hold(now, Clamp(response.RetryAfter ?? StandardWait)),
            _ => (state with { Failures = Failures + 1 }).Hold(now, Longer(Backoff(Failures + 1, chance), response.RetryAfter is { } asked ? Clamp(asked) : TimeSpan.Zero)),
        };
    }

    private AskState Hold(TimeSpan now, TimeSpan wait) => this with { NotBefore = Longer(NotBefore, now + wait) };

    // Beyond 30 doublings it has long reached its longest wait.
    private static TimeSpan Backoff(int failures, double chance) =>
        TimeSpan.FromSeconds(Math.Min(FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30)), MaxBackoff.TotalSeconds) * (1 + (MaxJitter * chance)));

    private static TimeSpan Clamp(TimeSpan asked) => asked < ShortestWait ? ShortestWait : asked > MaxWait ? MaxWait : asked;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
