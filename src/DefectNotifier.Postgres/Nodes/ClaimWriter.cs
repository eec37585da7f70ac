using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Database;
using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>Commits what happens to claims. Each method throws <see cref="OutboxUnavailableException"/> when it could not commit.</summary>
internal sealed class ClaimWriter(OutboxWriter writer, TimeProvider time)
{
    /// <summary>Takes a name for this node.</summary>
    /// <param name="name">The destination or duty.</param>
    /// <param name="group">All lanes of its group.</param>
    /// <param name="lease">The lease of this node.</param>
    /// <returns>Null: another node has it, or one of its group, or the lease has ended.</returns>
    public Task<PostgresClaim?> TakeAsync(string name, string[] group, NodeLease lease) =>
        writer.WriteAsync(rows => Take(rows, name, group, lease));

    /// <summary>Frees a name, unless another claim has followed.</summary>
    public Task ReleaseAsync(string name, long owner, long epoch) =>
        writer.WriteAsync(rows => Run(rows, ClaimSql.Release, name, owner, epoch));

    /// <summary>Ends the lease of another node, unless it was renewed since this was read.</summary>
    public Task EndAsync(LivingNode node) => writer.WriteAsync(rows => Run(rows, ClaimSql.End, node.Id, node.Beat));

    /// <summary>True when a living node has claimed the name.</summary>
    public static bool IsClaimed(IOutboxTransaction rows, string name)
    {
        using var row = StatementsOf(rows).Query(ClaimSql.IsClaimed, name);
        return row.Read();
    }

    /// <summary>An operator has resumed a destination: the node that has its lane learns of it also without a notification.</summary>
    public static bool CountResume(IOutboxTransaction rows, string destination) => Run(rows, ClaimSql.CountResume, destination);

    private PostgresClaim? Take(IOutboxTransaction rows, string name, string[] group, NodeLease lease)
    {
        long epoch;
        using (var row = StatementsOf(rows).Query(ClaimSql.Take, name, lease.NodeId, group))
        {
            if (!row.Read()) return null;
            epoch = row.GetInt64(0);
        }

        var lane = name.StartsWith(Claim.DutyPrefix)
            ? new TakenLane(new LaneState(name), Interrupted: 0)
            : AttemptRules.TakeLane(rows, name, time.GetUtcNow());
        return new PostgresClaim(lane.State, epoch, lane.Interrupted, lease, time);
    }

    private static bool Run(IOutboxTransaction rows, string sql, params ReadOnlySpan<object?> values)
    {
        StatementsOf(rows).Run(sql, values);
        return true;
    }

    private static Statements StatementsOf(IOutboxTransaction rows) => ((PostgresTransaction)rows).Statements;
}
