using System.Collections.Concurrent;
using System.Threading.Channels;

namespace DefectNotifier.Outbox.Contract;

/// <summary>Wakes the lanes and the enricher of this process when the store has something for them.</summary>
public sealed class OutboxSignals : IOutboxNews
{
    private readonly ConcurrentDictionary<string, LaneSignal> _lanes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Set when there is a new request to Qase's API.</summary>
    public Signal Requests { get; } = new();

    /// <summary>Set after each commit, for one reader that follows all changes.</summary>
    public Signal Changes { get; } = new();

    /// <summary>The number of pending deliveries of all destinations, as counted by this process.</summary>
    public long Waiting => _lanes.Values.Sum(lane => lane.Waiting);

    /// <summary>The signal of a destination's lane.</summary>
    public LaneSignal For(string destination) => _lanes.GetOrAdd(destination, _ => new LaneSignal());

    public void PendingChanged(string destination, int change) => For(destination).Add(change);

    public void PendingFound(string destination, long? waiting) => For(destination).Find(waiting);

    public void RequestAdded() => Requests.Set();

    public void DeferralsChanged()
    {
        foreach (var lane in _lanes.Values) lane.Add(0);
    }

    public void Resumed(string destination) => For(destination).Resumes.Set();

    public void Changed() => Changes.Set();
}

/// <summary>Wakes one lane when deliveries were added, and counts pending deliveries.</summary>
public sealed class LaneSignal
{
    private readonly Signal _added = new();
    private long _waiting;

    /// <summary>The number of pending deliveries, as counted by this process.</summary>
    public long Waiting => Math.Max(0, Interlocked.Read(ref _waiting));

    /// <summary>Set when an operator resumed the destination.</summary>
    public Signal Resumes { get; } = new();

    /// <summary>
    /// Counts deliveries that were added, or that ended (negative). Wakes the lane when deliveries were added or may have been (0 or more).
    /// </summary>
    public void Add(long change)
    {
        Interlocked.Add(ref _waiting, change);
        if (change >= 0) _added.Set();
    }

    /// <summary>Wakes the lane, because deliveries are pending; replaces the count when there is a new one.</summary>
    public void Find(long? waiting)
    {
        if (waiting is { } counted) Interlocked.Exchange(ref _waiting, counted);
        _added.Set();
    }

    /// <summary>Completes when deliveries are added, at once when some were added since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _added.WaitAsync(cancellationToken);

    /// <summary>As <see cref="WaitAsync(CancellationToken)"/>, and in any case completes after this time.</summary>
    public Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) =>
        _added.WaitAsync(atMost, time, cancellationToken);
}

/// <summary>Wakes one waiter. If no one waits, the next wait ends at once. Setting it several times ends only one wait.</summary>
public sealed class Signal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Completes when it is set, at once when it was set before.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _set.Reader.ReadAsync(cancellationToken);

    /// <summary>Completes when it is set, and in any case after this time.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _set.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }
}
