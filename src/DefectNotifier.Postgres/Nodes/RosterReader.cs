using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Sql.Database;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>Reads the nodes that live and what they hold.</summary>
internal static class RosterReader
{
    /// <param name="statements">The connection.</param>
    /// <param name="me">The id of this node; 0: none.</param>
    public static NodeRoster Read(Statements statements, long me)
    {
        var claims = new List<HeldName>();
        using (var row = statements.Query(ClaimSql.Claims))
            while (row.Read()) claims.Add(new HeldName(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));
        var byOwner = claims.ToLookup(claim => claim.Owner, claim => claim.Name);
        var (living, nodes) = (new List<LivingNode>(), new List<NodeStatus>());
        using (var row = statements.Query(ClaimSql.Nodes))
        {
            while (row.Read())
            {
                var ahead = TimeSpan.FromMilliseconds(row.GetInt64(5));
                var lease = TimeSpan.FromMilliseconds(row.GetInt64(7));
                living.Add(new LivingNode(
                    row.GetInt64(0), row.GetString(1), row.GetInt64(6), lease, ahead.Duration() <= Heartbeat.MaxSkew));
                nodes.Add(new NodeStatus
                {
                    Name = row.GetString(1),
                    Version = row.GetString(2),
                    Configuration = row.GetString(3),
                    StartedAt = row.GetTime(4),
                    ClockAheadMilliseconds = row.GetInt64(5),
                    LeaseLeftMilliseconds = row.GetInt64(8),
                    IsThis = row.GetInt64(0) == me,
                    Holds = [.. byOwner[row.GetInt64(0)]],
                });
            }
        }

        return new NodeRoster(living, new Roster(nodes), claims);
    }
}

/// <summary>The nodes that live, in the same order as those of the roster, and all names that were ever claimed.</summary>
internal sealed record NodeRoster(IReadOnlyList<LivingNode> Living, Roster Roster, IReadOnlyList<HeldName> Names)
{
    public static NodeRoster Empty { get; } = new([], Roster.Empty, []);

    /// <summary>When it was read, as a timestamp of the reader's clock.</summary>
    public long ReadAt { get; init; }

    /// <summary>The nodes that may take lanes.</summary>
    public IReadOnlyList<long> Takers { get; } = [.. Living.Where(node => node.IsClockRight).Select(node => node.Id)];

    /// <summary>True when all nodes have the same configuration, and so the same lanes and groups.</summary>
    public bool IsUniform { get; } = Roster.Nodes.Select(node => node.Configuration).Distinct(StringComparer.Ordinal).Count() <= 1;

    /// <summary>True when no living node holds the name.</summary>
    public bool IsFree(string name) =>
        !Names.Any(held => string.Equals(held.Name, name, StringComparison.OrdinalIgnoreCase) && Lives(held.Owner));

    public bool Lives(long id) => Living.Any(node => node.Id == id);

    /// <summary>What a node holds, or held when it died.</summary>
    public IReadOnlyList<string> NamesOf(long id) => [.. Names.Where(name => name.Owner == id).Select(name => name.Name)];
}

/// <summary>A node whose lease has not ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Beat">Higher after each renewal of its lease.</param>
/// <param name="Lease">How long it keeps its lanes after a renewal.</param>
/// <param name="IsClockRight">True when it differs from the database's by no more than <see cref="Heartbeat.MaxSkew"/>.</param>
internal sealed record LivingNode(long Id, string Name, long Beat, TimeSpan Lease, bool IsClockRight);

/// <summary>A name that was claimed.</summary>
/// <param name="Name">The destination or duty.</param>
/// <param name="Owner">The node that holds it, which may be dead; 0: none.</param>
/// <param name="Epoch">The number of the claim.</param>
/// <param name="Resumes">How often an operator resumed the destination.</param>
internal sealed record HeldName(string Name, long Owner, long Epoch, long Resumes);
