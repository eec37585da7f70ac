using DefectNotifier.Worker.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Hosting;

public sealed class RestartRuleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RestartRule _rule;

    public RestartRuleTests() => _rule = new RestartRule(_time);

    [Fact]
    public void Check_StoreIsSilentForTooLong_IsAReason()
    {
        Assert.Null(_rule.Check(RestartRule.MaxSilence, []));

        Assert.Equal("the outbox has not responded for 6 minutes", _rule.Check(TimeSpan.FromMinutes(6), []));

        // It responds again, perhaps with an error.
        Assert.Null(_rule.Check(TimeSpan.Zero, []));
    }

    [Fact]
    public void Check_LaneDoesNotLeaveItsStep_IsAReasonThatNamesIt()
    {
        Assert.Null(Check(("web-qa", 7), ("bill", 1)));
        Assert.Null(After(RestartRule.MaxStep, ("web-qa", 7), ("bill", 2)));

        Assert.Equal("web-qa has made no progress for 30 minutes", After(TimeSpan.FromSeconds(1), ("web-qa", 7), ("bill", 2)));

        Assert.Null(Check(("web-qa", 8), ("bill", 2)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8L)]
    public void Check_LaneWaitsOrWorksInBetween_StartsAnew(long? between)
    {
        Check(("web-qa", 7));
        After(RestartRule.MaxStep, ("web-qa", between));
        Check(("web-qa", 7));

        Assert.Null(After(RestartRule.MaxStep, ("web-qa", 7)));
        Assert.NotNull(After(TimeSpan.FromSeconds(1), ("web-qa", 7)));
    }

    [Fact]
    public void Check_LaneWaitsForDays_IsNoReason()
    {
        Check(("parked", null));

        Assert.Null(After(TimeSpan.FromDays(9), ("parked", null)));
    }

    [Fact]
    public void Check_LaneIsRemoved_IsForgotten()
    {
        Check(("web-qa", 7));

        Assert.Null(After(TimeSpan.FromHours(1)));
        Assert.Null(After(TimeSpan.FromHours(1), ("web-qa", 7)));
    }

    private string? After(TimeSpan span, params (string, long?)[] lanes)
    {
        _time.Advance(span);
        return Check(lanes);
    }

    private string? Check(params (string, long?)[] lanes) => _rule.Check(TimeSpan.Zero, lanes);
}
