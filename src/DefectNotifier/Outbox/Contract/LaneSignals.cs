using System.Collections.Concurrent;
using System.Threading.Channels;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Wakes one lane when deliveries were added, and counts what waits. A hint only: what waits is read from the outbox.
/// </summary>
public sealed class LaneSignal
{
    // One pending wake-up is enough.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long _waiting;

    /// <summary>Deliveries that wait, as counted by this process.</summary>
    public long Waiting => Math.Max(0, Interlocked.Read(ref _waiting));

    /// <summary>New deliveries were committed.</summary>
    public void Add(long count)
    {
        Interlocked.Add(ref _waiting, count);
        _wakeUps.Writer.TryWrite(true);
    }

    /// <summary>A delivery left the queue, delivered or dead.</summary>
    public void Remove() => Interlocked.Decrement(ref _waiting);

    /// <summary>Completes at the next wake-up, at once when one is pending.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _wakeUps.Reader.ReadAsync(cancellationToken);
}

/// <summary>The signals of all lanes, by destination.</summary>
public sealed class LaneSignals
{
    private readonly ConcurrentDictionary<string, LaneSignal> _signals = new(StringComparer.OrdinalIgnoreCase);

    public LaneSignal For(string destination) => _signals.GetOrAdd(destination, _ => new LaneSignal());
}
