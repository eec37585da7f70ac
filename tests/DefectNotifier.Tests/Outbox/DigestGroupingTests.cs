using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering;
using static DefectNotifier.Tests.Rendering.DigestSamples;

namespace DefectNotifier.Tests.Outbox;

public sealed class DigestGroupingTests
{
    [Fact]
    public void Build_EqualProjectSeverityAndTitle_AreOneGroup() => Assert.Equal(
        ["WEB blocker 'Login' 2: 1 4", "SHOP blocker 'Login' 1: 2", "WEB blocker 'login' 1: 5", "WEB critical 'Login' 1: 3"],
        GroupsOf(
            One(1, "Login", "blocker"), One(2, "Login", "blocker", project: "SHOP"), One(3, "Login", "critical"),
            One(4, " Login\t", "Blocker"), One(5, "login", "1")));

    [Fact]
    public void Build_Groups_AreInTheOrderOpenSeverityCountAge() => Assert.Equal(
        [
            "WEB blocker 'b' 1: 3", "WEB major 'c' 2: 4 5", "WEB major 'a' 1: 1", "WEB major 'd' 1: 6", "WEB special 'g' 1: 9",
            "WEB blocker 'f' 2 (2 closed): 7 8",
        ],
        GroupsOf(
            One(7, "f", "blocker", "resolved"), One(8, "f", "blocker", "invalid"), One(9, "g", "special"), One(1, "a", "major"),
            One(3, "b", "blocker"), One(4, "c", "major"), One(5, "c", "major"), One(6, "d", "major")));

    [Fact]
    public void Build_DefectsOfAGroup_AreTheOpenOnesFirst() => Assert.Equal(
        ["WEB major 'a' 5 (2 closed): 2 4 5"],
        GroupsOf(
            One(1, "a", "major", "resolved"), One(2, "a", "major"), One(3, "a", "major", "deleted"), One(4, "a", "major"),
            One(5, "a", "major", "in_progress")));

    [Fact]
    public void Build_SeveralEventsOfADefect_AreOneLine()
    {
        var contents = Of(One(1, "a"), One(1, "a"), One(2, "b"), One(1, "a", project: "web"), One(1, "a", source: "other"));

        Assert.Equal((5, 3, 0), (contents.Events, contents.Count, contents.WithoutDefect));
        Assert.Equal(["WEB - 'a' 1: 1", "WEB - 'b' 1: 2", "WEB - 'a' 1: 1"], contents.Groups.Select(Text));
    }

    [Fact]
    public void Add_SeveralEventsOfADefect_ReadsItOnce()
    {
        var grouping = new DigestGrouping(new Digest(1, "web-qa", DigestCause.Storm) { Since = Some.Moment });
        var asked = new List<DefectKey>();
        foreach (var (member, defect) in (DigestEvent[])[One(1, "a"), One(1, "a"), Other("run.completed"), One(2, "b")])
        {
            grouping.Add(member, key =>
            {
                asked.Add(key);
                return defect;
            });
        }

        Assert.Equal([1, 2], asked.Select(key => key.Id));
    }

    [Fact]
    public void Build_ProjectCodesThatDifferByCase_AreOneProject()
    {
        var contents = Of(One(1, "a"), One(2, "a", project: "web"), One(3, "a", project: "Web"), One(4, "a", project: "ı"));

        Assert.Equal(["WEB - 'a' 3: 1 2 3", "ı - 'a' 1: 4"], contents.Groups.Select(Text));
        Assert.Equal([("WEB", 3), ("ı", 1)], contents.Projects.Select(project => (project.ProjectCode!, project.Count)));
        Assert.Equal(2, contents.ProjectCount);
    }

    [Fact]
    public void Build_EventsWithoutADefect_AreGroupedByTheirNames()
    {
        var contents = Of(
            Other("run.completed"), Other("run.completed"), One(5, "run.completed"), Other("case.created"),
            Other("run.completed", project: null));

        Assert.Equal(
            ["WEB - 'run.completed' 2: - -", "WEB - 'run.completed' 1: 5", "WEB - 'case.created' 1: -", "- - 'run.completed' 1: -"],
            contents.Groups.Select(Text));
        Assert.Equal((5, 4), (contents.Count, contents.WithoutDefect));
        Assert.Equal([(Severity.Undefined, 1)], contents.Severities.Select(severity => (severity.Severity, severity.Count)));
    }

    [Fact]
    public void Build_UnknownOrBlankTitles_AreOneGroup() => Assert.Equal(
        ["WEB - - 4: 1 2 3"],
        GroupsOf(One(1, null), One(2, " "), One(3, "\u200B"), One(4, null) with { Defect = null }));

