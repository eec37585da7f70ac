namespace DefectNotifier.Enrichment;

/// <summary>
/// When the next request may be sent to an account: its request budget, the rate limit that Qase reported, and the backoff after failures.
/// Pure. Times are spans on a monotonic clock.
/// </summary>
internal sealed record AccountState
{
    private static readonly TimeSpan InitialBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromMinutes(15);

    /// <summary>For a 429 without <c>Retry-After</c>: Qase counts requests per minute.</summary>
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A wrong <c>Retry-After</c> must not stop enrichment for days.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Jitter adds up to a quarter and never shortens a wait.</summary>
    private const double MaxJitter = 0.25;

    /// <summary>The earliest time of the next request.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>Consecutive failures.</summary>
    public int Failures { get; init; }

    /// <summary><see cref="QaseOutcome.Ok"/>, or the latest failure.</summary>
    public QaseOutcome Health { get; init; }

    /// <summary>True when no more requests may be sent to the account.</summary>
    public bool IsStopped => Health == QaseOutcome.Refused;

    /// <summary>
    /// The state when a request is sent. Requests are spread evenly, so no minute has more than the budget, and after a pause the first one
    /// is sent at once.
    /// </summary>
    public AccountState Requested(TimeSpan now, int requestsPerMinute) =>
        this with { NotBefore = now + (TimeSpan.FromMinutes(1) / requestsPerMinute) };

    /// <summary>The state after a response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="now">When it was received.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public AccountState Received(QaseResponse response, TimeSpan now, double chance)
    {
        if (response.Outcome.IsConclusive()) return this with { Failures = 0, Health = QaseOutcome.Ok };
        var state = this with { Health = response.Outcome };
        switch (response.Outcome)
        {
            case QaseOutcome.Refused:
                return state;
            case QaseOutcome.RateLimited:
                return state.WaitFrom(now, Clamp(response.RetryAfter ?? DefaultRetryAfter));
            default:
                var backoff = Backoff(Failures + 1, chance);
                var retryAfter = response.RetryAfter is { } asked ? Clamp(asked) : TimeSpan.Zero;
                return (state with { Failures = Failures + 1 }).WaitFrom(now, Max(backoff, retryAfter));
        }
    }

    private AccountState WaitFrom(TimeSpan now, TimeSpan wait) => this with { NotBefore = Max(NotBefore, now + wait) };

    // The exponent is limited because doubles overflow; the maximum is reached long before.
    private static TimeSpan Backoff(int failures, double chance)
    {
        var seconds = Math.Min(InitialBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30)), MaxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 + (MaxJitter * chance)));
    }

    private static TimeSpan Clamp(TimeSpan asked) => asked < MinRetryAfter ? MinRetryAfter : asked > MaxRetryAfter ? MaxRetryAfter : asked;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>The state of an account in this process. Used only by the loop of <see cref="Enricher"/>.</summary>
internal sealed class AccountSession
{
    public AccountState State { get; set; } = new();

    public NameSearch Names { get; } = new();
}
