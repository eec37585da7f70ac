using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>
/// Estimates how many messages a destination would have posted: on their own, in digests, and after quiet hours. Only the times of arrival
/// are used; failures, 429s, silences and updates of messages are left out.
/// </summary>
/// <param name="rateLimit">The destination's rate limit.</param>
/// <param name="digest">When messages become digests; null: never.</param>
internal sealed class ReplayPace(RateLimitOptions rateLimit, DigestOptions? digest)
{
    /// <summary>Further messages are not counted: each takes memory until all events are read.</summary>
    private const int MaxMessages = 1_000_000;

    private readonly List<DateTimeOffset> _arrivals = [];
    private readonly Dictionary<DateTimeOffset, int> _deferred = [];
    private int _alone;

    public void Add(PlannedDelivery planned, DateTimeOffset at)
    {
        if (planned.Kind == DeliveryKind.Refresh) return;
        if (planned.Deferral is { } deferral) _deferred[deferral.Until] = _deferred.GetValueOrDefault(deferral.Until) + 1;
        else if (digest is null || !planned.MayDigest || planned.Priority == DeliveryPriority.Urgent || rateLimit.PerSecond <= 0) _alone++;
        else if (_arrivals.Count < MaxMessages) _arrivals.Add(at);
    }

    /// <param name="destination">The destination's name.</param>
    public PaceEstimate Estimate(string destination)
    {
        var afterQuietHours = _deferred.Where(one => one.Value > 1).ToList();
        var result = new PaceEstimate(
            destination,
            _alone + _deferred.Count(one => one.Value == 1),
            afterQuietHours.Sum(one => one.Value),
            afterQuietHours.Count,
            _deferred.Values.Sum());
        _arrivals.Sort();
        // When the next message may be sent, and when the window of the open digest ends.
        var (freeAt, openUntil) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        foreach (var at in _arrivals)
        {
            if (at < openUntil)
            {
                result = result with { Digested = result.Digested + 1 };
                continue;
            }

            var waiting = freeAt > at ? (int)((freeAt - at).TotalSeconds * rateLimit.PerSecond) : 0;
            if (waiting < digest!.Threshold)
            {
                result = result with { Alone = result.Alone + 1 };
                freeAt = (freeAt > at ? freeAt : at) + TimeSpan.FromSeconds(1 / rateLimit.PerSecond);
                continue;
            }

            // Those that wait become a digest together with this one.
            result = result with
            {
                Alone = result.Alone - waiting,
                Digested = result.Digested + waiting + 1,
                Digests = result.Digests + 1,
            };
            (freeAt, openUntil) = (at + digest.MaxWait, at + digest.MaxWait + digest.Window);
        }

        return result;
    }
}

/// <summary>What a destination would have posted.</summary>
/// <param name="Destination">Its name.</param>
/// <param name="Alone">Messages of their own.</param>
/// <param name="Digested">Messages in digests.</param>
/// <param name="Digests">The digests.</param>
/// <param name="Deferred">Messages that quiet hours would have deferred.</param>
internal sealed record PaceEstimate(string Destination, int Alone, int Digested, int Digests, int Deferred);
