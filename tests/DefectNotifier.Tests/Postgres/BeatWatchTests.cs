using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

public sealed class BeatWatchTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly BeatWatch _watch;

    public BeatWatchTests() => _watch = new BeatWatch(_time);

    [Fact]
    public void FindStalled_NoRenewalForTwiceTheLease_FindsTheNode()
    {
        Assert.Empty(Find(1, 1));
        _time.Advance(Lease);
        Assert.Empty(Find(1, 2));
        _time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Find(1, 2));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([0], Find(1, 2));
        Assert.Equal([0], Find(1, 3));
        Assert.Empty(Find(2, 3));
    }

    [Fact]
    public void FindStalled_ALongerLeaseThanOwn_IsTheNodesOwn()
    {
        LivingNode[] nodes = [new(0, "node", 1, Lease * 6, IsClockRight: true)];
        _watch.FindStalled(nodes);
        _time.Advance((Lease * 12) - TimeSpan.FromMilliseconds(1));

        Assert.Empty(_watch.FindStalled(nodes));
    }

    private IEnumerable<long> Find(params long[] beats) =>
        _watch.FindStalled([.. beats.Select((beat, id) => new LivingNode(id, "node", beat, Lease, IsClockRight: true))])
            .Select(node => node.Id);
}
