using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>The rate limits that a lane's requests go through; other lanes may share them.</summary>
internal sealed class LaneLimits(Destination destination, RateLimiters rateLimiters)
{
    /// <summary>
    /// How long a 429 without <c>Retry-After</c> closes a limit: 30 s, because Slack's and Microsoft's limits are per minute.
    /// </summary>
    public static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<RateLimiter> _updates = destination.UpdateLimit is { } update ? [rateLimiters.For(update)] : [];

    /// <summary>For new messages, in the channel or in a thread.</summary>
    public IReadOnlyList<RateLimiter> Posts { get; } = [.. destination.Limits.Select(rateLimiters.For)];

    /// <summary>For lookups in the channel.</summary>
    public RateLimiter Lookups { get; } = rateLimiters.For(destination.LookupLimit ?? Unlimited(destination, "lookup"));

    /// <summary>For lookups in a thread.</summary>
    public RateLimiter ThreadLookups { get; } = rateLimiters.For(destination.ThreadLookupLimit ?? Unlimited(destination, "lookup-thread"));

    private IEnumerable<RateLimiter> All
    {
        get
        {
            IEnumerable<RateLimiter> lookups = destination.Sender is IMessageLookup ? [Lookups, ThreadLookups] : [];
            return [.. Posts, .. _updates, .. lookups];
        }
    }

    public IReadOnlyList<RateLimiter> For(SendStep step) => step == SendStep.Update ? _updates : Posts;

    /// <summary>Restores what an earlier process saved.</summary>
    public async Task LoadAsync(IOutbox outbox, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var limiter in All.Where(limiter => !limiter.IsLoaded))
            limiter.Load(await outbox.ReadRateLimitAsync(limiter.Key, cancellationToken), time.GetUtcNow());
    }

    /// <summary>The states that changed since they were last saved.</summary>
    public IReadOnlyList<RateLimitState> Save(DateTimeOffset now) => [.. All.Select(limiter => limiter.Save(now)).OfType<RateLimitState>()];

    /// <summary>
    /// A request was sent: it is counted, and a 429 closes its limit. True when the closed limit makes the next request wait, so that the
    /// lane need not.
    /// </summary>
    public bool Use(SendStep step, SendResult result)
    {
        var limiters = For(step);
        foreach (var limiter in limiters) limiter.Use();
        if (!IsRateLimited(result) || limiters.Count == 0) return false;
        limiters[^1].CloseFor(result.RetryAfter ?? DefaultRetryAfter);
        return true;
    }

    /// <summary>A lookup was sent.</summary>
    public static void Use(RateLimiter lookups, LookupResult found)
    {
        lookups.Use();
        if (found.Error is { } error && IsRateLimited(error)) lookups.CloseFor(error.RetryAfter ?? DefaultRetryAfter);
    }

    /// <summary>True for a 429, which closes the limit.</summary>
    public static bool IsRateLimited(SendResult result) => result is { Outcome: SendOutcome.Wait, Reason: SendReason.RateLimited };

    private static SharedRateLimit Unlimited(Destination destination, string what) =>
        new($"{what}:{destination.Name}", new RateLimitOptions { PerSecond = 0 });
}
