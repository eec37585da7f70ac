using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Postgres.Leases;

/// <summary>A claim of this node. It is trusted until the node's lease may have ended.</summary>
internal sealed class PostgresClaim : Claim, IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _handOver = new();
    private readonly NodeLease _lease;

    /// <param name="state">The lane's saved state.</param>
    /// <param name="epoch">The number of the claim.</param>
    /// <param name="interrupted">How many attempts of the last holder were closed.</param>
    /// <param name="lease">The lease of the node that holds it.</param>
    /// <param name="time">The clock of the node.</param>
    public PostgresClaim(LaneState state, long epoch, int interrupted, NodeLease lease, TimeProvider time)
        : base(state, epoch, interrupted)
    {
        _lease = lease;
        Chat = new Reachability(time);
        // Their tokens can be asked for after the claim was released.
        (Lost, HandOver) = (_lost.Token, _handOver.Token);
    }

    /// <summary>The node that holds it.</summary>
    public long Owner => _lease.NodeId;

    /// <summary>Whether this node reaches the lane's chat.</summary>
    public Reachability Chat { get; }

    public override CancellationToken Lost { get; }

    public override CancellationToken HandOver { get; }

    public override bool MaySend => !Lost.IsCancellationRequested && _lease.IsTrusted;

    public override void Report(SendReason reason) => Chat.Report(reason);

    public void Lose() => Cancel(_lost);

    public void AskToHandOver() => Cancel(_handOver);

    /// <summary>Its holder has released it.</summary>
    public void Dispose()
    {
        _lost.Dispose();
        _handOver.Dispose();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was released at the same moment.
        }
    }
}
