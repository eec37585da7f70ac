namespace DefectNotifier.Postgres.Nodes;

/// <summary>What <see cref="Sharing"/> decides from, with what must be remembered from one look to the next.</summary>
internal sealed class SharingView(TimeProvider time)
{
    /// <summary>How long a group that no other node took is not given up again. Longer than a node avoids a group.</summary>
    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, long> _freeSince = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<WantedName, long> _leftSince = [];
    private readonly Dictionary<string, long> _givenUp = new(StringComparer.OrdinalIgnoreCase);
    // Given up, and not all of its lanes have been released: this node takes none of them back meanwhile.
    private readonly HashSet<string> _leaving = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _refused = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<long> _nodes = [];
    private long _stableSince = time.GetTimestamp();

    /// <summary>How long the set of nodes that take lanes has been the same.</summary>
    public TimeSpan StableFor => time.GetElapsedTime(_stableSince);

    /// <summary>Groups that are split with an owner that has a lower id: this node gives its lanes up.</summary>
    public IReadOnlyList<string> Split { get; private set; } = [];

    /// <summary>
    /// Free lanes whose group is partly held by a node with another configuration, which lacks these lanes or groups them in another way.
    /// They are taken alone, so nodes may together exceed a rate limit.
    /// </summary>
    public IReadOnlyList<WantedName> Left { get; private set; } = [];

    /// <param name="roster">The nodes and what they hold.</param>
    /// <param name="names">What this node serves.</param>
    /// <param name="me">The id of this node.</param>
    /// <param name="avoids">True for a group that this node takes only when no other node does.</param>
    /// <returns>The groups that this node wants, and those that living nodes have.</returns>
    public IReadOnlyList<Sharing.Group> GroupsOf(NodeRoster roster, WantedNames names, long me, Func<string, bool>? avoids = null)
    {
        Remember(roster.Takers);
        var owners = new GroupOwners(roster, names.GroupOf);
        // Nodes with different configurations may have different groups, and would take from each other for ever.
        Split = roster.IsUniform ? [.. owners.SplitFrom(me)] : [];
        var waiting = names.All.Where(one => one.IsWaiting).Select(one => names.GroupOf(one.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        _leaving.RemoveWhere(group => owners.Of(group) != me);
        Left = LeftOf(roster, names, owners, me);
        foreach (var taken in owners.Groups) _freeSince.Remove(taken);
        return
        [
            .. owners.Groups.Union(waiting, StringComparer.OrdinalIgnoreCase).Select(group => new Sharing.Group(
                group, waiting.Contains(group) && !_leaving.Contains(group), owners.Of(group), FreeFor(group, owners.Of(group)))
            {
                IsRefused = IsRefused(group, owners.Of(group) == me),
                // Other nodes have time to take what this one gave up.
                IsAvoided = avoids?.Invoke(group) == true || WasGivenUp(group),
            }),
        ];
    }

    /// <summary>This node gives a group up.</summary>
    public void GaveUp(string group)
    {
        _givenUp[group] = time.GetTimestamp();
        _leaving.Add(group);
    }

    private List<WantedName> LeftOf(NodeRoster roster, WantedNames names, GroupOwners owners, long me)
    {
        var left = roster.IsUniform
            ? []
            : names.All.Where(one => one.IsWaiting && HasOther(names.GroupOf(one.Name)) && roster.IsFree(one.Name)).ToHashSet();
        foreach (var gone in _leftSince.Keys.Where(one => !left.Contains(one)).ToList()) _leftSince.Remove(gone);
        foreach (var one in left) _leftSince.TryAdd(one, time.GetTimestamp());
        return [.. left.Where(one => time.GetElapsedTime(_leftSince[one]) >= Sharing.Patience * 2)];

        // Also with the lower id: nodes with different configurations do not give up split groups.
        bool HasOther(string group) => owners.HasOther(group, me) && !_leaving.Contains(group);
    }

    private TimeSpan FreeFor(string group, long owner)
    {
        if (owner != 0) return TimeSpan.Zero;
        _freeSince.TryAdd(group, time.GetTimestamp());
        return time.GetElapsedTime(_freeSince[group]);
    }

    private bool WasGivenUp(string group) =>
        _givenUp.TryGetValue(group, out var at) && time.GetElapsedTime(at) < Sharing.Calm;

    private bool IsRefused(string group, bool isMine)
    {
        // It was given up, and is here again.
        if (isMine && !_leaving.Contains(group) && _givenUp.Remove(group)) _refused[group] = time.GetTimestamp();
        return _refused.TryGetValue(group, out var at) && time.GetElapsedTime(at) < RefusalLifetime;
    }

    private void Remember(IReadOnlyList<long> nodes)
    {
        if (nodes.SequenceEqual(_nodes)) return;
        _nodes = nodes;
        _stableSince = time.GetTimestamp();
        _givenUp.Clear();
        _refused.Clear();
    }
}
