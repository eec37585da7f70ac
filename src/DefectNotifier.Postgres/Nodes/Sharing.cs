namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// Decides which groups of lanes a node takes and gives up. No node leads: each decides for itself from what all of them can read, and the
/// decisions of equal views are the same.
/// </summary>
internal static class Sharing
{
    /// <summary>How long a group may be free before a node takes it in addition to its share: no other node wants it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the set of nodes must be the same before groups are balanced.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    /// <param name="Key">The name of the group.</param>
    /// <param name="IsWanted">True when this node waits for one of its lanes.</param>
    /// <param name="Owner">The living node that has any of its lanes; 0: none.</param>
    /// <param name="FreeFor">How long it has been free.</param>
    internal sealed record Group(string Key, bool IsWanted, long Owner, TimeSpan FreeFor)
    {
        /// <summary>True when it was given up before and no other node took it.</summary>
        public bool IsRefused { get; init; }

        /// <summary>True when this node gave it up, or did not reach its chat lately: other nodes have time to take it first.</summary>
        public bool IsAvoided { get; init; }
    }

    /// <summary>What a node does now.</summary>
    /// <param name="Take">The groups to take.</param>
    /// <param name="GiveUp">The group to give up; null: none.</param>
    internal sealed record Decision(IReadOnlyList<string> Take, string? GiveUp);

    /// <param name="nodes">The ids of the nodes that live, this one included.</param>
    /// <param name="me">The id of this node.</param>
    /// <param name="groups">The groups that this node wants, and those that living nodes have.</param>
    /// <param name="stableFor">How long the set of nodes has been the same.</param>
    public static Decision Decide(IReadOnlyList<long> nodes, long me, IReadOnlyList<Group> groups, TimeSpan stableFor)
    {
        var share = (groups.Count + nodes.Count - 1) / nodes.Count;
        var mine = groups.Count(group => group.Owner == me);
        var free = groups.Where(group => group is { Owner: 0, IsWanted: true })
            .OrderByDescending(group => PreferredOf(group.Key, nodes) == me).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        List<string> take = [.. free.Where(group => !Avoids(group)).Take(Math.Max(0, share - mine)).Select(group => group.Key)];
        take.AddRange(free.Where(group => group.FreeFor >= (Avoids(group) ? Patience * 2 : Patience)).Select(group => group.Key)
            .Except(take, StringComparer.Ordinal));
        // One that a node began, all of it: a lane was added to the group, or was taken by itself.
        take.AddRange(groups.Where(group => group.IsWanted && group.Owner == me).Select(group => group.Key));
        return new Decision(take, stableFor >= Calm && free.Count == 0 ? GivenUp(nodes, me, groups, mine) : null);

        bool Avoids(Group group) => group.IsAvoided && nodes.Count > 1;
    }

    // A group for the node that has at least two fewer, so that the counts become equal and then stay.
    private static string? GivenUp(IReadOnlyList<long> nodes, long me, IReadOnlyList<Group> groups, int mine)
    {
        var fewest = nodes.Min(node => groups.Count(group => group.Owner == node));
        if (mine < fewest + 2) return null;
        return groups.Where(group => group.Owner == me && !group.IsRefused)
            .OrderBy(group => PreferredOf(group.Key, nodes) == me).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.Key).FirstOrDefault();
    }

    /// <summary>
    /// The node that takes a free group first, so that several rarely want the same one. Most groups keep theirs when a node comes or
    /// leaves.
    /// </summary>
    internal static long PreferredOf(string key, IReadOnlyList<long> nodes) => nodes.MaxBy(node => HashOf(key, node));

    // FNV-1a: the same in every process, unlike string.GetHashCode.
    private static ulong HashOf(string key, long node)
    {
        var hash = 14695981039346656037UL ^ (ulong)node;
        foreach (var letter in key) hash = (hash ^ char.ToUpperInvariant(letter)) * 1099511628211UL;
        return (hash ^ (hash >> 32)) * 1099511628211UL;
    }
}
