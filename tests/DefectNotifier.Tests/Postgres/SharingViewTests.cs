using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

public sealed class SharingViewTests
{
    private const long Me = 2;

    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly WantedNames _served = new();
    private readonly SharingView _view;
    private long _owner3;

    public SharingViewTests()
    {
        _view = new SharingView(_time);
        _served.Group(new Dictionary<string, string> { ["web"] = "web", ["web-2"] = "web", ["web-3"] = "web" });
    }

    [Fact]
    public void GroupsOf_OneLaneOfAGivenUpGroupIsReleased_IsNotWantedUntilTheOtherOneIs()
    {
        Assert.True(Look(Me, 0).IsWanted);
        _view.GaveUp("web");

        Assert.False(Look(Me, Me).IsWanted);
        Assert.False(Look(Me, 0).IsWanted);
        Assert.True(Look(0, 0) is { IsWanted: true, IsRefused: false });
        // No other node took it.
        Assert.True(Look(Me, 0) is { IsWanted: true, IsRefused: true });
    }

    [Theory]
    [InlineData(3, Me)]
    [InlineData(1, 1)]
    public void GroupsOf_AnotherNodeHasAPart_TheLowerIdHasTheGroup(long other, long owner)
    {
        Assert.Equal(owner, Look(Me, other).Owner);
        Assert.Equal(owner == Me ? [] : ["web"], _view.Split);
    }

    [Fact]
    public void GroupsOf_NodesDifferAndTheOwnerLeavesALane_TheLaneIsTakenAlone()
    {
        Look(1, 0, "1", "2");
        _time.Advance(TimeSpan.FromSeconds(9));
        Look(1, 0, "1", "2");
        Assert.Empty(_view.Left);
        _time.Advance(TimeSpan.FromSeconds(1));

        Look(1, 0, "1", "2");

        Assert.Equal("web-2", Assert.Single(_view.Left).Name);
        // It is given up when the other node knows it, too.
        Look(1, Me, "1", "2");
        Assert.Empty(_view.Split);
        Look(1, Me);
        Assert.Equal(["web"], _view.Split);
        Assert.Empty(_view.Left);
    }

    // The node with the other configuration does not give its part up, so the group can't be taken as a whole.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void GroupsOf_NodesDifferAndBothHaveAPart_AFreeLaneIsTakenAlone(long other)
    {
        _owner3 = other;
        Look(Me, 0, "1", "2");
        _time.Advance(TimeSpan.FromSeconds(10));
        Look(Me, 0, "1", "2");
        Assert.Equal("web-2", Assert.Single(_view.Left).Name);

        _view.GaveUp("web");

        Look(Me, 0, "1", "2");
        Assert.Equal(other == 1 ? ["web-2"] : [], _view.Left.Select(one => one.Name));
    }

    [Fact]
    public void GroupsOf_GivenUpAndFree_IsAvoidedForAWhile()
    {
        Look(Me, Me);
        _view.GaveUp("web");

        Assert.True(Look(0, 0).IsAvoided);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(Look(0, 0).IsAvoided);
    }

    [Fact]
    public void GroupsOf_GivenUpAndRefused_MayBeGivenUpAgainLater()
    {
        Look(Me, Me);
        _view.GaveUp("web");
        Look(0, 0);
        Assert.True(Look(Me, 0).IsRefused);

        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.False(Look(Me, 0).IsRefused);
    }

    private Sharing.Group Look(long owner, long owner2, params string[] configurations)
    {
        LivingNode[] nodes = [.. ((long[])[1, 2, 3]).Select(id => new LivingNode(id, $"{id}", 1, default, IsClockRight: true))];
        HeldName[] names = [new("web", owner, 1, 0), new("web-2", owner2, 1, 0), new("web-3", _owner3, 1, 0)];
        var roster = new Roster([.. configurations.Select(digest => Some.Node("node") with { Configuration = digest })]);
        var wanted = _served.GetOrAdd("web-2");
        (wanted.Name, wanted.Waiting) = ("web-2", new TaskCompletionSource<PostgresClaim>());
        return Assert.Single(_view.GroupsOf(new NodeRoster(nodes, roster, names), _served, Me));
    }
}
