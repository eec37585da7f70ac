using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

public sealed class SharingViewTests
{
    private const long Me = 1;
    private const long Other = 2;

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

    [Fact]
    public void GroupsOf_AnotherNodeHasAPart_HasTheGroup() => Assert.Equal(Other, Look(Me, Other).Owner);

    private Sharing.Group Look(long owner, long owner2)
    {
        LivingNode[] nodes = [new(Me, "me", 1, default, IsClockRight: true), new(Other, "other", 1, default, IsClockRight: true)];
        HeldName[] names = [new("web", owner, 1, 0), new("web-2", owner2, 1, 0)];
        var waiting = new WantedName { Name = "web-2", Waiting = new TaskCompletionSource<PostgresClaim>() };
        return Assert.Single(_view.GroupsOf(new NodeRoster(nodes, Roster.Empty, names), [waiting], Groups, Me));
    }
}
