using System.Collections.Concurrent;
using DefectNotifier.Postgres.Leases;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>The destinations and duties that this node serves, and which lanes belong together. May be used from any thread.</summary>
internal sealed class WantedNames
{
    private readonly ConcurrentDictionary<string, WantedName> _all = new(StringComparer.OrdinalIgnoreCase);
    private volatile IReadOnlyDictionary<string, string> _groups = new Dictionary<string, string>();

    public ICollection<WantedName> All => _all.Values;

    /// <summary>The claims that this node holds.</summary>
    public IEnumerable<PostgresClaim> Held => _all.Values.Select(one => Volatile.Read(ref one.Held)).OfType<PostgresClaim>();

    public WantedName GetOrAdd(string name) => _all.GetOrAdd(name, _ => new WantedName());

    public WantedName? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>The claim that this node holds on a name; null: none.</summary>
    public PostgresClaim? HeldOf(string name) => Find(name) is { } wanted ? Volatile.Read(ref wanted.Held) : null;

    /// <param name="groups">The group of each lane that has others in its group.</param>
    public void Group(IReadOnlyDictionary<string, string> groups) => _groups = groups;

    /// <summary>The group of a lane; one that belongs to no other is a group by itself.</summary>
    public string GroupOf(string name) => _groups.GetValueOrDefault(name, name);

    public IEnumerable<WantedName> In(string group) => _all.Values.Where(one => GroupOf(one.Name) == group);

    public IReadOnlyList<WantedName> WaitingIn(IReadOnlyList<string> groups) =>
        [.. _all.Values.Where(one => one.IsWaiting && groups.Contains(GroupOf(one.Name)))];

    /// <summary>All lanes of the group of a lane, this one included; also those that this node does not serve.</summary>
    public string[] LanesWith(string name) =>
        [.. _groups.Where(one => one.Value == GroupOf(name)).Select(one => one.Key).Append(name)];
}
