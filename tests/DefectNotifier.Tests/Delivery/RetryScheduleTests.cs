using CsCheck;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Tests.Delivery;

public sealed class RetryScheduleTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Delay_WithoutJitter_DoublesUpToTheMaximum(int failures, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.Delay(First, Longest, failures, random: 0));

    [Fact]
    public void Delay_AnyJitter_AddsAtMostAQuarter() => Gen.Select(Gen.Int[1, 100], Gen.Double[0, 1]).Sample((failures, chance) =>
    {
        var least = RetrySchedule.Delay(First, Longest, failures, random: 0);
        var delay = RetrySchedule.Delay(First, Longest, failures, chance);
        return delay >= least && delay <= least * 1.2500001;
    });
}
