using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Postgres.Leases;

/// <summary>A claim of this node. It is trusted while the node's lease surely lasts.</summary>
internal sealed class PostgresClaim(LaneState state, long epoch, int interrupted, NodeLease lease)
    : Claim(state, epoch, interrupted)
{
    // Never disposed of: their tokens may be used as long as anyone has the claim, and they hold nothing but memory.
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _handOver = new();

    /// <summary>The node that holds it.</summary>
    public long Owner { get; } = lease.NodeId;

    public override CancellationToken Lost => _lost.Token;

    public override CancellationToken HandOver => _handOver.Token;

    public override bool MaySend => !_lost.IsCancellationRequested && lease.IsTrusted;

    public void Lose() => _lost.Cancel();

    public void AskToHandOver() => _handOver.Cancel();
}
