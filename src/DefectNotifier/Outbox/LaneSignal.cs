using System.Threading.Channels;

namespace DefectNotifier.Outbox;

/// <summary>
/// Tells one lane that something new waits for it, and counts what waits. A hint only: the outbox is the truth, and a lane that wakes
/// for nothing finds nothing.
/// </summary>
public sealed class LaneSignal
{
    // One pending wake-up says as much as a thousand.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long _waiting;

    /// <summary>Deliveries that wait, as far as this process has seen.</summary>
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
