namespace DefectNotifier.Postgres.Leases;

/// <summary>
/// The time in which a node may trust its claims: until nine tenths of the lease after it sent the last heartbeat that succeeded, on its
/// own steady clock. A chat, unlike the database, can't refuse a message of a node that others take for dead.
/// </summary>
internal sealed class NodeLease(long nodeId, TimeSpan lease, TimeProvider time)
{
    private static readonly long Unset = long.MinValue;

    private long _sentAt = Unset;

    public long NodeId { get; } = nodeId;

    /// <summary>How long the claims are still trusted; not positive: not any more.</summary>
    public TimeSpan Left
    {
        get
        {
            var sent = Volatile.Read(ref _sentAt);
            return sent == Unset ? TimeSpan.Zero : (lease * 0.9) - time.GetElapsedTime(sent);
        }
    }

    public bool IsTrusted => Left > TimeSpan.Zero;

    /// <summary>A heartbeat succeeded.</summary>
    /// <param name="sentAt">The timestamp before it was sent.</param>
    public void Renew(long sentAt) => Volatile.Write(ref _sentAt, sentAt);
}
