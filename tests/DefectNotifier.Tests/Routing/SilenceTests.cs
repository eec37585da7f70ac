using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Routing;

public sealed class SilenceTests
{
    public static TheoryData<string, Silence, bool> Matchers => new()
    {
        { "nothing", Some.Silence, true },
        { "project", Some.Silence with { ProjectCodes = ["MOB", "w?b"] }, true },
        { "other project", Some.Silence with { ProjectCodes = ["MOB"] }, false },
        { "event", Some.Silence with { Events = ["*.created"] }, true },
        { "other event", Some.Silence with { Events = ["defect.resolved"] }, false },
        { "severity", Some.Silence with { Severities = ["Major"] }, true },
        { "other severity", Some.Silence with { Severities = ["minor"] }, false },
        { "minimum", Some.Silence with { MinSeverity = "normal" }, true },
        { "higher minimum", Some.Silence with { MinSeverity = "critical" }, false },
        { "title", Some.Silence with { Titles = ["*coupon"] }, true },
        { "title in other case", Some.Silence with { Titles = ["CHECKOUT*"] }, true },
        { "part of the title", Some.Silence with { Titles = ["Checkout"] }, false },
        { "one of two titles", Some.Silence with { Titles = ["timeout*", "checkout*"] }, true },
        { "title, other project", Some.Silence with { Titles = ["checkout*"], ProjectCodes = ["MOB"] }, false },
    };

    [Theory]
    [MemberData(nameof(Matchers))]
    public void Takes_EachMatcher_MustMatch(string name, Silence silence, bool expected) =>
        Assert.True(silence.Takes(Some.DefectEvent) == expected, name);

    [Fact]
    public void Takes_TitleIsNotKnown_MatchesNoTitle()
    {
        var untitled = Some.DefectEvent with { Title = null };

        Assert.False((Some.Silence with { Titles = ["*"] }).Takes(untitled));
        Assert.True(Some.Silence.Takes(untitled));
    }
}
