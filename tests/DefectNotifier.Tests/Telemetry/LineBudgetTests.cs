using DefectNotifier.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Telemetry;

/// <summary>A few lines per second, and one sum for the rest of it.</summary>
public sealed class LineBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<LineSum> _sums = [];
    private readonly LineBudget _budget;

    public LineBudgetTests() => _budget = new LineBudget(_time, _sums.Add);

    [Fact]
    public void TryTake_FewPerSecond_EachHasALine()
    {
        for (var second = 0; second < 3; second++)
        {
            Assert.Equal(LineBudget.SinglesPerSecond, Take(LineBudget.SinglesPerSecond));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(_sums);
    }

    [Fact]
    public void TryTake_MoreInOneSecond_AreSummedWhenItEnds()
    {
        Assert.Equal(LineBudget.SinglesPerSecond, Take(1000));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(_sums);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new LineSum(990, 1980, TimeSpan.FromMilliseconds(999)), Assert.Single(_sums));
    }

    [Fact]
    public void TryTake_SteadyLoad_HasOneSumPerSecond()
    {
        var singles = 0;
        for (var i = 0; i < 10_000; i++)
        {
            singles += Take(1);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(10 * LineBudget.SinglesPerSecond, singles);
        Assert.Equal(10, _sums.Count);
        Assert.Equal(10_000, singles + _sums.Sum(sum => sum.Count));
    }

    [Fact]
    public void TryTake_AfterAPause_StartsANewSecond()
    {
        Take(LineBudget.SinglesPerSecond + 1);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, Take(1));
        Assert.Equal(1, Assert.Single(_sums).Count);
    }

    [Fact]
    public void Flush_BeforeTheEndOfTheSecond_LogsTheSumOnce()
    {
        Take(LineBudget.SinglesPerSecond + 5);

        _budget.Flush();
        _budget.Flush();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(5, Assert.Single(_sums).Count);
    }

    [Fact]
    public void TryTake_Summed_AllocatesNothing()
    {
        Take(LineBudget.SinglesPerSecond + 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) _budget.TryTake(TimeSpan.FromMilliseconds(i));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // The number of those that had a line of their own.
    private int Take(int count) => Enumerable.Range(0, count).Count(i => _budget.TryTake(TimeSpan.FromMilliseconds(i), parts: 2));
}
