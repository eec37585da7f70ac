using CsCheck;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly SteadyTime _clock;

    public RateLimiterTests() => _clock = new SteadyTime(_time);

    [Fact]
    public void Reserve_AfterAQuietTime_AllowsABurstAndThenOnePerInterval() =>
        Assert.Equal([0, 0, 0, 1, 2, 3], Seconds(WithRateLimit(1, 3), 6));

    [Fact]
    public void Reserve_NoRateLimit_NeverWaits() => Assert.All(Seconds(WithRateLimit(0, 1), 100), second => Assert.Equal(0, second));

    [Fact]
    public void Use_LaterThanDue_CountsFromThere()
    {
        var rateLimiter = WithRateLimit(1, 1);
        rateLimiter.Reserve();
        _time.Advance(TimeSpan.FromSeconds(0.7));

        rateLimiter.Use();

        Assert.Equal(1.7, Seconds(rateLimiter, 1)[0]);
    }

    [Fact]
    public void IsFree_TrueOnlyWhileAPermitIsDueNow()
    {
        var rateLimiter = WithRateLimit(1, 2);
        rateLimiter.Reserve();
        Assert.True(rateLimiter.IsFree);

        rateLimiter.Reserve();
        Assert.False(rateLimiter.IsFree);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(rateLimiter.IsFree);
    }

    [Fact]
    public void Hold_AfterItEnds_GivesOnePermitAtATimeAtTheConfiguredRate()
    {
        var rateLimiter = WithRateLimit(1, 3);
        var early = rateLimiter.Reserve();

        rateLimiter.CloseFor(TimeSpan.FromSeconds(7));

        Assert.True(rateLimiter.IsStale(early));
        Assert.Equal([7, 8, 9], Seconds(rateLimiter, 3));
        Assert.True(rateLimiter.Reserve().IsClosed);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.False(rateLimiter.Reserve().IsClosed);
    }

    [Fact]
    public void Hold_NoRateLimit_HoldsAndThenAllowsEverything()
    {
        var rateLimiter = WithRateLimit(0, 1);

        rateLimiter.CloseFor(TimeSpan.FromSeconds(7));

        Assert.Equal([7, 7, 7], Seconds(rateLimiter, 3));
    }

    [Fact]
    public void Hold_ShorterThanAnEarlierOne_KeepsTheLongerOne()
    {
        var rateLimiter = WithRateLimit(1, 1);

        rateLimiter.CloseFor(TimeSpan.FromSeconds(60));
        rateLimiter.CloseFor(TimeSpan.FromSeconds(1));

        Assert.Equal(60, Seconds(rateLimiter, 1)[0]);
    }

    [Fact]
    public void Limit_SeveralRates_UsesTheSlowest()
    {
        var rateLimiter = new RateLimiter("key", _clock);
        rateLimiter.Limit(new RateLimitOptions { PerSecond = 0 });
        rateLimiter.Limit(new RateLimitOptions { PerSecond = 4 });
        rateLimiter.Limit(new RateLimitOptions { PerSecond = 2 });
        rateLimiter.Limit(new RateLimitOptions { PerSecond = 0 });

        Assert.Equal(0.5, Gap(rateLimiter));
    }

    [Theory]
    [InlineData(2, 1, 2.5)]
    [InlineData(1, 1, 5)]
    [InlineData(0, 1, 0)]
    public void Configure_DuringADeficit_ConvertsItToTheNewRate(double perSecond, int burst, double nextDue)
    {
        var rateLimiter = WithRateLimit(1, 1);
        Seconds(rateLimiter, 5);

        rateLimiter.Configure([new RateLimitOptions { PerSecond = perSecond, Burst = burst }, new RateLimitOptions { PerSecond = 0 }]);

        Assert.Equal(nextDue, Seconds(rateLimiter, 1)[0]);
    }

    [Fact]
    public void Configure_DuringAHold_KeepsTheHold()
    {
        var rateLimiter = WithRateLimit(1, 1);
        rateLimiter.CloseFor(TimeSpan.FromSeconds(40));

        rateLimiter.Configure([new RateLimitOptions { PerSecond = 100 }]);

        Assert.Equal(40, Seconds(rateLimiter, 1)[0]);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(25, 15)]
    [InlineData(90, 0)]
    [InlineData(-9000, 40)]
    public void Load_AfterARestart_ContinuesWhateverTheWallClockDid(int passed, double seconds)
    {
        var before = WithRateLimit(1, 3);
        before.CloseFor(TimeSpan.FromSeconds(40));
        var saved = before.Save(Some.Moment)!;

        var after = new RateLimiter("key", _clock);
        after.Limit(new RateLimitOptions { PerSecond = 1, Burst = 3 });
        after.Load(saved, Some.Moment.AddSeconds(passed));

        Assert.Equal(seconds, Seconds(after, 1)[0]);
        Assert.True(after.Save(Some.Moment)!.Revision > saved.Revision);
    }

    [Fact]
    public void Save_OnlyTimeHasPassed_ReturnsTheStateOnce()
    {
        var rateLimiter = Fresh(rateLimiter => rateLimiter.Limit(new RateLimitOptions { PerSecond = 0 }));
        rateLimiter.Load(null, Some.Moment);
        Assert.Null(rateLimiter.Save(Some.Moment));

        rateLimiter.CloseFor(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), rateLimiter.Save(Some.Moment)!.ClosedFor);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(rateLimiter.Save(Some.Moment));

        rateLimiter.CloseFor(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.FromSeconds(6), rateLimiter.Save(Some.Moment)!.ClosedFor);
    }

    [Fact]
    public void Load_ASecondTime_ChangesNothing()
    {
        var rateLimiter = WithRateLimit(1, 1);
        rateLimiter.Load(null, Some.Moment);
        rateLimiter.CloseFor(TimeSpan.FromSeconds(5));

        rateLimiter.Load(new RateLimitState("key") { Revision = 9, SavedAt = Some.Moment }, Some.Moment);

        Assert.Equal(5, Seconds(rateLimiter, 1)[0]);
    }

    [Fact]
    public void Reserve_AnyTimesAndAnyRestarts_NeverExceedsRateAndBurst() =>
        Gen.Select(
            Gen.Double[0.1, 50], Gen.Int[1, 10], Gen.Select(Gen.Double[0, 3], Gen.Bool).Array[1, 60]).Sample((perSecond, burst, steps) =>
        {
            var time = new FakeTimeProvider(Some.Moment);
            var clock = new SteadyTime(time);
            RateLimiter New()
            {
                var made = new RateLimiter("key", clock);
                made.Limit(new RateLimitOptions { PerSecond = perSecond, Burst = burst });
                return made;
            }

            var rateLimiter = New();
            var sent = new List<TimeSpan>();
            foreach (var (gap, isRestart) in steps)
            {
                time.Advance(TimeSpan.FromSeconds(gap));
                var wait = rateLimiter.Reserve().DueAt - clock.Elapsed;
                if (wait > TimeSpan.Zero) time.Advance(wait);
                sent.Add(clock.Elapsed);
                if (!isRestart) continue;
                var saved = rateLimiter.Save(time.GetUtcNow());
                rateLimiter = New();
                rateLimiter.Load(saved, time.GetUtcNow());
            }

            // In every window of ten seconds: no more than what the rate gives and the burst.
            return sent.TrueForAll(
                from => sent.Count(at => at >= from && at < from + TimeSpan.FromSeconds(10)) <= (perSecond * 10) + burst + 1e-6);
        });

    private RateLimiter WithRateLimit(double perSecond, int burst) =>
        Fresh(rateLimiter => rateLimiter.Limit(new RateLimitOptions { PerSecond = perSecond, Burst = burst }));

    private RateLimiter Fresh(Action<RateLimiter> prepare)
    {
        var rateLimiter = new RateLimiter("key", _clock);
        prepare(rateLimiter);
        return rateLimiter;
    }

    private static List<double> Seconds(RateLimiter rateLimiter, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Round(rateLimiter.Reserve().DueAt.TotalSeconds, 6))];

    private static double Gap(RateLimiter rateLimiter)
    {
        var first = rateLimiter.Reserve().DueAt;
        return Math.Round((rateLimiter.Reserve().DueAt - first).TotalSeconds, 6);
    }
}
