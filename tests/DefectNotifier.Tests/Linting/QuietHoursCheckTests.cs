using DefectNotifier.Routing;
using DefectNotifier.Worker.Linting;
using static System.DayOfWeek;

namespace DefectNotifier.Tests.Linting;

public sealed class QuietHoursCheckTests
{
    private static readonly QuietHoursOptions Night = Entry(22, 7);
    private static readonly QuietHoursOptions Day = Entry(7, 22);

    [Fact]
    public void Check_EntriesWithAGap_FindsNothing()
    {
        Assert.Empty(Check(new RouteOptions()));
        Assert.Empty(Check(new RouteOptions { QuietHours = [Night] }));
        DayOfWeek[] butWednesday = [Monday, Tuesday, Thursday, Friday, Saturday, Sunday];
        Assert.Empty(Check(new RouteOptions { QuietHours = [Night, Day with { Days = butWednesday }] }));
        Assert.Empty(Check(new RouteOptions { QuietHours = [Night, Day with { To = new TimeOnly(21, 59) }] }));
    }

    [Fact]
    public void Check_EntriesThatCoverTheWeek_FindsThem()
    {
        Assert.Equal(["Routes:0:QuietHours endless"], Check(new RouteOptions { QuietHours = [Night, Day] }));
        Assert.Equal(["Routes:0:QuietHours endless"], Check(new RouteOptions { QuietHours = [Entry(9, 9)] }));
        // In another zone, so that they overlap.
        Assert.Equal(
            ["Routes:0:QuietHours endless"],
            Check(new RouteOptions { QuietHours = [Night with { TimeZone = "Asia/Tokyo" }, Entry(21, 13)] }));
    }

    // The severities that the route takes decide: here blockers are never quiet during the day.
    [Fact]
    public void Check_EntriesThatCoverTheWeekForSomeSeverities_FindsThemIfTheRouteTakesThose()
    {
        QuietHoursOptions[] entries = [Night with { Except = [] }, Day with { Except = ["blocker", "critical"] }];

        Assert.Equal(["Routes:0:QuietHours endless"], Check(new RouteOptions { MinSeverity = "major", QuietHours = entries }));
        Assert.Equal(
            ["Routes:0:QuietHours:1 unused"], Check(new RouteOptions { MinSeverity = "critical", QuietHours = entries }));
    }

    [Theory]
    [InlineData(null, "blocker", false)]
    [InlineData("critical", "blocker", false)]
    [InlineData("blocker", "blocker", true)]
    [InlineData("trivial", "blocker critical major normal minor trivial", true)]
    // An event without a severity, or with one of the workspace's own, is quiet.
    [InlineData(null, "blocker critical major normal minor trivial undefined", false)]
    public void Check_Except_IsAFindingWhenItListsEverySeverityOfTheRoute(string? minSeverity, string except, bool isFound) => Assert.Equal(
        isFound,
        Check(new RouteOptions { MinSeverity = minSeverity, QuietHours = [Night with { Except = except.Split(' ') }] }).Any());

    [Fact]
    public void Check_SeveritiesOnly_AreThoseOfTheRoute() => Assert.Equal(
        ["Routes:0:QuietHours:0 unused"],
        Check(new RouteOptions { Severities = ["Blocker", "minor"], QuietHours = [Night with { Except = ["MINOR", "blocker"] }] }));

    // That is a finding of its own.
    [Fact]
    public void Check_RouteWithoutSeverities_FindsNothing() =>
        Assert.Empty(Check(new RouteOptions { Severities = ["minor"], MinSeverity = "major", QuietHours = [Night, Day] }));

    private static QuietHoursOptions Entry(int from, int to) => new() { From = new TimeOnly(from, 0), To = new TimeOnly(to, 0) };

    private static IEnumerable<string> Check(RouteOptions route) => QuietHoursCheck.Check(route, "Routes:0:QuietHours")
        .Select(finding => $"{finding.Place} {finding.Code.Word().Split('-')[0]}");
}
