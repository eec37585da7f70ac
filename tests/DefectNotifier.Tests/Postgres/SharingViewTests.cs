using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

public sealed class SharingViewTests
{
    private const long Me = 2;

    private static readonly Dictionary<string, string> Groups = new() { ["web"] = "web", ["web-2"] = "web" };

    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly SharingView _view;

    public SharingViewTests() => _view = new SharingView(_time);

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
    public void GroupsOf_GivenUpAndRefused_MayBeGivenUpAgainLater()
    {
        Look(Me, Me);
        _view.GaveUp("web");
        Look(0, 0);
        Assert.True(Look(Me, 0).IsRefused);

        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.False(Look(Me, 0).IsRefused);
    }

    private Sharing.Group Look(long owner, long owner2)
    {
        LivingNode[] nodes = [.. ((long[])[1, 2, 3]).Select(id => new LivingNode(id, $"{id}", 1, default, IsClockRight: true))];
        HeldName[] names = [new("web", owner, 1, 0), new("web-2", owner2, 1, 0)];
        var waiting = new WantedName { Name = "web-2", Waiting = new TaskCompletionSource<PostgresClaim>() };
        return Assert.Single(_view.GroupsOf(new NodeRoster(nodes, Roster.Empty, names), [waiting], Groups, Me));
    }
}
