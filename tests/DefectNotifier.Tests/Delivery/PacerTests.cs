using CsCheck;
using DefectNotifier.Delivery;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class PacerTests
{
    private static readonly DateTimeOffset Start = Some.Moment;

    [Fact]
    public void DueAt_AfterACalm_LetsABurstGoAndThenOneAnInterval()
    {
        var pacer = new Pacer(new PaceOptions { PerSecond = 1, Burst = 3 });

        Assert.Equal([0, 0, 0, 1, 2, 3], SendSeconds(pacer, 6));
    }

    [Fact]
    public void DueAt_PaceOff_NeverWaits() => Assert.All(SendSeconds(new Pacer(new PaceOptions { PerSecond = 0 }), 100), second => Assert.Equal(0, second));

    [Fact]
    public void DueAt_ClockSetBack_WaitsNoLongerThanOneBurst()
    {
        var pacer = new Pacer(new PaceOptions { PerSecond = 1, Burst = 3 });
        var fullAt = pacer.Take(pacer.Take(null, Start), Start);

        var due = pacer.DueAt(fullAt, Start.AddDays(-1));

        Assert.InRange(due, Start.AddDays(-1), Start.AddDays(-1).AddSeconds(3));
    }

    [Fact]
    public void Take_AnyTimesOfAsking_NeverExceedsRateAndBurst() =>
        Gen.Select(Gen.Double[0.1, 50], Gen.Int[1, 10], Gen.Double[0, 3].Array[1, 60]).Sample((perSecond, burst, gaps) =>
        {
            var pacer = new Pacer(new PaceOptions { PerSecond = perSecond, Burst = burst });
            var sent = new List<DateTimeOffset>();
            DateTimeOffset? fullAt = null;
            var now = Start;
            foreach (var gap in gaps)
            {
                now = now.AddSeconds(gap);
                var due = pacer.DueAt(fullAt, now);
                if (due > now) now = due;
                fullAt = pacer.Take(fullAt, now);
                sent.Add(now);
            }

            // In every window of ten seconds: no more than what the rate gives and the burst.
            return sent.TrueForAll(from => sent.Count(at => at >= from && at < from.AddSeconds(10)) <= (perSecond * 10) + burst + 1e-6);
        });

    private static List<double> SendSeconds(Pacer pacer, int count)
    {
        var seconds = new List<double>();
        DateTimeOffset? fullAt = null;
        var now = Start;
        for (var i = 0; i < count; i++)
        {
            var due = pacer.DueAt(fullAt, now);
            if (due > now) now = due;
            fullAt = pacer.Take(fullAt, now);
            seconds.Add((now - Start).TotalSeconds);
        }

        return seconds;
    }
}