    [Fact]
    public void Build_HostileTitles_AreKeptAsTheyAre()
    {
        string[] titles = ["<!channel> {{ x }}", "\uE000\uE001\uE00B", "a\nb", new string('x', 5_000), "\uD83D"];

        Assert.Equal(titles, Of(titles.Select((title, id) => One(id, title))).Groups.Select(group => group.Title));
    }

    [Fact]
    public void Build_ManyGroups_AreLimitedAndTheRestIsCounted()
    {
        var contents = Of(Enumerable.Range(0, 1_000).Select(id => One(id, $"t{id % 100}", project: $"P{id % 25}")));

        Assert.Equal((DigestContents.MaxGroups, 10 * (100 - DigestContents.MaxGroups)), (contents.Groups.Count, contents.OtherCount));
        Assert.All(contents.Groups, group => Assert.Equal((10, DigestContents.MaxGroupDefects), (group.Count, group.Defects.Count)));
        Assert.Equal((25, DigestContents.MaxProjects), (contents.ProjectCount, contents.Projects.Count));
        Assert.Equal((1_000, 1_000), (contents.Count, contents.Severities.Sum(severity => severity.Count)));
        Assert.Equal((DigestContents.MaxDefects, 5), (contents.Defects.Count, contents.Replies));
    }

    /// <summary>One title that fails thousands of times does not hide the others.</summary>
    [Theory]
    [InlineData(150, 50, 150, 50)]
    [InlineData(1_000, 50, 150, 50)]
    [InlineData(1_000, 250, 1, 199)]
    [InlineData(100, 30, 100, 30)]
    public void Build_OneLargeGroup_LeavesRoomForOthers(int large, int small, int listedOfLarge, int listedOfSmall)
    {
        var contents = Of([
            .. Enumerable.Range(0, large).Select(id => One(id, "same")),
            .. Enumerable.Range(0, small).Select(id => One(large + id, $"other {id}"))]);

        Assert.Equal(
            (listedOfLarge, listedOfSmall),
            (contents.Defects.Count(defect => defect.Title == "same"), contents.Defects.Count(defect => defect.Title != "same")));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(15, 0)]
    [InlineData(16, 1)]
    [InlineData(40, 1)]
    [InlineData(41, 2)]
    [InlineData(200, 5)]
    [InlineData(201, 5)]
    public void Replies_ListDefects_OnlyWhenTheGroupsDoNot(int titles, int replies) =>
        Assert.Equal(replies, Of(Enumerable.Range(0, titles).Select(id => One(id, $"t{id}"))).Replies);

    [Fact]
    public void Build_Severities_AreCountedWithAllGroups()
    {
        var severities = Of(
            One(1, "a", "minor"), One(2, "b", "blocker", "resolved"), One(3, "c", "blocker"), One(4, "d", "special"), One(5, "e"),
            Other("run.completed")).Severities;

        Assert.Equal(
            [(Severity.Blocker, 2, 1), (Severity.Minor, 1, 0), (null, 2, 0)],
            severities.Select(severity => (severity.Severity, severity.Count, severity.ClosedCount)));
    }

    [Fact]
    public void Build_Times_AreThoseOfTheDigestAndTheLatestEvent()
    {
        var late = One(2, "b");
        var contents = Of(One(1, "a"), late with { Member = late.Member with { ReceivedAt = Some.Moment.AddHours(1) } }, One(3, "c"));

        Assert.Equal((Some.Moment.AddMinutes(-3), Some.Moment.AddHours(1)), (contents.Since, contents.Until));
    }

    [Fact]
    public void Build_SameEvents_HaveTheSameContents()
    {
        DigestEvent[] events = [.. Enumerable.Range(0, 500).Select(id => One(id, $"t{id % 70}", project: $"P{id % 3}"))];

        Assert.Equal(Of(events).Groups.Select(Text), Of(events).Groups.Select(Text));
        Assert.Equal(Of(events).Defects, Of(events).Defects);
    }

    private static IEnumerable<string> GroupsOf(params DigestEvent[] events) => Of(events).Groups.Select(Text);

    private static string Text(DigestGroup group)
    {
        var title = group.Title is null ? "-" : $"'{group.Title}'";
        var closed = group.ClosedCount > 0 ? $" ({group.ClosedCount} closed)" : "";
        var ids = group.Defects.Select(defect => defect.Id?.ToString() ?? "-");
        return $"{group.ProjectCode ?? "-"} {group.Severity?.Slug ?? "-"} {title} {group.Count}{closed}: {string.Join(' ', ids)}";
    }
}
