using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>Finds what an operator must know about the nodes.</summary>
/// <param name="time">The clock.</param>
internal sealed class NodeProblems(TimeProvider time)
{
    /// <summary>A rolling restart takes this long; after it, different configurations or equal names are a mistake.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private const int MaxNames = 5;

    private long? _differentSince;
    private long? _sameNameSince;
    private IReadOnlyList<DateTimeOffset> _sameName = [];

    /// <param name="roster">The nodes.</param>
    /// <param name="skew">How far this node's clock is ahead of the database's.</param>
    /// <param name="isDeaf">True when notifications do not arrive.</param>
    /// <returns>A phrase; null: nothing.</returns>
    public string? Find(Roster roster, TimeSpan skew, bool isDeaf)
    {
        if (skew.Duration() > Heartbeat.MaxSkew)
        {
            return $"the clock of this node is {skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} "
                + "the database's, so it takes no destination; correct the clock (NTP)";
        }

        var configurations = roster.Nodes.Select(node => node.Configuration).Distinct(StringComparer.Ordinal).Count();
        var sameName = roster.Nodes.GroupBy(node => node.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1);
        // A node that crashed stays listed until its lease ends, beside its restart.
        List<DateTimeOffset> starts = sameName is null ? [] : [.. sameName.Select(node => node.StartedAt).Order()];
        if (!starts.SequenceEqual(_sameName)) (_sameName, _sameNameSince) = (starts, null);
        var areDifferent = Lasts(configurations > 1, ref _differentSince);
        var haveSameName = Lasts(sameName is not null, ref _sameNameSince);
        List<string> problems = [];
        if (areDifferent)
        {
            var versions = roster.Nodes.Take(MaxNames).Select(node => $"{node.Name} has {node.Configuration}");
            problems.Add($"the nodes have different configurations ({string.Join(", ", versions)}); "
                + "give all nodes the same settings and templates");
        }

        if (haveSameName) problems.Add($"{sameName!.Count()} nodes have the name {sameName!.Key}; give each its own Outbox:Node");
        if (isDeaf)
            problems.Add("notifications of the database do not arrive; set Outbox:ListenConnectionString to an address without a pooler");
        return problems.Count > 0 ? string.Join(". Also: ", problems) : null;
    }

    private bool Lasts(bool isSo, ref long? since)
    {
        if (!isSo) since = null;
        else since ??= time.GetTimestamp();
        return since is { } at && time.GetElapsedTime(at) >= Grace;
    }
}
