using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Telemetry;

public sealed class ServiceHealthTests
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly LogLines<ServiceHealth> _log = new();
    private readonly ServiceHealth _health;

    public ServiceHealthTests() => _health = new ServiceHealth(_time, _log);

    [Fact]
    public void Problems_NothingWasReported_IsEmpty()
    {
        _health.Works(HealthPart.Intake);

        Assert.Empty(_health.Problems);
        Assert.Empty(_log.EventIds);
    }

    [Fact]
    public void Fails_AgainAndAgain_IsOneProblemSinceTheFirstTimeAndOneLine()
    {
        for (var i = 0; i < 100; i++)
        {
            _health.Fails(HealthPart.Intake, "disk full");
            _time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(new HealthProblem("intake", "disk full", Some.Moment, IsVital: true), Assert.Single(_health.Problems));
        Assert.Equal(
            "intake does not work: disk full. Webhooks are answered with 503, so that they are sent again. "
            + "This is logged once until it works again",
            Assert.Single(_log.Texts));
    }

    [Fact]
    public void Works_AfterAFailure_EndsItWithOneLine()
    {
        _health.Fails(HealthPart.Intake, "disk full");
        _time.Advance(TimeSpan.FromMinutes(2));

        for (var i = 0; i < 3; i++) _health.Works(HealthPart.Intake);

        Assert.Empty(_health.Problems);
        Assert.Equal("intake works again after 00:02:00; it failed with: disk full", _log.Texts[1]);
        Assert.Equal([50, 51], _log.EventIds);
    }

    [Fact]
    public void Fails_ByTurnsWithWorks_IsLoggedOncePerMinuteAndAlwaysShown()
    {
        for (var second = 0; second < 120; second++)
        {
            _health.Fails(HealthPart.Intake, "database damaged");
            Assert.Single(_health.Problems);
            _health.Works(HealthPart.Intake);
            Assert.Empty(_health.Problems);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([50, 51, 50, 51], _log.EventIds);
    }

    [Fact]
    public void Fails_TwoParts_AreTwoProblems()
    {
        _health.Fails(HealthPart.Intake, "disk full");
        _health.Fails(HealthPart.Retention, "the clock was set");

        _health.Works(HealthPart.Intake);

        Assert.Equal([("retention", false)], _health.Problems.Select(problem => (problem.Part, problem.IsVital)));
        Assert.Equal([50, 50, 51], _log.EventIds);
    }

    [Fact]
    public void Works_OneOfTwoSubjects_LeavesTheOther()
    {
        _health.Fails(HealthPart.Delivery, "disk full", "web-qa");
        _health.Fails(HealthPart.Delivery, "disk full", "mobile");
        Assert.Equal("web-qa: disk full (and 1 more)", Assert.Single(_health.Problems).Detail);

        _health.Works(HealthPart.Delivery, "WEB-QA");
        Assert.Equal("mobile: disk full", Assert.Single(_health.Problems).Detail);
        Assert.Equal([50], _log.EventIds);
        _health.Works(HealthPart.Delivery, "mobile");

        Assert.Equal([50, 51], _log.EventIds);
    }

    [Fact]
    public void Fails_WithAnotherReason_ShowsTheNewReason()
    {
        _health.Fails(HealthPart.Store, "disk full");
        _health.Fails(HealthPart.Store, "database damaged");

        Assert.Equal("database damaged", Assert.Single(_health.Problems).Detail);
        Assert.Equal([50], _log.EventIds);
    }
}
