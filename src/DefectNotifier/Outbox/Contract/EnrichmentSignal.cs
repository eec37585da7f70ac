using System.Threading.Channels;

namespace DefectNotifier.Outbox.Contract;

/// <summary>Wakes the enricher when there is a new request. A hint only: requests are read from the outbox.</summary>
public sealed class EnrichmentSignal
{
    // One pending wake-up is enough.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Wake() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Completes at the next wake-up, at once when one is pending, and in any case after this time.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _wakeUps.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }
}
