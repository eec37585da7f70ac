using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// The destinations that share a rate limit, directly or through others. Where several nodes share an outbox, one node runs all lanes of a
/// group, so that the pace of a Slack workspace stays right without a limit that the nodes share.
/// </summary>
public static class LaneGroups
{
    /// <summary>The name of the group of each destination: that of its first destination.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<Destination> destinations)
    {
        var groups = destinations.ToDictionary(one => one.Name, one => one.Name, StringComparer.OrdinalIgnoreCase);
        var groupOfLimit = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var destination in destinations)
        {
            foreach (var limit in destination.AllLimits)
            {
                if (groupOfLimit.TryAdd(limit.Key, groups[destination.Name])) continue;
                Merge(groups, groups[destination.Name], groups[groupOfLimit[limit.Key]]);
            }
        }

        return groups;
    }

    private static void Merge(Dictionary<string, string> groups, string from, string into)
    {
        foreach (var name in groups.Where(pair => pair.Value == from).Select(pair => pair.Key).ToList()) groups[name] = into;
    }
}
