using DefectNotifier.Postgres.Leases;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// The groups whose chat this node does not reach. Another node may be able to, so they are given up: each once per <see cref="Pause"/>,
/// because when the chat itself is down no other node reaches it either.
/// </summary>
internal sealed class UnreachableGroups(TimeProvider time)
{
    /// <summary>How long a group that was given up is not given up again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, long> _givenUpAt = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the group was given up lately: other nodes are first to take it.</summary>
    public bool Avoids(string group) => _givenUpAt.TryGetValue(group, out var at) && IsRecent(at);

    /// <summary>The groups to give up now.</summary>
    /// <param name="lanes">The lanes of this node, each with its group.</param>
    public IReadOnlyList<string> GiveUp(IEnumerable<(string Group, Reachability Chat)> lanes)
    {
        List<string> groups =
        [
            .. lanes.GroupBy(lane => lane.Group, lane => lane.Chat, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Any(chat => chat.IsUnreachable) && !group.Any(chat => chat.WasReached))
                .Select(group => group.Key)
                .Where(group => !Avoids(group)),
        ];
        foreach (var group in groups) _givenUpAt[group] = time.GetTimestamp();
        return groups;
    }

    private bool IsRecent(long at) => time.GetElapsedTime(at) < Pause;
}
