namespace DefectNotifier.Worker.Ingress;

/// <summary>
/// Limits the size of all webhooks together that are being read, parsed and stored, so that a burst of large ones cannot use up the memory.
/// </summary>
/// <param name="limit">In bytes. A single webhook is accepted whatever its size.</param>
internal sealed class BodyBudget(long limit)
{
    private long _used;

    /// <summary>False when that would exceed the limit. Bytes that were taken are returned with <see cref="Return"/>.</summary>
    public bool TryTake(long bytes)
    {
        var used = Interlocked.Add(ref _used, bytes);
        if (used <= limit || used == bytes) return true;
        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
