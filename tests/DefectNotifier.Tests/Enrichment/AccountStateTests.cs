using CsCheck;
using DefectNotifier.Enrichment;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Enrichment;

public sealed class AccountStateTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(5);

    [Theory]
    [InlineData(60, 1000)]
    [InlineData(1, 60_000)]
    [InlineData(600, 100)]
    public void Requested_Budget_SpreadsRequestsEvenly(int perMinute, int milliseconds) =>
        Assert.Equal(Now + TimeSpan.FromMilliseconds(milliseconds), new AccountState().Requested(Now, perMinute).NotBefore);

    [Theory]
    [InlineData(null, 60)]
    [InlineData(0, 1)]
    [InlineData(7, 7)]
    [InlineData(61, 61)]
    [InlineData(100_000, 3600)]
    public void Received_RateLimited_WaitsForRetryAfterWithinLimits(int? asked, int seconds)
    {
        var state = Received(new AccountState(), QaseOutcome.RateLimited, asked);

        Assert.Equal((Now + TimeSpan.FromSeconds(seconds), 0, QaseOutcome.RateLimited), (state.NotBefore, state.Failures, state.Health));
    }

    [Theory]
    [InlineData(QaseOutcome.Failed)]
    [InlineData(QaseOutcome.Unreachable)]
    [InlineData(QaseOutcome.Timeout)]
    [InlineData(QaseOutcome.Unexpected)]
    public void Received_Failure_DoublesTheBackoff(QaseOutcome outcome)
    {
        var state = new AccountState();
        var waits = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            state = Received(state with { NotBefore = Now }, outcome);
            waits.Add((state.NotBefore - Now).TotalSeconds);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 900, 900], waits);
        Assert.Equal(0, Received(state, QaseOutcome.NotFound).Failures);
        Assert.False(state.IsStopped);
    }

    [Fact]
    public void Received_FailureWithRetryAfter_UsesTheLonger()
    {
        Assert.Equal(Now + TimeSpan.FromSeconds(30), Received(new AccountState(), QaseOutcome.Failed, 30).NotBefore);
        Assert.Equal(Now + TimeSpan.FromSeconds(5), Received(new AccountState(), QaseOutcome.Failed, 2).NotBefore);
    }

    [Fact]
    public void Received_Refused_Stops() => Assert.True(Received(new AccountState(), QaseOutcome.Refused).IsStopped);

    [Theory]
    [InlineData(QaseOutcome.Ok)]
    [InlineData(QaseOutcome.NotFound)]
    [InlineData(QaseOutcome.Rejected)]
    public void Received_Conclusive_ResetsFailuresAndKeepsTheBudget(QaseOutcome outcome)
    {
        var state = Received(Received(new AccountState(), QaseOutcome.Failed).Requested(Now, 60), outcome);

        Assert.Equal((QaseOutcome.Ok, 0, Now + TimeSpan.FromSeconds(1)), (state.Health, state.Failures, state.NotBefore));
    }

    [Fact]
    public void Received_Anything_NeverShortensTheWaitNorExceedsOneHour() =>
        Gen.Select(Gen.Int[0, 8].Select(outcome => (QaseOutcome)outcome), Gen.Int[-1, 1_000_000], Gen.Int[0, 100], Gen.Double[0, 1]).Sample(
            (outcome, asked, failures, chance) =>
            {
                var before = new AccountState { Failures = failures, NotBefore = Now + TimeSpan.FromSeconds(1) };
                var after = before.Received(
                    new QaseResponse(outcome) { RetryAfter = asked < 0 ? null : TimeSpan.FromSeconds(asked) }, Now, chance);
                return after.NotBefore >= before.NotBefore && after.NotBefore <= Now + TimeSpan.FromHours(1);
            });

    [Fact]
    public void NextAt_AllTriesFail_GivesUpAfterAboutADay()
    {
        var at = Some.Moment;
        var tries = 0;
        while (EnrichmentSchedule.NextAt(tries, at, chance: 0) is { } next)
        {
            Assert.InRange(next - at, TimeSpan.FromMinutes(1), EnrichmentSchedule.MaxDelay);
            at = next;
            tries++;
        }

        Assert.Equal(EnrichmentSchedule.MaxTries - 1, tries);
        Assert.InRange(at - Some.Moment, TimeSpan.FromHours(23), TimeSpan.FromHours(26));
        Assert.True(EnrichmentSchedule.NextAt(12, Some.Moment, chance: 1) - Some.Moment < EnrichmentSchedule.MaxDelay);
    }

    private static AccountState Received(AccountState state, QaseOutcome outcome, int? retryAfter = null) =>
        state.Received(
            new QaseResponse(outcome) { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null }, Now, chance: 0);
}
