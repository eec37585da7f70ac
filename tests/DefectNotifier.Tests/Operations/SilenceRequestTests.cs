using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Tests.Operations;

public sealed class SilenceRequestTests
{
    private static readonly DateTimeOffset Now = Some.Moment;

    private static readonly SilenceRequest Valid = new() { Project = ["WEB"], For = "2h", By = "anna", Why = "known outage" };

    // Each wrong request, and the member that the problem names.
    public static TheoryData<string, object> Wrong => new()
    {
        { "by", Valid with { By = " " } },
        { "by", Valid with { By = null } },
        { "why", Valid with { Why = null } },
        { "why", Valid with { Why = new string('x', 501) } },
        { "for", Valid with { For = null } },
        { "for", Valid with { Until = "2026-03-15T00:00:00Z" } },
        { "for", Valid with { For = "2" } },
        { "for", Valid with { For = "0h" } },
        { "for", Valid with { For = "-1h" } },
        { "for", Valid with { For = "31d" } },
        { "for", Valid with { For = "999999d" } },
        { "until", Valid with { For = null, Until = "soon" } },
        { "until", Valid with { For = null, Until = "2026-03-14T15:00:00Z" } },
        { "until", Valid with { For = null, Until = "2026-05-14T15:00:00Z" } },
        { "until", Valid with { For = null, Until = "9999-12-31T23:59:59Z" } },
        { "from", Valid with { From = "today" } },
        { "from", Valid with { From = "2026-03-16T00:00:00Z", For = null, Until = "2026-03-15T00:00:00Z" } },
        { "minSeverity", Valid with { MinSeverity = "majr" } },
        { "minSeverity", Valid with { MinSeverity = "undefined" } },
        { "title", Valid with { Title = [""] } },
        { "severity", Valid with { Severity = ["minor", null!] } },
        { "allProjects", Valid with { Project = null } },
        { "allProjects", Valid with { Project = [] } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_OneError_NamesItsMember(string field, object request)
    {
        var problem = ((SilenceRequest)request).Read(Now).Problem;

        Assert.Equal((400, "invalid-silence", field), (problem!.Status, problem.Code, problem.Field));
        Assert.EndsWith(".", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Valid_IsTheSilence()
    {
        var request = Valid with
        {
            Event = ["defect.*"],
            Severity = ["trivial"],
            MinSeverity = "Minor",
            Title = [" timeout* "],
            Discard = true,
            From = "2026-03-15T00:00:00Z",
        };

        var silence = request.Read(Now).Value!;

        Assert.Equal(new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.Zero), silence.StartsAt);
        Assert.Equal(silence.StartsAt.AddHours(2), silence.EndsAt);
        Assert.Equal(
            ("WEB", "defect.*", "trivial", "Minor", "timeout*"),
            (silence.ProjectCodes[0], silence.Events[0], silence.Severities[0], silence.MinSeverity, silence.Titles[0]));
        Assert.Equal(("anna", "known outage", true), (silence.By, silence.Why, silence.IsDiscarding));
    }

    [Fact]
    public void Read_StartInThePast_StartsNow()
    {
        var silence = (Valid with { From = "2026-03-14T00:00:00Z", For = "30d" }).Read(Now).Value!;

        Assert.Equal((Now, Now.AddDays(30)), (silence.StartsAt, silence.EndsAt));
    }

    [Fact]
    public void Read_WithoutMatchers_NeedsAllProjects() =>
        Assert.True((Valid with { Project = null, AllProjects = true }).Read(Now).Value!.HasNoMatcher);
}
