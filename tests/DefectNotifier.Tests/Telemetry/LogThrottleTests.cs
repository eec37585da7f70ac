using DefectNotifier.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Telemetry;

/// <summary>One line per interval and key.</summary>
public sealed class LogThrottleTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LogThrottle _throttle;

    public LogThrottleTests() => _throttle = new LogThrottle(_time, Hour);

    [Fact]
    public void ShouldLog_SameKey_OncePerInterval()
    {
        Assert.True(_throttle.ShouldLog("WEB"));
        _time.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.False(_throttle.ShouldLog("web"));
        Assert.True(_throttle.ShouldLog("SHOP"));

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.True(_throttle.ShouldLog("WEB"));
        Assert.False(_throttle.ShouldLog("SHOP"));
    }

    [Fact]
    public void ShouldLog_TooManyKeys_LogsNoFurtherOnesUntilTheIntervalEnds()
    {
        for (var i = 0; i < LogThrottle.MaxKeys; i++) Assert.True(_throttle.ShouldLog($"P{i}"));
        Assert.False(_throttle.ShouldLog("OTHER"));

        _time.Advance(Hour);

        Assert.True(_throttle.ShouldLog("OTHER"));
        Assert.True(_throttle.ShouldLog("P1"));
    }
}
