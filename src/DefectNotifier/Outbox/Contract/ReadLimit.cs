namespace DefectNotifier.Outbox.Contract;

/// <summary>Limits the time of reads whose caller must go on: a store that does not respond in time is one that fails.</summary>
public static class ReadLimit
{
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    /// <param name="read">Reads; cancelled at the limit, and not waited for any longer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it earlier.</param>
    /// <exception cref="OutboxUnavailableException">The store did not respond in time, or failed.</exception>
    public static async Task<T> WithinAsync<T>(
        Func<CancellationToken, Task<T>> read, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Max, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await read(end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException error) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new OutboxUnavailableException($"the store does not respond within {Max.TotalSeconds:0} s", error);
        }
    }
}
