using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Postgres.Claims;

/// <summary>A claim of this node. It is trusted while the node's lease surely lasts.</summary>
internal sealed class PostgresClaim(LaneState state, long epoch, int interrupted, NodeLease lease) : Claim(state, epoch, interrupted), IDisposable
{
    private readonly CancellationTokenSource _lost = new();

    /// <summary>The node that holds it.</summary>
    public long Owner { get; } = lease.NodeId;

    public override CancellationToken Lost => _lost.Token;

    public override bool MaySend => !_lost.IsCancellationRequested && lease.IsTrusted;

    public void Lose() => _lost.Cancel();

    public void Dispose() => _lost.Dispose();
}
