using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Values;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("00:00:00", "less than a minute")]
    [InlineData("00:00:59", "less than a minute")]
    [InlineData("00:01:00", "1 min")]
    [InlineData("00:59:59", "59 min")]
    [InlineData("01:00:30", "1 h")]
    [InlineData("03:05:00", "3 h 5 min")]
    [InlineData("1.00:59:00", "1 d")]
    [InlineData("2.04:00:00", "2 d 4 h")]
    [InlineData("400.23:00:00", "400 d 23 h")]
    public void Duration_AnyDuration_IsItsTwoLargestUnits(string duration, string text) =>
        Assert.Equal(text, TimeText.Duration(TimeSpan.Parse(duration)));
}
