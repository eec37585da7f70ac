using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Lanes that share a group, and when their node gives it up.</summary>
public sealed class UnreachableGroupsTests
{
    private static readonly TimeSpan JustLess = Reachability.MinOutage - TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly UnreachableGroups _groups;
    private Reachability _first;
    private Reachability _second;

    public UnreachableGroupsTests() => (_groups, _first, _second) = (new UnreachableGroups(_time), new(_time), new(_time));

    [Fact]
    public void GiveUp_OnlyFailedConnectionsForAMinute_GivesTheGroupUp()
    {
        Report(_first, SendReason.ConnectFailed, after: TimeSpan.Zero);
        Report(_first, SendReason.ConnectFailed, JustLess);
        Assert.Empty(GiveUp());
        Assert.False(_groups.Avoids("group"));
        Report(_first, SendReason.ConnectFailed, TimeSpan.FromMilliseconds(1));

        Assert.Equal(["group"], GiveUp());
        Assert.True(_groups.Avoids("group"));
    }

    [Theory]
    [InlineData(SendReason.Ok)]
    [InlineData(SendReason.ServerError)]
    [InlineData(SendReason.Timeout)]
    public void GiveUp_AnotherResultMeanwhile_BeginsAgain(SendReason reason)
    {
        Report(_first, SendReason.ConnectFailed, after: TimeSpan.Zero);
        Report(_first, reason, JustLess);
        Report(_first, SendReason.ConnectFailed, TimeSpan.FromMilliseconds(1));
        Assert.Empty(GiveUp());
        Report(_first, SendReason.ConnectFailed, JustLess);
        Assert.Empty(GiveUp());
        Report(_first, SendReason.ConnectFailed, TimeSpan.FromMilliseconds(1));

        Assert.Equal(["group"], GiveUp());
    }

    // It has nothing more to send: nothing is known about a minute.
    [Fact]
    public void GiveUp_OneFailedConnection_IsNotEnough()
    {
        Report(_first, SendReason.ConnectFailed, after: TimeSpan.Zero);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(GiveUp());
    }

    [Fact]
    public void GiveUp_AnotherLaneOfTheGroupReachedItsChat_KeepsTheGroup()
    {
        Report(_first, SendReason.ConnectFailed, after: TimeSpan.Zero);
        Report(_second, SendReason.Ok, TimeSpan.FromSeconds(1));
        Report(_first, SendReason.ConnectFailed, Reachability.MinOutage - TimeSpan.FromSeconds(1));
        Assert.Empty(GiveUp());
        _time.Advance(TimeSpan.FromSeconds(1));

        // The other lane has had nothing to send for a minute.
        Assert.Equal(["group"], GiveUp());
    }

    [Fact]
    public void GiveUp_TheGroupIsHereAgainAndStillUnreachable_IsGivenUpAfterFiveMinutes()
    {
        Fail();
        Assert.Equal(["group"], GiveUp());
        (_first, _second) = (new(_time), new(_time));
        Fail();
        Assert.Empty(GiveUp());
        _time.Advance(UnreachableGroups.Pause - Reachability.MinOutage - TimeSpan.FromMilliseconds(1));
        Assert.Empty(GiveUp());
        Assert.True(_groups.Avoids("group"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_groups.Avoids("group"));

        Assert.Equal(["group"], GiveUp());
    }

    private void Fail()
    {
        Report(_first, SendReason.ConnectFailed, after: TimeSpan.Zero);
        Report(_first, SendReason.ConnectFailed, Reachability.MinOutage);
    }

    private void Report(Reachability chat, SendReason reason, TimeSpan after)
    {
        _time.Advance(after);
        chat.Report(reason);
    }

    private IReadOnlyList<string> GiveUp() =>
        _groups.GiveUp([("group", _first), ("group", _second), ("other", new Reachability(_time))]);
}
