namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// The node that owns each group. Two nodes can hold lanes of a group that were taken before they were grouped: the one with the lower id
/// is the owner.
/// </summary>
internal sealed class GroupOwners
{
    private readonly Dictionary<string, long> _owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Group, long Node)> _parts = [];

    /// <param name="roster">The nodes and what they hold.</param>
    /// <param name="groupOf">The group of a lane or duty.</param>
    public GroupOwners(NodeRoster roster, Func<string, string> groupOf)
    {
        foreach (var held in roster.Names.Where(name => roster.Lives(name.Owner)))
        {
            var group = groupOf(held.Name);
            _parts.Add((group, held.Owner));
            _owners[group] = _owners.TryGetValue(group, out var owner) ? Math.Min(owner, held.Owner) : held.Owner;
        }
    }

    /// <summary>The groups that have an owner.</summary>
    public IEnumerable<string> Groups => _owners.Keys;

    /// <summary>The node that has the group; 0: none.</summary>
    public long Of(string group) => _owners.GetValueOrDefault(group);

    /// <summary>True when another node has a part of the group, or all of it.</summary>
    public bool HasOther(string group, long node) =>
        _parts.Any(part => part.Node != node && string.Equals(part.Group, group, StringComparison.OrdinalIgnoreCase));

    /// <summary>The groups of which a node holds lanes without being the owner.</summary>
    public IEnumerable<string> SplitFrom(long node) =>
        _parts.Where(part => part.Node == node && Of(part.Group) != node).Select(part => part.Group)
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
