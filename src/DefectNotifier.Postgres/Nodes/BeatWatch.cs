namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// Finds nodes that no longer renew their lease although it has not ended: the database's clock was set back, so leases that were renewed
/// before end much too late. Steady time is measured here instead.
/// </summary>
internal sealed class BeatWatch(TimeProvider time)
{
    private Dictionary<long, (long Beat, long Since)> _seen = [];

    /// <summary>The nodes that have not renewed their lease for twice its length. They do not trust their claims any more.</summary>
    /// <param name="living">The nodes, as they were read just now.</param>
    public IReadOnlyList<LivingNode> FindStalled(IReadOnlyList<LivingNode> living)
    {
        var now = time.GetTimestamp();
        _seen = living.ToDictionary(node => node.Id, SeenOf);
        return [.. living.Where(node => time.GetElapsedTime(_seen[node.Id].Since, now) >= node.Lease * 2)];

        (long Beat, long Since) SeenOf(LivingNode node) =>
            _seen.TryGetValue(node.Id, out var seen) && seen.Beat == node.Beat ? seen : (node.Beat, now);
    }
}
