using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Combines deliveries of a lane into digests when too many wait, and releases deferred ones. Used only by the lane's loop.
/// </summary>
internal sealed class LaneDigests(
    Destination destination, IOutbox outbox, LaneLimits limits, LaneWaiter waiter, OutcomeRecorder recorder, LaneReporter reporter,
    TimeProvider time)
{
    /// <summary>How often a busy lane checks deferred deliveries; an idle one waits until the next is due.</summary>
    private static readonly TimeSpan ReleaseInterval = TimeSpan.FromSeconds(1);

    /// <summary>An idle lane checks at least this often, because the wall clock may have been changed.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private static readonly DeliveryPriority[] Priorities = [DeliveryPriority.Urgent, DeliveryPriority.Normal];

    // Deferred deliveries become digests even where digests are off.
    private readonly DigestOptions _options = destination.Digest ?? new DigestOptions();
    private readonly string? _place = (destination.Sender as IThreadedSender)?.Place;

    // The latest digest of each priority, as it is in the outbox.
    private readonly Dictionary<DeliveryPriority, Digest?> _latest = [];
    private Claim _claim = null!;
    private TimeSpan _releaseAt;
    private bool _isLoaded;

    /// <summary>Where and when deliveries are combined now.</summary>
    public DigestScope Scope => new(destination.Name, _place, _options.Window, time.GetUtcNow());

    /// <summary>True when no message may be sent now: a rate limit, <c>Retry-After</c> or a backoff.</summary>
    public bool IsSlow => recorder.FreeAt > waiter.Now || !limits.Posts.All(limiter => limiter.IsFree);

    /// <summary>True when the lane must read its page again after each message, because urgent ones may have been added.</summary>
    public bool ChoosesAgain => destination.Digest is not null && IsSlow;

    /// <summary>The lane was claimed.</summary>
    public void Begin(Claim claim) => (_claim, _releaseAt, _isLoaded) = (claim, TimeSpan.Zero, false);

    /// <summary>A digest was read, or a step of it was recorded.</summary>
    public void Changed(Digest digest)
    {
        var priority = digest.IsUrgent ? DeliveryPriority.Urgent : DeliveryPriority.Normal;
        if (_latest.GetValueOrDefault(priority)?.Id == digest.Id) _latest[priority] = digest;
    }

    /// <summary>A digest was given up: nothing is added to it any more.</summary>
    public void GivenUp() => _isLoaded = false;

    /// <summary>Releases deferred deliveries whose time has come.</summary>
    public async Task ReleaseAsync(CancellationToken stopAsked)
    {
        if (waiter.Now < _releaseAt) return;
        _releaseAt = waiter.Now + ReleaseInterval;
        while (!stopAsked.IsCancellationRequested && await outbox.ReleaseDeferredAsync(_claim, Scope))
        {
            // Each call is one commit.
        }
    }

    /// <summary>
    /// A due digest is sent before single messages of its priority: it may contain earlier events of the same defects.
    /// </summary>
    public static PendingPage Order(PendingPage page) => page.Deliveries.Any(delivery => delivery.Kind == DeliveryKind.Digest)
        ? page with
        {
            Deliveries = [.. page.Deliveries.OrderBy(delivery => delivery.Priority)
                .ThenByDescending(delivery => delivery.Kind == DeliveryKind.Digest)],
        }
        : page;

    /// <summary>Makes deliveries part of a digest if more than the threshold wait and none may be sent now, or a digest is open.</summary>
    /// <param name="page">The first pending deliveries of the lane.</param>
    /// <returns>True when the page has changed.</returns>
    public async Task<bool> TryJoinAsync(IReadOnlyList<PendingDelivery> page)
    {
        await LoadAsync();
        var hasJoined = false;
        foreach (var priority in Priorities) hasJoined |= await TryJoinAsync(page, priority);
        return hasJoined;
    }

    /// <summary>
    /// Makes a delivery part of the digest that shows its defect. False: there is none, or it can't be changed, so the delivery is sent on
    /// its own.
    /// </summary>
    public async Task<bool> TryFollowAsync(PendingDelivery delivery) =>
        delivery.Priority != DeliveryPriority.Urgent && MayJoin(delivery) && await JoinAsync(
            new DigestJoin(Scope, [delivery.Id]) { IsFollowing = true, FirstDueAt = time.GetUtcNow() }, DeliveryPriority.Normal) > 0;

    /// <summary>The digest that an expired delivery becomes part of; null: the delivery is given up.</summary>
    public DigestJoin? OfExpired(PendingDelivery delivery) => destination.Digest is not null && delivery.MayDigest && MayJoin(delivery)
        ? new DigestJoin(Scope, [delivery.Id])
        {
            IsUrgent = delivery.Priority == DeliveryPriority.Urgent,
            FirstDueAt = time.GetUtcNow(),
            Reason = SendReason.Expired,
        }
        : null;

    /// <summary>The maximum wait of an idle lane for a signal; null: no maximum.</summary>
    public async Task<TimeSpan?> ReadIdleTimeAsync(CancellationToken stopAsked)
    {
        if (await outbox.ReadNextDueAsync(_claim, stopAsked) is not { } next) return null;
        // When the wait ends, due deliveries are released at once.
        _releaseAt = TimeSpan.Zero;
        var left = next - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < MaxWait ? left : MaxWait;
    }

    // Not cancelled: quick reads by key.
    private async Task LoadAsync()
    {
        if (_isLoaded) return;
        foreach (var priority in Priorities)
        {
            var isUrgent = priority == DeliveryPriority.Urgent;
            _latest[priority] = await outbox.ReadLatestDigestAsync(_claim, isUrgent, CancellationToken.None);
        }

        _isLoaded = true;
    }

    private async Task<bool> TryJoinAsync(IReadOnlyList<PendingDelivery> page, DeliveryPriority priority)
    {
        var latest = _latest.GetValueOrDefault(priority);
        var isOpen = latest?.IsOpen(_options.Window, time.GetUtcNow()) == true;
        var waiting = Choose(page, priority);
        var digestible = waiting.Where(delivery => delivery.MayDigest).ToList();
        if (destination.Digest is null || digestible.Count == 0 || !(isOpen || (digestible.Count > _options.Threshold && IsSlow)))
        {
            // An event follows its defect into a digest that is not sent yet, because the order must be kept, also when digests have been
            // turned off since.
            if (waiting.Count == 0 || !_latest.Values.Any(one => one is { IsBehind: true })) return false;
            return await JoinAsync(JoinOf(waiting, priority) with { IsFollowing = true }, priority) > 0;
        }

        return await JoinAsync(JoinOf(waiting, priority), priority) > 0;
    }

    private DigestJoin JoinOf(List<PendingDelivery> waiting, DeliveryPriority priority)
    {
        var now = time.GetUtcNow();
        var firstDueAt = waiting.Min(delivery => delivery.ReceivedAt) + _options.MaxWait;
        return new DigestJoin(Scope, [.. waiting.Select(delivery => delivery.Id)])
        {
            IsUrgent = priority == DeliveryPriority.Urgent,
            // At most that long from now, even if the wall clock was set back.
            FirstDueAt = firstDueAt < now ? now : firstDueAt > now + _options.MaxWait ? now + _options.MaxWait : firstDueAt,
        };
    }

    private async Task<int> JoinAsync(DigestJoin join, DeliveryPriority priority)
    {
        // If the commit fails, its result is unknown: read again.
        _isLoaded = false;
        var (count, latest) = await outbox.JoinDigestAsync(_claim, join);
        _latest[priority] = latest;
        _isLoaded = true;
        if (count > 0) reporter.ReportDigested(count);
        return count;
    }

    // Leaves out events of a defect whose earlier event is sent on its own.
    private static List<PendingDelivery> Choose(IReadOnlyList<PendingDelivery> page, DeliveryPriority priority)
    {
        var (chosen, left) = (new List<PendingDelivery>(), new HashSet<DefectKey>());
        foreach (var delivery in page.Where(one => one.Priority != DeliveryPriority.Silent).OrderBy(one => one.Id))
        {
            if (delivery.Priority == priority && MayJoin(delivery) && !(delivery.Defect is { } key && left.Contains(key)))
                chosen.Add(delivery);
            else if (delivery.Defect is { } earlier) left.Add(earlier);
        }

        return chosen;
    }

    // A delivery that may have been posted, or whose stored message is sent for an operator, is sent on its own.
    private static bool MayJoin(PendingDelivery delivery) =>
        delivery is { Kind: not DeliveryKind.Digest, MayBeRepeat: false, Rendered: null }
        && (delivery.MayDigest || delivery.Defect is not null);
}
