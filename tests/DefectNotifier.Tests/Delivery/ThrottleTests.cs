using CsCheck;
using DefectNotifier.Delivery;
using DefectNotifier.Outbox;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class ThrottleTests
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly SteadyTime _clock;

    public ThrottleTests() => _clock = new SteadyTime(_time);

    [Fact]
    public void Reserve_AfterACalm_LetsABurstGoAndThenOneAnInterval() =>
        Assert.Equal([0, 0, 0, 1, 2, 3], Seconds(Paced(1, 3), 6));

    [Fact]
    public void Reserve_PaceOff_NeverWaits() => Assert.All(Seconds(Paced(0, 1), 100), second => Assert.Equal(0, second));

    [Fact]
    public void Use_LaterThanDue_CountsFromThere()
    {
        var throttle = Paced(1, 1);
        throttle.Reserve();
        _time.Advance(TimeSpan.FromSeconds(0.7));

        throttle.Use();

        Assert.Equal(1.7, Seconds(throttle, 1)[0]);
    }

    [Fact]
    public void IsFree_OnlyWhileATurnIsDueAtOnce()
    {
        var throttle = Paced(1, 2);
        throttle.Reserve();
        Assert.True(throttle.IsFree);

        throttle.Reserve();
        Assert.False(throttle.IsFree);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(throttle.IsFree);
    }

    [Fact]
    public void SlowDown_HoldsEverybodyAndThenLetsThemGoOneByOneAtHalfThePace()
    {
        var throttle = Paced(1, 3);
        var early = throttle.Reserve();

        throttle.SlowDown(TimeSpan.FromSeconds(7));

        Assert.True(throttle.IsStale(early));
        Assert.Equal([7, 9, 11], Seconds(throttle, 3));
        Assert.Equal("rate-limited", throttle.Reserve().Reason);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal("pace", throttle.Reserve().Reason);
    }

    [Fact]
    public void SlowDown_PaceOff_HoldsAndThenLetsAllGo()
    {
        var throttle = Paced(0, 1);

        throttle.SlowDown(TimeSpan.FromSeconds(7));

        Assert.Equal([7, 7, 7], Seconds(throttle, 3));
    }

    [Fact]
    public void SlowDown_ShorterThanAnEarlierOne_LeavesThatStanding()
    {
        var throttle = Paced(1, 1);

        throttle.SlowDown(TimeSpan.FromSeconds(60));
        throttle.SlowDown(TimeSpan.FromSeconds(1));

        Assert.Equal(60, Seconds(throttle, 1)[0]);
    }

    [Fact]
    public void SlowDown_AgainAndAgain_StopsAtAnEighthOfThePaceAndCalmRestoresIt()
    {
        var throttle = Paced(1, 1);
        for (var i = 0; i < 9; i++) throttle.SlowDown(TimeSpan.FromSeconds(1));
        Assert.Equal(8, Gap(throttle));

        var gaps = new List<double>();
        for (var minute = 0; minute < 4; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            gaps.Add(Gap(throttle));
        }

        Assert.Equal([4, 2, 1, 1], gaps);
    }

    [Fact]
    public void Limit_SeveralPaces_TheSlowestCountsAndNoneIsTheFastest()
    {
        var throttle = new Throttle("key", _clock);
        throttle.Limit(new PaceOptions { PerSecond = 0 });
        throttle.Limit(new PaceOptions { PerSecond = 4 });
        throttle.Limit(new PaceOptions { PerSecond = 2 });
        throttle.Limit(new PaceOptions { PerSecond = 0 });

        Assert.Equal(0.5, Gap(throttle));
    }

    [Theory]
    [InlineData(2, 1, 2.5)]
    [InlineData(1, 1, 5)]
    [InlineData(0, 1, 0)]
    public void Pace_ChangedWhileSomeIsOwed_OwesItAtTheNewPace(double perSecond, int burst, double nextDue)
    {
        var throttle = Paced(1, 1);
        Seconds(throttle, 5);

        throttle.Pace([new PaceOptions { PerSecond = perSecond, Burst = burst }, new PaceOptions { PerSecond = 0 }]);

        Assert.Equal(nextDue, Seconds(throttle, 1)[0]);
    }

    [Fact]
    public void Pace_ChangedWhileTheChatWantsItSlow_IsHeldAsLong()
    {
        var throttle = Paced(1, 1);
        throttle.SlowDown(TimeSpan.FromSeconds(40));

        throttle.Pace([new PaceOptions { PerSecond = 100 }]);

        Assert.Equal(40, Seconds(throttle, 1)[0]);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(25, 15)]
    [InlineData(90, 0)]
    [InlineData(-9000, 40)]
    public void Load_AfterARestart_GoesOnWhereItWasWhateverTheClockDid(int passed, double seconds)
    {
        var before = Paced(1, 3);
        before.SlowDown(TimeSpan.FromSeconds(40));
        var saved = before.Save(Some.Moment)!;

        var after = new Throttle("key", _clock);
        after.Limit(new PaceOptions { PerSecond = 1, Burst = 3 });
        after.Load(saved, Some.Moment.AddSeconds(passed));

        Assert.Equal(seconds, Seconds(after, 1)[0]);
        Assert.True(after.Save(Some.Moment)!.Revision > saved.Revision);
    }

    [Fact]
    public void Save_NothingButTimeHasPassed_IsSavedOnce()
    {
        var throttle = Fresh(throttle => throttle.Limit(new PaceOptions { PerSecond = 0 }));
        throttle.Load(null, Some.Moment);
        Assert.Null(throttle.Save(Some.Moment));

        throttle.SlowDown(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), throttle.Save(Some.Moment)!.Hold);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(throttle.Save(Some.Moment));

        throttle.SlowDown(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.FromSeconds(6), throttle.Save(Some.Moment)!.Hold);
    }

    [Fact]
    public void Load_ASecondTime_ChangesNothing()
    {
        var throttle = Paced(1, 1);
        throttle.Load(null, Some.Moment);
        throttle.SlowDown(TimeSpan.FromSeconds(5));

        throttle.Load(new ThrottleState("key") { Revision = 9, SavedAt = Some.Moment }, Some.Moment);

        Assert.Equal(5, Seconds(throttle, 1)[0]);
    }

    [Fact]
    public void Reserve_AnyTimesOfAskingAndAnyRestarts_NeverExceedsRateAndBurst() =>
        Gen.Select(Gen.Double[0.1, 50], Gen.Int[1, 10], Gen.Select(Gen.Double[0, 3], Gen.Bool).Array[1, 60]).Sample((perSecond, burst, steps) =>
        {
            var time = new FakeTimeProvider(Some.Moment);
            var clock = new SteadyTime(time);
            Throttle New()
            {
                var made = new Throttle("key", clock);
                made.Limit(new PaceOptions { PerSecond = perSecond, Burst = burst });
                return made;
            }

            var throttle = New();
            var sent = new List<TimeSpan>();
            foreach (var (gap, isRestart) in steps)
            {
                time.Advance(TimeSpan.FromSeconds(gap));
                var wait = throttle.Reserve().DueAt - clock.Elapsed;
                if (wait > TimeSpan.Zero) time.Advance(wait);
                sent.Add(clock.Elapsed);
                if (!isRestart) continue;
                var saved = throttle.Save(time.GetUtcNow());
                throttle = New();
                throttle.Load(saved, time.GetUtcNow());
            }

            // In every window of ten seconds: no more than what the rate gives and the burst.
            return sent.TrueForAll(from => sent.Count(at => at >= from && at < from + TimeSpan.FromSeconds(10)) <= (perSecond * 10) + burst + 1e-6);
        });

    private Throttle Paced(double perSecond, int burst) => Fresh(throttle => throttle.Limit(new PaceOptions { PerSecond = perSecond, Burst = burst }));

    private Throttle Fresh(Action<Throttle> prepare)
    {
        var throttle = new Throttle("key", _clock);
        prepare(throttle);
        return throttle;
    }

    private static List<double> Seconds(Throttle throttle, int count) => [.. Enumerable.Range(0, count).Select(_ => Math.Round(throttle.Reserve().DueAt.TotalSeconds, 6))];

    private static double Gap(Throttle throttle)
    {
        var first = throttle.Reserve().DueAt;
        return Math.Round((throttle.Reserve().DueAt - first).TotalSeconds, 6);
    }
}
