namespace DefectNotifier.Postgres.Nodes;

/// <summary>What <see cref="Sharing"/> decides from, with what must be remembered from one look to the next.</summary>
internal sealed class SharingView(TimeProvider time)
{
    /// <summary>How long a group that no other node took is not given up again. Longer than a node avoids a group.</summary>
    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, long> _freeSince = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _givenUp = new(StringComparer.OrdinalIgnoreCase);
    // Given up, and not all of its lanes have been released: this node takes none of them back meanwhile.
    private readonly HashSet<string> _leaving = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _refused = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<long> _nodes = [];
    private long _stableSince = time.GetTimestamp();

    /// <summary>How long the set of nodes that take lanes has been the same.</summary>
    public TimeSpan StableFor => time.GetElapsedTime(_stableSince);

    /// <summary>The groups of which another node has a part, and more right to the rest: this node gives its part up.</summary>
    public IReadOnlyList<string> Split { get; private set; } = [];

    /// <param name="roster">The nodes and what they hold.</param>
    /// <param name="wanted">What this node wants.</param>
    /// <param name="groups">The group of each lane that has others in its group.</param>
    /// <param name="me">The id of this node.</param>
    /// <param name="avoids">True for a group that this node takes only when no other node does.</param>
    /// <returns>The groups that this node wants, and those that living nodes have.</returns>
    public IReadOnlyList<Sharing.Group> GroupsOf(
        NodeRoster roster,
        IEnumerable<WantedName> wanted,
        IReadOnlyDictionary<string, string> groups,
        long me,
        Func<string, bool>? avoids = null)
    {
        Remember(roster.Takers);
        var split = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var living = roster.Living.Select(node => node.Id).ToHashSet();
        var owners = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var held in roster.Names.Where(name => living.Contains(name.Owner)))
        {
            var key = GroupOf(held.Name);
            if (!owners.TryGetValue(key, out var owner)) owners[key] = held.Owner;
            else if (owner != held.Owner)
            {
                // Its lanes were not yet of one group when they were taken. All nodes choose the same owner.
                split.Add(key);
                owners[key] = Math.Min(owner, held.Owner);
            }
        }

        Split = [.. roster.Names.Where(name => name.Owner == me).Select(name => GroupOf(name.Name))
            .Where(key => split.Contains(key) && owners[key] != me).Distinct(StringComparer.OrdinalIgnoreCase)];
        _leaving.RemoveWhere(key => owners.GetValueOrDefault(key) != me);
        var waiting = wanted.Where(one => one.IsWaiting).Select(one => GroupOf(one.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var all = owners.Keys.Union(waiting, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var taken in _freeSince.Keys.Where(owners.ContainsKey).ToList()) _freeSince.Remove(taken);
        return [.. all.Select(ToGroup)];

        Sharing.Group ToGroup(string key) =>
            new(key, waiting.Contains(key) && !_leaving.Contains(key), owners.GetValueOrDefault(key), FreeFor(key))
            {
                IsRefused = IsRefused(key),
                IsAvoided = avoids?.Invoke(key) == true,
            };

        string GroupOf(string name) => groups.GetValueOrDefault(name, name);

        TimeSpan FreeFor(string key)
        {
            if (owners.ContainsKey(key)) return TimeSpan.Zero;
            _freeSince.TryAdd(key, time.GetTimestamp());
            return time.GetElapsedTime(_freeSince[key]);
        }

        // It was given up, and is here again.
        bool IsRefused(string key)
        {
            if (owners.GetValueOrDefault(key) == me && !_leaving.Contains(key) && _givenUp.Remove(key))
                _refused[key] = time.GetTimestamp();
            return _refused.TryGetValue(key, out var at) && time.GetElapsedTime(at) < RefusalLifetime;
        }
    }

    /// <summary>This node gives a group up.</summary>
    public void GaveUp(string key)
    {
        _givenUp.Add(key);
        _leaving.Add(key);
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
