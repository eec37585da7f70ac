using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

public sealed class NodeProblemsTests
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly NodeProblems _problems;

    public NodeProblemsTests() => _problems = new NodeProblems(_time);

    [Fact]
    public void Find_ConfigurationsThatDiffer_AreNamedAfterTwoMinutes()
    {
        Assert.Null(Find("1", "2"));
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Null(Find("1", "2"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            "the nodes have different configurations (node-0 has 1, node-1 has 2); give all nodes the same settings and templates",
            Find("1", "2"));
        Assert.Null(Find("2", "2"));
        Assert.Null(Find("1", "2"));
    }

    [Theory]
    [InlineData(45, "ahead of")]
    [InlineData(-45, "behind")]
    public void Find_AClockThatIsFarOff_SaysThatTheNodeTakesNothing(int seconds, string direction) => Assert.Equal(
        $"the clock of this node is 45 s {direction} the database's, so it takes no destination; correct the clock (NTP)",
        _problems.Find(RosterOf("1"), TimeSpan.FromSeconds(seconds), isDeaf: false));

    [Fact]
    public void Find_NoNotifications_NamesTheSetting()
    {
        var problem = _problems.Find(RosterOf("1"), TimeSpan.Zero, isDeaf: true);

        Assert.Contains("Outbox:ListenConnectionString", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_EqualNames_AreNamedAfterTwoMinutes()
    {
        var roster = new Roster([Some.Node("a"), Some.Node("b"), Some.Node("A")]);
        Assert.Null(_problems.Find(roster, TimeSpan.Zero, isDeaf: false));
        // One of them is a node that crashed and was started again.
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(
            "2 nodes have the name a; give each its own Outbox:Node", _problems.Find(roster, TimeSpan.Zero, isDeaf: false));
    }

    // The lease of a crashed node may last until the next one has crashed.
    [Fact]
    public void Find_ANodeCrashesAgainAndAgain_IsNotTakenForTwo()
    {
        for (var minute = 0; minute < 10; minute++)
        {
            var starts = ((int[])[minute, minute + 1]).Select(at => Some.Moment.AddMinutes(at));
            var roster = new Roster([.. starts.Select(at => Some.Node("a") with { StartedAt = at })]);
            Assert.Null(_problems.Find(roster, TimeSpan.Zero, isDeaf: false));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Find_SeveralProblems_AreAllNamed()
    {
        var roster = new Roster([Some.Node("a"), Some.Node("a") with { Configuration = "2" }]);
        _problems.Find(roster, TimeSpan.Zero, isDeaf: true);
        _time.Advance(TimeSpan.FromMinutes(2));

        var problem = _problems.Find(roster, TimeSpan.Zero, isDeaf: true);

        Assert.Contains("different configurations", problem, StringComparison.Ordinal);
        Assert.Contains("2 nodes have the name a", problem, StringComparison.Ordinal);
        Assert.Contains("Outbox:ListenConnectionString", problem, StringComparison.Ordinal);
    }

    private string? Find(params string[] configurations) => _problems.Find(RosterOf(configurations), TimeSpan.Zero, isDeaf: false);

    private static Roster RosterOf(params string[] configurations) =>
        new([.. configurations.Select((configuration, number) => Some.Node($"node-{number}") with { Configuration = configuration })]);
}
