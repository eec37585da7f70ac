using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Terminal;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("00:00:00.0300000", "30 ms")]
    [InlineData("-00:00:03", "0 ms")]
    [InlineData("00:00:01.5400000", "1.5 s")]
    [InlineData("00:00:59", "59 s")]
    [InlineData("00:02:05", "2 min 5 s")]
    [InlineData("03:00:59", "3 h")]
    [InlineData("2.05:00:00", "2 d 5 h")]
    public void Of_Duration_IsShort(string duration, string expected) => Assert.Equal(expected, TimeText.Of(TimeSpan.Parse(duration)));
}
