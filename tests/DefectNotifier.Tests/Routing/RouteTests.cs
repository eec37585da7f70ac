using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Routing;

/// <summary>Some.DefectEvent is a major <c>defect.created</c> in project WEB.</summary>
public sealed class RouteTests
{
    [Theory]
    [InlineData("WEB", null)]
    [InlineData("w*", null)]
    [InlineData("SHOP,WEB", null)]
    [InlineData("SHOP", "project code 'WEB' matches none of [SHOP]")]
    [InlineData("SHOP,B?LL*", "project code 'WEB' matches none of [SHOP, B?LL*]")]
    public void WhyNot_ProjectCodes_MatchTheCode(string codes, string? reason) =>
        Assert.Equal(reason, WhyNot(new Route(new RouteOptions { ProjectCodes = codes.Split(',') }), Some.DefectEvent));

    [Theory]
    [InlineData("defect.created", null)]
    [InlineData("DEFECT.*", null)]
    [InlineData("defect.resolved,defect.c*", null)]
    [InlineData("run.*,defect.resolved", "event 'defect.created' matches none of [run.*, defect.resolved]")]
    public void WhyNot_Events_MatchTheName(string events, string? reason) =>
        Assert.Equal(reason, WhyNot(new Route(new RouteOptions { Events = events.Split(',') }), Some.DefectEvent));

    [Theory]
    [InlineData("major", null)]
    [InlineData("Major", null)]
    [InlineData("3", null)]
    [InlineData("blocker,major", null)]
    [InlineData("blocker,Critical", "severity 'major' is none of [blocker, critical]")]
    public void WhyNot_Severities_MatchTheSeverity(string severities, string? reason) =>
        Assert.Equal(reason, WhyNot(new Route(new RouteOptions { Severities = severities.Split(',') }), Some.DefectEvent));

    [Fact]
    public void WhyNot_CustomSeverity_IsComparedAsText()
    {
        var route = new Route(new RouteOptions { Severities = ["Showstopper"] });

        Assert.Null(WhyNot(route, Some.DefectEvent with { Severity = Severity.Parse("SHOWSTOPPER") }));
        Assert.NotNull(WhyNot(route, Some.DefectEvent));
    }

    [Theory]
    [InlineData("blocker", false)]
    [InlineData("critical", false)]
    [InlineData("major", true)]
    [InlineData("normal", true)]
    [InlineData("Trivial", true)]
    [InlineData("2", false)]
    public void WhyNot_MinSeverity_MatchesThatAndWorse(string least, bool matches)
    {
        var reason = WhyNot(new Route(new RouteOptions { MinSeverity = least }), Some.DefectEvent);

        Assert.Equal(matches ? null : "severity 'major' is not " + Severity.Parse(least)!.Slug + " or worse", reason);
    }

    [Fact]
    public void WhyNot_EventWithoutTheProperty_NeverMatches()
    {
        var bare = Some.DefectEvent with { ProjectCode = null, Severity = null };

        Assert.Equal("project code (none) matches none of [*]", WhyNot(new Route(new RouteOptions { ProjectCodes = ["*"] }), bare));
        Assert.Equal(
            "severity (none: neither this event nor an earlier one of the defect has one) is none of [undefined]",
            WhyNot(new Route(new RouteOptions { Severities = ["undefined"] }), bare));
        Assert.Equal(
            "severity (none: neither this event nor an earlier one of the defect has one) is not trivial or worse",
            WhyNot(new Route(new RouteOptions { MinSeverity = "trivial" }), bare));
        Assert.Equal(
            "severity 'undefined' is not trivial or worse",
            WhyNot(new Route(new RouteOptions { MinSeverity = "trivial" }), bare with { Severity = Severity.Undefined }));
    }

    [Fact]
    public void WhyNot_SeveralMatchers_AllMustHold()
    {
        var route = new Route(
            new RouteOptions { ProjectCodes = ["WEB"], Events = ["defect.*"], Severities = ["major", "normal"], MinSeverity = "major" });

        Assert.Null(WhyNot(route, Some.DefectEvent));
        Assert.StartsWith("project code", WhyNot(route, Some.DefectEvent with { ProjectCode = "X" }), StringComparison.Ordinal);
        Assert.StartsWith("event", WhyNot(route, Some.DefectEvent with { Name = "run.completed" }), StringComparison.Ordinal);
        Assert.Contains("is none of", WhyNot(route, Some.DefectEvent with { Severity = Severity.Blocker }), StringComparison.Ordinal);
        Assert.Contains("or worse", WhyNot(route, Some.DefectEvent with { Severity = Severity.Normal }), StringComparison.Ordinal);
    }

    [Fact]
    public void WhyMatched_Event_NamesEachMatcher()
    {
        Assert.Equal("takes every event", WhyMatched(new Route(new RouteOptions())));
        Assert.Equal("event 'defect.created' matches *", WhyMatched(new Route(new RouteOptions { Events = ["*"] })));
        Assert.Equal(
            "severity 'major' is one of [minor, major], severity 'major' is normal or worse",
            WhyMatched(new Route(new RouteOptions { MinSeverity = "normal", Severities = ["minor", "major"] })));
        Assert.Equal(
            "project code 'WEB' matches w*, event 'defect.created' matches defect.*",
            WhyMatched(new Route(new RouteOptions { ProjectCodes = ["SHOP", "w*", "WEB"], Events = ["defect.*"] })));
    }

    [Theory]
    [InlineData("undefined")]
    [InlineData("showstopper")]
    [InlineData("")]
    public void Route_MinSeverityWithoutARank_Throws(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => new Route(new RouteOptions { MinSeverity = text }));

        Assert.Contains($"'{text}' is not one of blocker", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_SeveralMatchers_ReportsEach()
    {
        var route = new Route(new RouteOptions { ProjectCodes = ["SHOP*"], Events = ["defect.*"], MinSeverity = "critical" });

        Assert.Equal(
            [
                new RouteTest("ProjectCodes", "project code 'WEB' matches none of [SHOP*]", false),
                new RouteTest("Events", "event 'defect.created' matches defect.*", true),
                new RouteTest("MinSeverity", "severity 'major' is not critical or worse", false),
            ],
            route.Test(Some.DefectEvent));
        Assert.Empty(new Route(new RouteOptions()).Test(Some.DefectEvent));
    }

    private static string? WhyNot(Route route, DefectEvent defectEvent)
    {
        var verdict = RouteVerdict.Of(0, route.Test(defectEvent));
        Assert.Equal(verdict.Matched, route.Takes(defectEvent));
        return verdict.Matched ? null : verdict.Reason;
    }

    private static string WhyMatched(Route route)
    {
        Assert.Null(WhyNot(route, Some.DefectEvent));
        return RouteVerdict.Of(0, route.Test(Some.DefectEvent)).Reason;
    }
}
