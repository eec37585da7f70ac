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
        var (ids, nodes) = (new List<long>(), new List<NodeStatus>());
        using (var row = statements.Query(ClaimSql.Nodes))
        {
            while (row.Read())
            {
                ids.Add(row.GetInt64(0));
                nodes.Add(new NodeStatus
                {
                    Name = row.GetString(1),
                    Version = row.GetString(2),
                    Configuration = row.GetString(3),
                    StartedAt = row.GetTime(4),
                    ClockAheadMilliseconds = row.GetInt64(5),
                    LeaseLeftMilliseconds = row.GetInt64(7),
                    IsThis = row.GetInt64(0) == me,
                    Holds = [.. byOwner[row.GetInt64(0)]],
                });
            }
        }

        return new NodeRoster(ids, new Roster(nodes), claims);
    }
}

/// <summary>The nodes that live, with their ids in the same order, and all names that were ever claimed.</summary>
internal sealed record NodeRoster(IReadOnlyList<long> Ids, Roster Roster, IReadOnlyList<HeldName> Names)
{
    public static NodeRoster Empty { get; } = new([], Roster.Empty, []);
}

/// <summary>A name that was claimed.</summary>
/// <param name="Name">The destination or duty.</param>
/// <param name="Owner">The node that holds it, which may be dead; 0: none.</param>
/// <param name="Epoch">The number of the claim.</param>
/// <param name="Resumes">How often an operator resumed the destination.</param>
internal sealed record HeldName(string Name, long Owner, long Epoch, long Resumes);
